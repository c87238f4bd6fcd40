import Glibc

extension String {
  /// The text with spaces behind it, where it is shorter than a column.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text with spaces in front of it, where it is shorter than a column.
  func indented(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}

extension Double {
  /// The number with so many digits after its point (printf(3)).
  func text(decimals: Int) -> String {
    withVaList([Int32(decimals), self]) { arguments in
      var text = [CChar](repeating: 0, count: 384)
      let length = vsnprintf(&text, text.count, "%.*f", arguments)
      return String(decoding: text.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
