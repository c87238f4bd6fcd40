/// A GUID (UEFI 2.10, appendix A): the first three fields are little-endian in memory.
package struct GUID: Hashable, Sendable {
  /// The 16 bytes as they lie in memory.
  package let bytes: [UInt8]

  /// A GUID from 16 bytes in memory order; `nil` for another count.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self.bytes = Array(bytes)
  }

  /// Where the byte at each place of the text lies in memory.
  static let textOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
}

extension GUID: LosslessStringConvertible {
  /// `8be4df61-93ca-11d2-aa0d-00e098032b8c`, in either case.
  package init?(_ description: String) {
    let groups = description.split(separator: "-", omittingEmptySubsequences: false)
    guard groups.map(\.count) == [8, 4, 4, 4, 12],
      let digits = [UInt8](hexadecimal: groups.joined()), digits.count == 16
    else { return nil }
    var bytes = digits
    for (place, index) in Self.textOrder.enumerated() { bytes[index] = digits[place] }
    self.bytes = bytes
  }

  /// Lower case: `8be4df61-93ca-11d2-aa0d-00e098032b8c`.
  package var description: String {
    let digits = Self.textOrder.map { bytes[$0].hexadecimal }
    return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
      .map { $0.joined() }.joined(separator: "-")
  }
}

extension UInt8 {
  /// Two lower-case digits.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return digits.count == 1 ? "0\(digits)" : digits
  }
}

extension [UInt8] {
  /// The bytes that pairs of hexadecimal digits stand for; `nil` for anything else.
  package init?(hexadecimal text: some StringProtocol) {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
    self = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  /// Pairs of lower-case digits.
  var hexadecimal: String { map(\.hexadecimal).joined() }
}
