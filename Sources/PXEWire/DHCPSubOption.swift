/// An option inside an option: code, length, data (options 43, 82 and 175).
package struct DHCPSubOption: Hashable, Sendable {
  /// The sub-option's code, whose meaning depends on the option around it.
  package let code: UInt8
  /// Its bytes.
  package let data: [UInt8]

  /// Reads code, length, data triplets, skipping code 0 and ending at code 255 or at the first
  /// triplet that does not fit.
  static func list(in bytes: [UInt8]) -> [DHCPSubOption] {
    var reader = ByteReader(bytes[...], layer: .dhcp)
    var list: [DHCPSubOption] = []
    while let code = try? reader.uint8("sub-option code"), code != 255 {
      if code == 0 { continue }
      guard let length = try? reader.uint8("sub-option length"),
        let data = try? reader.slice(Int(length), "sub-option")
      else { break }
      list.append(DHCPSubOption(code: code, data: [UInt8](data)))
    }
    return list
  }
}
