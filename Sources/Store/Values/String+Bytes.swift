import Glibc

/// Texts compared byte by byte, as JSON and Go have them: Swift's own comparison takes two ways to
/// write é for the same.
extension String {
  /// Negative, zero or positive, as this text is before, the same as, or behind another.
  func byteOrder(_ other: String) -> Int {
    var one = self
    var other = other
    return one.withUTF8 { one in
      other.withUTF8 { other in
        let common = min(one.count, other.count)
        if common > 0, let left = one.baseAddress, let right = other.baseAddress {
          let order = memcmp(left, right, common)
          if order != 0 { return Int(order) }
        }
        return one.count - other.count
      }
    }
  }
}
