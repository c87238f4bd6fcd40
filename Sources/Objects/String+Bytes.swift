/// Texts compared byte by byte, as JSON and Go have them: Swift's own comparison takes two ways to
/// write é for the same.
extension String {
  /// Negative, zero or positive, as this text is before, the same as, or behind another.
  func byteOrder(_ other: String) -> Int {
    var one = self
    var other = other
    return one.withUTF8 { one in
      other.withUTF8 { other in
        for index in 0..<min(one.count, other.count) where one[index] != other[index] {
          return one[index] < other[index] ? -1 : 1
        }
        return one.count - other.count
      }
    }
  }
}
