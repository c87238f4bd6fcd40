import Addresses
import PXEWire

/// One thing that happened on the wire, as a person would note it.
public struct WireEvent: Hashable, Sendable {
  /// What happened.
  public let kind: Kind
  /// When the frame that completed it was captured.
  public let time: Timestamp
  /// The number of that frame in the capture; 0 for what time alone brought about.
  public let frame: Int
  /// The client that it concerns.
  public let mac: MACAddress
  /// The VLAN that the frame was tagged with; `nil` for an untagged frame.
  public let vlan: VLANID?
  /// One line for people.
  public let text: String
  /// The fields of a DHCP event.
  public let dhcp: DHCPDetail?
  /// The fields of a TFTP event.
  public let tftp: TFTPDetail?

  /// The kinds of event.
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    case dhcpDiscover, dhcpOffer, dhcpRequest, dhcpAck, dhcpNak, dhcpInform, dhcpDecline
    case dhcpRelease
    /// A client asked for a file's size and, having it, gave the transfer up: normal.
    case tftpSize
    case tftpRequest
    /// A whole percent more has arrived; for displays, not for a timeline.
    case tftpProgress
    case tftpComplete
    /// The client ended a transfer that had begun to deliver.
    case tftpAborted
    case tftpError
    case tftpStalled
    case arpUnanswered
    case icmpUnreachable
    /// A DHCP message that does not decode.
    case malformed
  }

  /// Whether the event belongs in a timeline; progress does not.
  public var isMilestone: Bool { kind != .tftpProgress }
}

extension WireEvent: Codable {}

extension WireEvent {
  /// What a DHCP message says, as far as it matters for booting.
  public struct DHCPDetail: Codable, Hashable, Sendable {
    /// The transaction ID.
    public var xid: UInt32
    /// Option 93, from a client.
    public var architecture: ClientArchitecture?
    /// Option 60.
    public var vendorClass: String?
    /// Option 77, from a client.
    public var userClasses: [String]?
    /// Option 50, from a client.
    public var requestedAddress: IPv4Address?
    /// Option 54.
    public var server: IPv4Address?
    /// The sender of a reply on this segment.
    public var serverMAC: MACAddress?
    /// `yiaddr` of a reply; `nil` when it gives none.
    public var address: IPv4Address?
    /// `siaddr`; `nil` when it is 0.0.0.0.
    public var nextServer: IPv4Address?
    /// The `file` field or option 67.
    public var bootFile: String?
    /// Option 56.
    public var message: String?
  }

  /// How a TFTP transfer stands.
  public struct TFTPDetail: Codable, Hashable, Sendable {
    /// The file's name as asked for.
    public var file: String
    /// The server asked.
    public var server: IPAddress
    /// Bytes received so far.
    public var bytes: Int
    /// The file's size in bytes, if the server said it (option tsize).
    public var size: Int?
    /// Bytes in a block.
    public var blockSize: Int
    /// Seconds since the request.
    public var seconds: Double
    /// The code of an ERROR packet.
    public var errorCode: TFTPErrorCode?
    /// The text of an ERROR packet.
    public var errorMessage: String?

    /// How much of the file has arrived, 0 to 100; `nil` when the size is not known.
    public var percent: Int? {
      guard let size, size > 0 else { return nil }
      return min(100, bytes * 100 / size)
    }
  }
}
