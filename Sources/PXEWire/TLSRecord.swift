/// A TLS record at the start of a segment's payload (RFC 8446 section 5.1), as far as it is not
/// encrypted.
package enum TLSRecord: Hashable, Sendable {
  /// The client's first message; its server name (RFC 6066 section 3), if it sends one.
  case clientHello(serverName: String?)
  /// The server's answer.
  case serverHello
  /// An alert in clear.
  case alert(TLSAlert)
  /// Data of the application, or in TLS 1.3 anything that is encrypted.
  case applicationData
  /// Another record, or one of the handshake that is encrypted.
  case other

  /// Reads the record; `nil` when the payload does not begin with one.
  package init?(_ payload: ArraySlice<UInt8>) {
    var reader = ByteReader(payload, layer: .tls)
    guard let type = try? reader.uint8("type"), (20...23).contains(type),
      let version = try? reader.uint16("version"), version >> 8 == 3,
      let length = try? reader.uint16("length"), length <= 16640
    else { return nil }
    switch type {
    case 21:
      // An encrypted alert is longer than its two octets.
      guard length == 2, let level = try? reader.uint8("level"),
        let code = try? reader.uint8("description")
      else {
        self = .other
        return
      }
      self = .alert(TLSAlert(level: level, code: code))
    case 22:
      switch try? reader.uint8("handshake type") {
      case 1: self = .clientHello(serverName: try? Self.serverName(&reader))
      case 2: self = .serverHello
      default: self = .other
      }
    case 23: self = .applicationData
    default: self = .other
    }
  }

  private static func serverName(_ reader: inout ByteReader) throws(WireError) -> String? {
    try reader.skip(3 + 2 + 32, "length, version and random")
    try reader.skip(Int(try reader.uint8("session ID length")), "session ID")
    try reader.skip(Int(try reader.uint16("cipher suites length")), "cipher suites")
    try reader.skip(Int(try reader.uint8("compression length")), "compression methods")
    _ = try reader.uint16("extensions length")
    while reader.remaining > 0 {
      let type = try reader.uint16("extension type")
      let length = Int(try reader.uint16("extension length"))
      guard type == 0 else {
        try reader.skip(length, "extension")
        continue
      }
      _ = try reader.uint16("server name list length")
      _ = try reader.uint8("name type")
      let name = try reader.slice(Int(try reader.uint16("name length")), "server name")
      return String(decoding: name, as: UTF8.self)
    }
    return nil
  }
}
