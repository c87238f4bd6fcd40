/// Finds the indentation of lines, asked for in order, in one pass over the bytes.
struct LineCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var line = 0
  private var offset = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The offset of a line's first byte, the line counted from 0; `nil` when it is not there.
  mutating func start(of wanted: Int) -> Int? {
    while line < wanted {
      guard let newline = bytes.newline(from: offset) else { return nil }
      offset = newline + 1
      line += 1
    }
    return offset
  }

  /// The spaces before the text of the first line after this one (from 0) that is not blank; `nil`
  /// when there is none.
  mutating func indent(after wanted: Int) -> Int? {
    guard let offset = start(of: wanted + 1) else { return nil }
    var spaces = 0
    for byte in bytes[offset...] {
      switch byte {
      case 0x20: spaces += 1
      case 0x0a: spaces = 0
      case 0x09, 0x0d: continue
      default: return spaces
      }
    }
    return nil
  }
}
