import Addresses
import PXEWire

/// The DHCPv6 messages of one client with one transaction ID on one VLAN (RFC 8415). SOLICIT and
/// REQUEST of one client have different transaction IDs.
public struct DHCPv6Exchange: Codable, Hashable, Sendable {
  /// The transaction ID, 24 bits.
  public let transactionID: UInt32
  /// The VLAN it was seen on; `nil` for untagged.
  public internal(set) var vlan: VLANID?
  /// When its first message was seen.
  public let started: Timestamp
  /// The client's DUID in hexadecimal.
  public internal(set) var clientDUID: String?
  /// Option 61 (RFC 5970), the first of them.
  public internal(set) var architecture: ClientArchitecture?
  /// Option 16: the first class, `PXEClient:Arch:00007:UNDI:003010`.
  public internal(set) var vendorClass: String?
  /// Option 15; empty without it.
  public internal(set) var userClasses: [String] = []
  /// Whether the client is iPXE.
  public internal(set) var isIPXE: Bool = false
  /// Option 6: the options that the client wants.
  public internal(set) var requestedOptions: [UInt16] = []
  /// The largest elapsed time that the client states (option 8), in hundredths of a second.
  public internal(set) var elapsed: Int = 0
  /// Relay agents (link-address) that passed its messages on, in the order seen.
  public internal(set) var relays: [IPv6Address] = []
  /// The client's messages, relayed copies included: the first 64.
  public internal(set) var clientMessages: [ClientMessage] = []
  /// SOLICITs, retransmissions included; relayed copies only where no other was seen.
  public internal(set) var solicits: Int = 0
  /// REQUESTs, counted likewise.
  public internal(set) var requests: Int = 0
  /// INFORMATION-REQUESTs, counted likewise.
  public internal(set) var informationRequests: Int = 0
  /// Every ADVERTISE, up to 64.
  public internal(set) var advertises: [Reply] = []
  /// Every REPLY, up to 64.
  public internal(set) var replies: [Reply] = []

  /// Messages seen from the client itself and through relays, by type.
  var direct: [UInt8: Int] = [:]
  var relayed: [UInt8: Int] = [:]

  /// A message from the client.
  public struct ClientMessage: Codable, Hashable, Sendable {
    /// Where it is in the capture.
    public let packet: PacketReference
    /// The type in capitals: `SOLICIT`, `REQUEST`, `RENEW`, `INFORMATION-REQUEST`.
    public let type: String
    /// The link-address of the relay agent that passed it on; `nil` for the client's own frame.
    public let relay: IPv6Address?
    /// What its UDP checksum says.
    public let checksum: UDPDatagram.Checksum
  }

  /// A server's message.
  public struct Reply: Codable, Hashable, Sendable {
    /// When it was seen.
    public let time: Timestamp
    /// Its number in the capture.
    public let frame: Int
    /// The server's DUID in hexadecimal; `nil` when it sends none, which RFC 8415 forbids.
    public let serverDUID: String?
    /// Who sent it on this segment.
    public internal(set) var serverMAC: MACAddress
    /// The packet's source address.
    public let source: IPv6Address
    /// The addresses given (IA_NA and IA_TA).
    public let addresses: [IPv6Address]
    /// The first status code that is no success: of the message, of an IA or of an address.
    public let status: DHCPv6StatusCode?
    /// The text of that status.
    public let statusMessage: String?
    /// Option 59 (RFC 5970): `tftp://[2001:db8::1]/bootx64.efi`.
    public let bootFileURL: String?
    /// Option 60: the boot program's parameters.
    public let bootFileParameters: [String]
    /// Option 23.
    public let domainNameServers: [IPv6Address]
    /// Option 16: the first class; an HTTP boot server says `HTTPClient`.
    public let vendorClass: String?
    /// Whether it goes to a relay agent and was not seen on its way to the client.
    public internal(set) var isToRelay: Bool
    /// What its UDP checksum says.
    public internal(set) var checksum: UDPDatagram.Checksum

    /// Whether the UDP checksum is wrong, so that the client drops it.
    public var hasBadChecksum: Bool { checksum == .invalid || checksum == .partial }
    /// Where it is in the capture.
    public var packet: PacketReference { PacketReference(frame: frame, time: time) }
  }

  private enum CodingKeys: String, CodingKey {
    case transactionID, vlan, started, clientDUID, architecture, vendorClass, userClasses, isIPXE
    case requestedOptions, elapsed, relays, clientMessages, solicits, requests
    case informationRequests, advertises, replies
  }

  /// Whether no server answered.
  public var isUnanswered: Bool { advertises.isEmpty && replies.isEmpty }

  init(transactionID: UInt32, vlan: VLANID?, started: Timestamp) {
    self.transactionID = transactionID
    self.vlan = vlan
    self.started = started
  }
}
