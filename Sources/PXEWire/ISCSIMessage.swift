/// An iSCSI message of the login phase (RFC 7143 sections 11.12 and 11.13), as far as it bears on
/// booting.
package enum ISCSIMessage: Hashable, Sendable {
  /// The initiator logs in; the name of the target that it asks for, where this message has it.
  case loginRequest(target: String?)
  /// The target's answer, and whether the login phase ends with it.
  case loginResponse(ISCSILoginStatus, isFinal: Bool)

  /// Octets of a basic header segment.
  private static let headerLength = 48

  /// Decodes the message at the start of a TCP segment's payload; `nil` for anything else, and for a
  /// message of which the header was not captured.
  ///
  /// - Parameters:
  ///   - payload: the captured bytes.
  ///   - length: the payload's length in bytes as the headers state it.
  package init?(_ payload: ArraySlice<UInt8>, length: Int) {
    let bytes = payload.prefix(16384)
    guard bytes.count >= Self.headerLength else { return nil }
    let octet = { (offset: Int) in bytes[bytes.startIndex + offset] }
    // Version 0 is the only one; a message of another protocol has other octets there.
    guard octet(2) == 0, octet(3) == 0 else { return nil }
    let data = Int(octet(5)) << 16 | Int(octet(6)) << 8 | Int(octet(7))
    let additional = Int(octet(4)) * 4
    guard Self.headerLength + additional + (data + 3) / 4 * 4 <= length else { return nil }
    switch octet(0) & 0x3f {
    case 0x03:
      let text = bytes.dropFirst(Self.headerLength + additional).prefix(data)
      self = .loginRequest(target: Self.value(of: "TargetName", in: text))
    case 0x23:
      let status = ISCSILoginStatus(rawValue: UInt16(octet(36)) << 8 | UInt16(octet(37)))
      guard status.rawValue >> 8 <= 3 else { return nil }
      // The T bit, with the full feature phase (3) as the next stage.
      self = .loginResponse(status, isFinal: octet(1) & 0x83 == 0x83)
    default:
      return nil
    }
  }

  /// The value of a key of a text: `TargetName=iqn.2026-01.example:disk`, ended by a zero byte.
  private static func value(of key: String, in text: ArraySlice<UInt8>) -> String? {
    for pair in text.split(separator: 0).prefix(64) {
      guard let sign = pair.firstIndex(of: UInt8(ascii: "=")),
        pair[..<sign].elementsEqual(key.utf8)
      else { continue }
      return String(decoding: pair[(sign + 1)...].prefix(256), as: UTF8.self)
    }
    return nil
  }
}

/// Status class and detail of an iSCSI login response (RFC 7143 section 11.13.5): the class in the
/// upper octet.
package struct ISCSILoginStatus: RawRepresentable, Codable, Hashable, Sendable {
  /// The number on the wire.
  package let rawValue: UInt16

  /// A status from its number; any number is allowed.
  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The initiator may go on.
  package static let success = ISCSILoginStatus(rawValue: 0)
  /// There is no such target.
  package static let notFound = ISCSILoginStatus(rawValue: 0x0203)

  /// Whether the login is refused, and not only sent elsewhere.
  package var isFailure: Bool { rawValue >> 8 >= 2 }

  /// The meaning in the RFC's words; `nil` for numbers that it does not define.
  package var meaning: String? {
    switch rawValue {
    case 0x0000: "success"
    case 0x0101: "target moved temporarily"
    case 0x0102: "target moved permanently"
    case 0x0200: "initiator error"
    case 0x0201: "authentication failure"
    case 0x0202: "authorization failure"
    case 0x0203: "target not found"
    case 0x0204: "target removed"
    case 0x0205: "unsupported version"
    case 0x0206: "too many connections"
    case 0x0207: "missing parameter"
    case 0x0208: "cannot include in session"
    case 0x0209: "session type not supported"
    case 0x020a: "session does not exist"
    case 0x020b: "invalid request during login"
    case 0x0300: "target error"
    case 0x0301: "service unavailable"
    case 0x0302: "out of resources"
    default: nil
    }
  }

  /// The number in four hexadecimal digits, and its meaning: `0x0203, target not found`.
  package var words: String {
    let digits = String(rawValue, radix: 16)
    let number = "0x" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return number + (meaning.map { ", \($0)" } ?? "")
  }
}
