import Addresses
import PXEWire

extension DHCPExchange {
  /// A server's message.
  public struct Reply: Codable, Hashable, Sendable {
    /// When it was seen.
    public let time: Timestamp
    /// Its number in the capture.
    public let frame: Int
    /// Option 54, or the packet's source address where that is missing.
    public let server: IPv4Address
    /// Who sent it on this segment: behind a relay agent, the relay.
    public internal(set) var serverMAC: MACAddress
    /// The packet's source address.
    public let source: IPv4Address
    /// The packet's destination address.
    public let destination: IPv4Address
    /// The address given; `nil` from a proxyDHCP server, which gives none.
    public let address: IPv4Address?
    /// Where the boot file is: `siaddr`, else the server itself.
    public let bootServer: IPv4Address
    /// `siaddr`; `nil` when it is 0.0.0.0.
    public let nextServer: IPv4Address?
    /// Option 66, a name or an address as text.
    public let tftpServerName: String?
    /// The boot file's name: the `file` field, else option 67. An octet that is no UTF-8, such as a
    /// trailing 0xff, reads as U+FFFD.
    public let bootFile: String?
    /// Whether `bootFile` comes from the `file` field and not from option 67.
    public let bootFileIsInField: Bool
    /// Option 60; a PXE server says `PXEClient`, an HTTP boot server `HTTPClient`.
    public let vendorClass: String?
    /// Option 56: why.
    public let message: String?
    /// Option 51, in seconds.
    public let leaseTime: UInt32?
    /// Option 1.
    public let subnetMask: IPv4Address?
    /// Option 3.
    public let routers: [IPv4Address]
    /// Option 6.
    public let domainNameServers: [IPv4Address]
    /// Option 43, sub-option 6: discovery control; `nil` without it.
    public let discoveryControl: UInt8?
    /// Option 43, sub-option 8: the addresses of boot servers of every type.
    public let bootServerList: [IPv4Address]
    /// Option 43, sub-option 9: whether there is a boot menu.
    public let hasBootMenu: Bool
    /// `giaddr`; `nil` without a relay agent.
    public let relay: IPv4Address?
    /// Whether it goes to a relay agent (port 67) and was not seen on its way to the client.
    public internal(set) var isToRelay: Bool
    /// What its UDP checksum says.
    public internal(set) var checksum: UDPDatagram.Checksum

    /// Whether the UDP checksum is wrong, so that the client drops it.
    public var hasBadChecksum: Bool { checksum == .invalid || checksum == .partial }
    /// Whether it is a proxyDHCP server's: a PXE server without an address to give.
    public var isProxy: Bool { address == nil && vendorClass?.hasPrefix("PXEClient") == true }
    /// Where it is in the capture.
    public var packet: PacketReference { PacketReference(frame: frame, time: time) }
  }
}
