import Addresses
import PXEWire

/// One thing that happened on the wire, as a person would note it.
package struct WireEvent: Hashable, Sendable {
  /// What happened.
  package let kind: Kind
  /// When the frame that completed it was captured.
  package let time: Timestamp
  /// The number of that frame in the capture; 0 for what time alone brought about.
  package let frame: Int
  /// The client that it concerns.
  package let mac: MACAddress
  /// The VLAN that the frame was tagged with; `nil` for an untagged frame.
  package let vlan: VLANID?
  /// One line for people.
  package internal(set) var text: String
  /// The fields of a DHCP event.
  package let dhcp: DHCPDetail?
  /// The fields of a DHCPv6 event.
  package let dhcpv6: DHCPv6Detail?
  /// The fields of a TFTP event.
  package let tftp: TFTPDetail?
  /// The fields of an HTTP event.
  package let http: HTTPDetail?

  /// The kinds of event.
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
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
  package var isMilestone: Bool { kind != .tftpProgress && kind != .httpProgress }

  /// The text, and where it does not tell whose it is, the client: `DISCOVER de:00:00:00:00:de vlan
  /// 100 arch 7 (x64 UEFI)`. For the events of many clients in one list.
  package var line: String {
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
  package struct DHCPDetail: Codable, Hashable, Sendable {
    /// The transaction ID.
    package var xid: UInt32
    /// Option 93, from a client.
    package var architecture: ClientArchitecture?
    /// Option 60.
    package var vendorClass: String?
    /// Option 77, from a client.
    package var userClasses: [String]?
    /// Option 50, from a client.
    package var requestedAddress: IPv4Address?
    /// Option 54.
    package var server: IPv4Address?
    /// The sender of a reply on this segment.
    package var serverMAC: MACAddress?
    /// `yiaddr` of a reply; `nil` when it gives none.
    package var address: IPv4Address?
    /// `siaddr`; `nil` when it is 0.0.0.0.
    package var nextServer: IPv4Address?
    /// The `file` field or option 67.
    package var bootFile: String?
    /// Option 56.
    package var message: String?
  }

  /// What a DHCPv6 message says, as far as it matters for booting.
  package struct DHCPv6Detail: Codable, Hashable, Sendable {
    /// The transaction ID.
    package var transactionID: UInt32
    /// Option 61, from a client.
    package var architecture: ClientArchitecture?
    /// Option 16: the first class.
    package var vendorClass: String?
    /// Option 15, from a client.
    package var userClasses: [String]?
    /// The server's address.
    package var server: IPv6Address?
    /// The addresses asked for or given.
    package var addresses: [IPv6Address]
    /// Option 59.
    package var bootFileURL: String?
    /// The first status that is no success.
    package var status: DHCPv6StatusCode?
  }

  /// How an HTTP transfer stands.
  package struct HTTPDetail: Codable, Hashable, Sendable {
    /// The URL as far as it was seen.
    package var url: String
    /// The server's address.
    package var server: IPAddress
    /// The server's port.
    package var port: UInt16
    /// The request's method; `nil` without a request.
    package var method: String?
    /// The response's status code.
    package var status: Int?
    /// Bytes of the body received so far.
    package var bytes: Int
    /// The body's length in bytes, if the server said it.
    package var size: Int?
    /// Seconds since the connection or request began.
    package var seconds: Double

    /// How much of the body has arrived, 0 to 100; `nil` when its length is not known.
    package var percent: Int? {
      guard let size, size > 0 else { return nil }
      return min(100, bytes * 100 / size)
    }
  }

  /// How a TFTP transfer stands.
  package struct TFTPDetail: Codable, Hashable, Sendable {
    /// The file's name as asked for.
    package var file: String
    /// The server asked.
    package var server: IPAddress
    /// Bytes received so far.
    package var bytes: Int
    /// The file's size in bytes, if the server said it (option tsize).
    package var size: Int?
    /// Bytes in a block.
    package var blockSize: Int
    /// Seconds since the request.
    package var seconds: Double
    /// The code of an ERROR packet.
    package var errorCode: TFTPErrorCode?
    /// The text of an ERROR packet.
    package var errorMessage: String?

    /// How much of the file has arrived, 0 to 100; `nil` when the size is not known.
    package var percent: Int? {
      guard let size, size > 0 else { return nil }
      return min(100, bytes * 100 / size)
    }
  }
}
