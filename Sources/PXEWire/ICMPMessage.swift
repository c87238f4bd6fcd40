import Addresses

/// An ICMP message (RFC 792).
package struct ICMPMessage: Hashable, Sendable {
  /// The type: 3 destination unreachable, 11 time exceeded, 8 echo request.
  package let type: UInt8
  /// The code, whose meaning depends on the type.
  package let code: UInt8
  /// Of an error, the packet that caused it.
  package let original: QuotedPacket?
  /// Of "fragmentation needed", the largest packet that the next link takes, in bytes (RFC 1191);
  /// `nil` where the router does not say.
  package let mtu: Int?

  /// Decodes a message; throws when its header is incomplete.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .icmp)
    type = try reader.uint8("type")
    code = try reader.uint8("code")
    _ = try reader.uint16("checksum")
    guard Self.isError(type) else {
      original = nil
      mtu = nil
      return
    }
    let field = try? reader.uint32("unused")
    mtu =
      type == 3 && code == 4 ? field.map { Int($0 & 0xffff) }.flatMap { $0 > 0 ? $0 : nil } : nil
    original = QuotedPacket(ipv4: reader.rest)
  }

  private static func isError(_ type: UInt8) -> Bool { [3, 4, 5, 11, 12].contains(type) }

  /// Whether this reports that a packet could not be delivered.
  package var isError: Bool { Self.isError(type) }

  /// What an error says, in RFC 792's words; `nil` for messages that are not errors.
  package var meaning: String? {
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
    case (11, 0): "time exceeded"
    case (11, 1): "fragment reassembly time exceeded"
    case (11, _): "time exceeded, code \(code)"
    case (12, _): "parameter problem"
    default: nil
    }
  }
}
