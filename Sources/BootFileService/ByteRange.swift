/// A part of a file that a client asks for (RFC 9110, section 14.1.2).
enum ByteRange: Hashable, Sendable {
  /// All of it: no range was asked for, or one that may be passed over, such as several.
  case all
  /// These bytes.
  case part(Range<Int>)
  /// Bytes that the file does not have.
  case unsatisfiable

  /// What the `Range` header asks of a file of a size.
  init(_ header: String?, size: Int) {
    self = .all
    guard let header, header.hasPrefix("bytes=") else { return }
    let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]) else {
      return
    }
    switch (first, last) {
    case (nil, nil): return
    case (nil, let count?):
      self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .unsatisfiable
    case (let begin?, let end):
      if let end, end < begin { return }
      self = begin < size ? .part(begin..<min(size, (end ?? size - 1) + 1)) : .unsatisfiable
    }
  }

  /// A number without sign or spaces; nothing at all is `.some(nil)`.
  private static func number(_ text: Substring) -> Int?? {
    if text.isEmpty { return .some(nil) }
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      // What does not fit is beyond the end of every file.
      text.count <= 18, let number = Int(text)
    else { return nil }
    return .some(number)
  }
}
