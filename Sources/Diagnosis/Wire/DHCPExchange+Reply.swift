import Addresses
import PXEWire

extension DHCPExchange {
  /// A server's message.
  package struct Reply: Codable, Hashable, Sendable {
    /// When it was seen.
    package let time: Timestamp
    /// Its number in the capture.
    package let frame: Int
    /// Option 54, or the packet's source address where that is missing.
    package let server: IPv4Address
    /// Option 54; `nil` where it is missing or has no address in it.
    package let serverIdentifier: IPv4Address?
    /// Whether it has a DHCP message type (option 53); BOOTP has none (RFC 2132 section 9.6).
    package let hasMessageType: Bool
    /// Who sent it on this segment: behind a relay agent, the relay.
    package internal(set) var serverMAC: MACAddress
    /// The packet's source address.
    package internal(set) var source: IPv4Address
    /// The packet's destination address.
    package internal(set) var destination: IPv4Address
    /// Whom the frame is for on this segment.
    package internal(set) var destinationMAC: MACAddress
    /// The UDP port that it comes from, 67.
    package internal(set) var sourcePort: UInt16
    /// The UDP port that it goes to: 68, or 67 of a relay agent.
    package internal(set) var destinationPort: UInt16
    /// The address given; `nil` from a proxyDHCP server, which gives none.
    package let address: IPv4Address?
    /// Where the boot file is: `siaddr`, else the server itself.
    package let bootServer: IPv4Address
    /// `siaddr`; `nil` when it is 0.0.0.0.
    package let nextServer: IPv4Address?
    /// Option 66, a name or an address as text.
    package let tftpServerName: String?
    /// The boot file's name: the `file` field, else option 67. An octet that is no UTF-8, such as a
    /// trailing 0xff, reads as U+FFFD.
    package let bootFile: String?
    /// Whether `bootFile` comes from the `file` field and not from option 67.
    package let bootFileIsInField: Bool
    /// What stands in the `file` field and is not read, since option 52 says that options stand there.
    package let overloadedFileName: String?
    /// What stands in the `sname` field and is not read, since option 52 says that options stand there.
    package let overloadedServerName: String?
    /// Option 17: where the client's root file system, or its disk, is.
    package let rootPath: String?
    /// Option 60; a PXE server says `PXEClient`, an HTTP boot server `HTTPClient`.
    package let vendorClass: String?
    /// Option 56: why.
    package let message: String?
    /// Option 51, in seconds.
    package let leaseTime: UInt32?
    /// Option 1.
    package let subnetMask: IPv4Address?
    /// Option 3.
    package let routers: [IPv4Address]
    /// Option 6.
    package let domainNameServers: [IPv4Address]
    /// Option 43, sub-option 6: discovery control; `nil` without it.
    package let discoveryControl: UInt8?
    /// Option 43, sub-option 8: the addresses of boot servers of every type.
    package let bootServerList: [IPv4Address]
    /// Option 43, sub-option 9: whether there is a boot menu.
    package let hasBootMenu: Bool
    /// Option 43, sub-option 10: the text of the menu's prompt.
    package let menuPrompt: String?
    /// Whether option 43 has the words "Raspberry Pi Boot", which that machine's firmware looks for.
    package let namesRaspberryPi: Bool
    /// The words of option 43 or 250 that speak of a pending approval, wherever they stand in it.
    package let notice: String?
    /// Option 250: what Windows Deployment Services tells its boot program.
    package let deployment: WindowsDeploymentOptions?
    /// `giaddr`; `nil` without a relay agent.
    package let relay: IPv4Address?
    /// Whether it goes to a relay agent (port 67) and was not seen on its way to the client.
    package internal(set) var isToRelay: Bool
    /// Whether the capture cut its options off, so that those that are not there say nothing.
    package let lacksOptions: Bool
    /// What its UDP checksum says.
    package internal(set) var checksum: UDPDatagram.Checksum

    /// Whether the UDP checksum is wrong, so that the client drops it.
    package var hasBadChecksum: Bool { checksum == .invalid || checksum == .partial }
    /// Whether it is a proxyDHCP server's: a PXE server without an address to give.
    package var isProxy: Bool { address == nil && vendorClass?.hasPrefix("PXEClient") == true }
    /// Where it is in the capture.
    package var packet: PacketReference { PacketReference(frame: frame, time: time) }
  }
}
