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
  /// The fields of a DHCPv6 event.
  public let dhcpv6: DHCPv6Detail?
  /// The fields of a TFTP event.
  public let tftp: TFTPDetail?
  /// The fields of an HTTP event.
  public let http: HTTPDetail?

  /// The kinds of event.
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    case dhcpDiscover, dhcpOffer, dhcpRequest, dhcpAck, dhcpNak, dhcpInform, dhcpDecline
    case dhcpRelease
    /// A client asks a boot server on port 4011, or the server answers.
    case bootServerRequest, bootServerAck
    /// A BOOTP message without a DHCP message type.
    case bootpRequest, bootpReply
    case dhcpv6Solicit, dhcpv6Advertise, dhcpv6Request, dhcpv6Reply, dhcpv6InformationRequest
    /// Another DHCPv6 message of a client: it renews, releases, declines or confirms.
    case dhcpv6Other
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
    case httpRequest
    /// A whole percent more has arrived; for displays, not for a timeline.
    case httpProgress
    case httpComplete
    /// The server answered with a status of 400 or above.
    case httpError
    /// The connection ended before the response was whole.
    case httpAborted
    case httpStalled
    /// A server does not answer a SYN, or answers with a reset.
    case connectionUnanswered, connectionRefused
    /// A TLS handshake came to its end, and the client sends data.
    case tlsEstablished
    /// A TLS handshake ended with an alert.
    case tlsAlert
    /// The client broke off a TLS handshake without an alert.
    case tlsAborted
    case arpUnanswered
    case neighborUnanswered
    /// The name of a boot server has no address, or no answer came.
    case nameUnresolved
    case icmpUnreachable
    /// Not all fragments of a datagram came.
    case fragmentsMissing
    /// A DHCP message that does not decode.
    case malformed
  }

  /// Whether the event belongs in a timeline; progress does not.
  public var isMilestone: Bool { kind != .tftpProgress && kind != .httpProgress }

  /// The text, and where it does not tell whose it is, the client: `DISCOVER de:00:00:00:00:de vlan
  /// 100 arch 7 (x64 UEFI)`. For the events of many clients in one list.
  public var line: String {
    switch kind {
    case .dhcpDiscover, .dhcpv6Solicit, .dhcpInform, .dhcpDecline, .dhcpRelease, .bootpRequest,
      .dhcpv6InformationRequest:
      let verb = text.prefix { $0 != " " }
      return "\(verb) \(mac)\(text.dropFirst(verb.count))"
    default:
      return text
    }
  }

  init(
    kind: Kind, time: Timestamp, frame: Int, mac: MACAddress, vlan: VLANID?, text: String,
    dhcp: DHCPDetail? = nil, dhcpv6: DHCPv6Detail? = nil, tftp: TFTPDetail? = nil,
    http: HTTPDetail? = nil
  ) {
    self.kind = kind
    self.time = time
    self.frame = frame
    self.mac = mac
    self.vlan = vlan
    self.text = text
    self.dhcp = dhcp
    self.dhcpv6 = dhcpv6
    self.tftp = tftp
    self.http = http
  }
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

  /// What a DHCPv6 message says, as far as it matters for booting.
  public struct DHCPv6Detail: Codable, Hashable, Sendable {
    /// The transaction ID.
    public var transactionID: UInt32
    /// Option 61, from a client.
    public var architecture: ClientArchitecture?
    /// Option 16: the first class.
    public var vendorClass: String?
    /// Option 15, from a client.
    public var userClasses: [String]?
    /// The server's address.
    public var server: IPv6Address?
    /// The addresses asked for or given.
    public var addresses: [IPv6Address]
    /// Option 59.
    public var bootFileURL: String?
    /// The first status that is no success.
    public var status: DHCPv6StatusCode?
  }

  /// How an HTTP transfer stands.
  public struct HTTPDetail: Codable, Hashable, Sendable {
    /// The URL as far as it was seen.
    public var url: String
    /// The server's address.
    public var server: IPAddress
    /// The server's port.
    public var port: UInt16
    /// The request's method; `nil` without a request.
    public var method: String?
    /// The response's status code.
    public var status: Int?
    /// Bytes of the body received so far.
    public var bytes: Int
    /// The body's length in bytes, if the server said it.
    public var size: Int?
    /// Seconds since the connection or request began.
    public var seconds: Double

    /// How much of the body has arrived, 0 to 100; `nil` when its length is not known.
    public var percent: Int? {
      guard let size, size > 0 else { return nil }
      return min(100, bytes * 100 / size)
    }
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
