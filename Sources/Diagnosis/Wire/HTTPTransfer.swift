import Addresses
import PXEWire

/// One HTTP request over TCP and what came of it, or a connection that came to no request.
package struct HTTPTransfer: Codable, Hashable, Sendable {
  /// The server's address.
  package let server: IPAddress
  /// The server's port.
  package let port: UInt16
  /// The client's address.
  package let client: IPAddress
  /// The client's port.
  package let clientPort: UInt16
  /// The VLAN it was seen on; `nil` for untagged.
  package internal(set) var vlan: VLANID?
  /// When the connection's first SYN was seen, or the request on a connection already open.
  package let started: Timestamp
  /// When the last packet that changed anything was seen.
  package internal(set) var lastProgress: Timestamp
  /// The packet that opened it.
  package let packet: PacketReference
  /// The packet with the response's status line.
  package internal(set) var responsePacket: PacketReference?
  /// Where it stands.
  package internal(set) var state: State = .connecting
  /// SYNs sent.
  package internal(set) var connectionAttempts: Int = 0
  /// `GET` or `HEAD`; `nil` when no request was seen.
  package internal(set) var method: String?
  /// The request's target, as a rule an absolute path with its query.
  package internal(set) var target: String?
  /// The Host field, with the port if it has one.
  package internal(set) var host: String?
  /// The User-Agent field: `UefiHttpBoot/1.0`, `iPXE/1.21.1`, `GRUB 2.06`.
  package internal(set) var userAgent: String?
  /// The response's status code.
  package internal(set) var status: Int?
  /// The response's reason phrase.
  package internal(set) var reason: String?
  /// The response's Content-Length in bytes.
  package internal(set) var contentLength: Int?
  /// Whether the response's body comes in chunks, so that it has no Content-Length (RFC 9112 section
  /// 7.1).
  package internal(set) var isChunked: Bool = false
  /// Whether the whole head of the response was captured.
  package internal(set) var hasWholeHead: Bool = false
  /// Bytes of the body that the server had sent when it closed or reset the connection, by its
  /// sequence numbers, captured or not; `nil` as long as it did neither.
  package internal(set) var sentBytes: Int?
  /// The response's Content-Type.
  package internal(set) var contentType: String?
  /// The Location of a redirection.
  package internal(set) var location: String?
  /// Bytes of the response's body that the client got, by sequence and acknowledgment numbers, each
  /// counted once.
  package internal(set) var bytes: Int = 0
  /// What the body is, by its first bytes; `nil` when they were not captured.
  package internal(set) var image: BootImage?
  /// Data segments of the server that came again.
  package internal(set) var repeatedSegments: Int = 0
  /// Bytes that the capture lacks, although later ones arrived. What the client acknowledged it has
  /// all the same.
  package internal(set) var missedBytes: Int = 0
  /// Whether the connection speaks TLS, so that requests and responses cannot be read.
  package internal(set) var isTLS: Bool = false
  /// The server's name that the client's TLS hello asks for (SNI, RFC 6066 section 3).
  package internal(set) var serverName: String?
  /// The TLS alert that ended the handshake, if one was sent in clear.
  package internal(set) var tlsAlert: TLSAlert?
  /// Whether that alert was the client's.
  package internal(set) var tlsAlertIsFromClient: Bool = false
  /// Whether the client sent data over TLS, so that it holds the server for the right one.
  package internal(set) var isTrusted: Bool = false
  /// Seconds without anything new before the connection was reset; `nil` when it was not.
  package internal(set) var silenceBeforeReset: Double?
  /// Whether the client reset the connection; `nil` when none did.
  package internal(set) var resetByClient: Bool?

  var reportedPercent: Int = 0
  /// Bytes of the server after the request that belong to no response whose head is in the capture.
  var unreadBytes: Int = 0

  /// Where it stands.
  package enum State: String, Codable, Hashable, Sendable {
    /// SYNs are sent and nothing comes back.
    case connecting
    /// The server refused the connection.
    case refused
    /// The connection stands; no request yet.
    case connected
    /// The request is sent.
    case requested
    /// The response comes in.
    case running
    /// The response is whole.
    case complete
    /// The server answered with a status of 400 or above.
    case failed
    /// The connection was reset, or closed before the response was whole.
    case aborted
  }

  private enum CodingKeys: String, CodingKey {
    case server, port, client, clientPort, vlan, started, lastProgress, packet, responsePacket
    case state, connectionAttempts, method, target, host, userAgent, status, reason, contentLength
    case isChunked, hasWholeHead, sentBytes, contentType, location, bytes, image, repeatedSegments,
      missedBytes, isTLS, serverName
    case tlsAlert, tlsAlertIsFromClient, isTrusted, resetByClient, silenceBeforeReset
  }

  init(
    server: IPAddress, port: UInt16, client: IPAddress, clientPort: UInt16, vlan: VLANID?,
    packet: PacketReference
  ) {
    self.server = server
    self.port = port
    self.client = client
    self.clientPort = clientPort
    self.vlan = vlan
    started = packet.time
    lastProgress = packet.time
    self.packet = packet
  }

  /// The server's address and port: `192.168.100.1:80`, `[2001:db8::1]:80`.
  package var endpoint: String {
    server.v6 == nil ? "\(server):\(port)" : "[\(server)]:\(port)"
  }

  /// The URL as far as it was seen: `http://192.168.100.1/boot.efi`; of a TLS connection without a
  /// path.
  package var url: String {
    let address: String =
      switch server {
      case .v4(let address): "\(address)"
      case .v6(let address): "[\(address)]"
      }
    let isUsual = port == (isTLS ? 443 : 80)
    let authority = host ?? serverName ?? (isUsual ? address : "\(address):\(port)")
    return (isTLS ? "https://" : "http://") + authority + (target ?? "/")
  }

  /// Whether it neither ended nor failed.
  package var isOpen: Bool {
    switch state {
    case .connecting, .connected, .requested, .running: true
    case .refused, .complete, .failed, .aborted: false
    }
  }

  /// Whether the whole body arrived.
  package var isWhole: Bool {
    state == .complete && (contentLength == nil || contentLength == bytes || method == "HEAD")
  }

  /// Whether the client broke off a TLS handshake without saying why, after the server had shown its
  /// certificate: what edk2 does with one that it does not accept.
  package var isUntrusted: Bool {
    isTLS && !isTrusted && tlsAlert == nil && resetByClient == true && bytes > 0
  }

  /// How much of the body has arrived, 0 to 100; `nil` when its length is not known.
  package var percent: Int? {
    guard let contentLength, contentLength > 0 else { return nil }
    return min(100, bytes * 100 / contentLength)
  }

  /// From the first packet to the last, in seconds.
  package var duration: Double { lastProgress.seconds(since: started) }

  /// What an event says of this transfer.
  package var detail: WireEvent.HTTPDetail {
    WireEvent.HTTPDetail(
      url: url, server: server, port: port, method: method, status: status, bytes: bytes,
      size: contentLength, seconds: duration)
  }
}
