/// A value that JSON and YAML hold as the string a person writes.
package protocol TextCodable: Codable, LosslessStringConvertible {}

extension TextCodable {
  /// Decodes the text form; throws `DecodingError.dataCorrupted` when it does not parse.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not a \(Self.self): \(text)")
    }
    self = value
  }

  /// Encodes the text form.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension MACAddress: TextCodable {}
extension IPv4Address: TextCodable {}
extension IPv4Network: TextCodable {}
extension IPNetwork: TextCodable {}
extension IPv6Address: TextCodable {}
extension IPAddress: TextCodable {}
extension VLANID: Codable {}
