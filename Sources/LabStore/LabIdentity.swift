/// Tells a lab from every other of the same name, earlier and later ones: 16 hexadecimal digits that
/// are drawn when it is made.
package struct LabIdentity: Codable, Sendable, Hashable, CustomStringConvertible {
  /// The digits, lower-case.
  package let description: String

  /// A new identity.
  package static func random() -> LabIdentity {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return LabIdentity(digits: String(repeating: "0", count: count - digits.count) + digits)
  }

  /// The identity that is written so; `nil` when it is none.
  package init?(_ text: String) {
    guard text.utf8.count == Self.count, text.utf8.allSatisfy(Self.isDigit) else { return nil }
    description = text
  }

  private init(digits: String) { description = digits }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let identity = LabIdentity(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "\(text.debugDescription) is not \(Self.count) hexadecimal digits")
    }
    self = identity
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static let count = 16

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
