/// A TLS alert (RFC 8446 section 6).
package struct TLSAlert: Hashable, Sendable, Codable {
  /// 1 is a warning, 2 is fatal.
  package let level: UInt8
  /// What is wrong; see `meaning`.
  package let code: UInt8

  /// An alert from its two octets.
  package init(level: UInt8, code: UInt8) {
    self.level = level
    self.code = code
  }

  /// The code in the RFC's words; `nil` for codes that it does not define.
  package var meaning: String? {
    switch code {
    case 0: "close notify"
    case 10: "unexpected message"
    case 20: "bad record MAC"
    case 22: "record overflow"
    case 40: "handshake failure"
    case 42: "bad certificate"
    case 43: "unsupported certificate"
    case 44: "certificate revoked"
    case 45: "certificate expired"
    case 46: "certificate unknown"
    case 47: "illegal parameter"
    case 48: "unknown CA"
    case 49: "access denied"
    case 50: "decode error"
    case 51: "decrypt error"
    case 70: "protocol version"
    case 71: "insufficient security"
    case 80: "internal error"
    case 86: "inappropriate fallback"
    case 90: "user canceled"
    case 109: "missing extension"
    case 110: "unsupported extension"
    case 112: "unrecognized name"
    case 113: "bad certificate status response"
    case 115: "unknown PSK identity"
    case 116: "certificate required"
    case 120: "no application protocol"
    default: nil
    }
  }

  /// Whether it ends the connection otherwise than in order.
  package var isFailure: Bool { code != 0 && (level == 2 || code != 90) }
}
