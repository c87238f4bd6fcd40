import Addresses
import PXEWire

/// The DHCPv6 messages of one client with one transaction ID on one VLAN (RFC 8415). SOLICIT and
/// REQUEST of one client have different transaction IDs.
package struct DHCPv6Exchange: Codable, Hashable, Sendable {
  /// The transaction ID, 24 bits.
  package let transactionID: UInt32
  /// The VLAN it was seen on; `nil` for untagged.
  package internal(set) var vlan: VLANID?
  /// When its first message was seen.
  package let started: Timestamp
  /// The client's DUID in hexadecimal.
  package internal(set) var clientDUID: String?
  /// Option 61 (RFC 5970), the first of them.
  package internal(set) var architecture: ClientArchitecture?
  /// Option 16: the first class, `PXEClient:Arch:00007:UNDI:003010`.
  package internal(set) var vendorClass: String?
  /// Option 15; empty without it.
  package internal(set) var userClasses: [String] = []
  /// Whether the client is iPXE.
  package internal(set) var isIPXE: Bool = false
  /// Option 6: the options that the client wants.
  package internal(set) var requestedOptions: [UInt16] = []
  /// The largest elapsed time that the client states (option 8), in hundredths of a second.
  package internal(set) var elapsed: Int = 0
  /// Relay agents (link-address) that passed its messages on, in the order seen.
  package internal(set) var relays: [IPv6Address] = []
  /// The client's messages, relayed copies included: the first 64.
  package internal(set) var clientMessages: [ClientMessage] = []
  /// SOLICITs, retransmissions included; relayed copies only where no other was seen.
  package internal(set) var solicits: Int = 0
  /// REQUESTs, counted likewise.
  package internal(set) var requests: Int = 0
  /// INFORMATION-REQUESTs, counted likewise.
  package internal(set) var informationRequests: Int = 0
  /// Every ADVERTISE, up to 64.
  package internal(set) var advertises: [Reply] = []
  /// Every REPLY, up to 64.
  package internal(set) var replies: [Reply] = []

  /// Messages seen from the client itself and through relays, by type.
  var direct: [UInt8: Int] = [:]
  var relayed: [UInt8: Int] = [:]
  /// Whether its frames were also captured without the tag of its VLAN.
  var isAlsoUntagged = false

  /// A message from the client.
  package struct ClientMessage: Codable, Hashable, Sendable {
    /// Where it is in the capture.
    package let packet: PacketReference
    /// The type in capitals: `SOLICIT`, `REQUEST`, `RENEW`, `INFORMATION-REQUEST`.
    package let type: String
    /// The link-address of the relay agent that passed it on; `nil` for the client's own frame.
    package let relay: IPv6Address?
    /// What its UDP checksum says.
    package let checksum: UDPDatagram.Checksum
  }

  /// A server's message.
  package struct Reply: Codable, Hashable, Sendable {
    /// When it was seen.
    package let time: Timestamp
    /// Its number in the capture.
    package let frame: Int
    /// The server's DUID in hexadecimal; `nil` when it sends none, which RFC 8415 forbids.
    package let serverDUID: String?
    /// Who sent it on this segment.
    package internal(set) var serverMAC: MACAddress
    /// The packet's source address.
    package let source: IPv6Address
    /// The addresses given (IA_NA and IA_TA).
    package let addresses: [IPv6Address]
    /// The first status code that is no success: of the message, of an IA or of an address.
    package let status: DHCPv6StatusCode?
    /// The text of that status.
    package let statusMessage: String?
    /// Option 59 (RFC 5970): `tftp://[2001:db8::1]/bootx64.efi`.
    package let bootFileURL: String?
    /// Option 60: the boot program's parameters.
    package let bootFileParameters: [String]
    /// Option 23.
    package let domainNameServers: [IPv6Address]
    /// Option 16: the first class; an HTTP boot server says `HTTPClient`.
    package let vendorClass: String?
    /// Whether it goes to a relay agent and was not seen on its way to the client.
    package internal(set) var isToRelay: Bool
    /// What its UDP checksum says.
    package internal(set) var checksum: UDPDatagram.Checksum

    /// Whether the UDP checksum is wrong, so that the client drops it.
    package var hasBadChecksum: Bool { checksum == .invalid || checksum == .partial }
    /// Where it is in the capture.
    package var packet: PacketReference { PacketReference(frame: frame, time: time) }
  }

  private enum CodingKeys: String, CodingKey {
    case transactionID, vlan, started, clientDUID, architecture, vendorClass, userClasses, isIPXE
    case requestedOptions, elapsed, relays, clientMessages, solicits, requests
    case informationRequests, advertises, replies
  }

  /// Whether no server answered.
  package var isUnanswered: Bool { advertises.isEmpty && replies.isEmpty }

  init(transactionID: UInt32, vlan: VLANID?, started: Timestamp) {
    self.transactionID = transactionID
    self.vlan = vlan
    self.started = started
  }
}
