import Addresses

/// An ICMP message (RFC 792).
public struct ICMPMessage: Hashable, Sendable {
  /// The type: 3 destination unreachable, 11 time exceeded, 8 echo request.
  public let type: UInt8
  /// The code, whose meaning depends on the type.
  public let code: UInt8
  /// Of an error, where the packet that caused it was going.
  public let original: Original?

  /// The addresses of the packet that an ICMP error quotes.
  public struct Original: Hashable, Sendable {
    /// Its sender.
    public let source: IPv4Address
    /// Its receiver.
    public let destination: IPv4Address
    /// Its receiver's UDP port; `nil` for another protocol.
    public let destinationPort: UInt16?
  }

  /// Decodes a message; throws when its header is incomplete.
  public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .icmp)
    type = try reader.uint8("type")
    code = try reader.uint8("code")
    _ = try reader.uint16("checksum")
    original =
      switch type {
      case 3, 4, 5, 11, 12: Self.original(in: reader.rest.dropFirst(4))
      default: nil
      }
  }

  private static func original(in bytes: ArraySlice<UInt8>) -> Original? {
    guard let packet = try? IPv4Packet(decoding: bytes) else { return nil }
    var port: UInt16?
    if case .udp(let datagram) = packet.payload { port = datagram.destinationPort }
    return Original(
      source: packet.source, destination: packet.destination, destinationPort: port)
  }

  /// Whether this reports that a packet could not be delivered.
  public var isError: Bool { [3, 4, 5, 11, 12].contains(type) }

  /// What an error says, in RFC 792's words; `nil` for messages that are not errors.
  public var meaning: String? {
    switch (type, code) {
    case (3, 0): "network unreachable"
    case (3, 1): "host unreachable"
    case (3, 2): "protocol unreachable"
    case (3, 3): "port unreachable"
    case (3, 4): "fragmentation needed"
    case (3, 9), (3, 10), (3, 13): "administratively prohibited"
    case (3, _): "destination unreachable, code \(code)"
    case (4, _): "source quench"
    case (5, _): "redirect"
    case (11, _): "time exceeded"
    case (12, _): "parameter problem"
    default: nil
    }
  }
}
