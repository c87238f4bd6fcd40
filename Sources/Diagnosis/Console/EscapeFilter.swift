/// Takes the escape sequences of ECMA-48 out of a terminal's byte stream, one byte at a time.
struct EscapeFilter: Sendable {
  private enum State {
    case text
    case escape
    /// After `ESC (` and the like: one more byte belongs to it.
    case designator
    /// After `ESC [`.
    case control
    /// After `ESC ]`, `ESC P`, `ESC _`, `ESC ^`, until BEL or `ESC \`.
    case string
    case stringEscape
  }

  /// What a byte means for the text.
  enum Output: Equatable {
    case nothing
    case byte(UInt8)
    /// A line feed, or a jump of the cursor, after which text does not continue the line.
    case lineEnd
    case backspace
  }

  private var state = State.text

  mutating func take(_ byte: UInt8) -> Output {
    switch state {
    case .text: return text(byte)
    case .escape: return escape(byte)
    case .designator:
      state = .text
      return .nothing
    case .control:
      guard (0x40...0x7e).contains(byte) else {
        // A line end inside a sequence: the sequence was cut off.
        if byte == 0x0a {
          state = .text
          return .lineEnd
        }
        if byte == 0x1b { state = .escape }
        return .nothing
      }
      state = .text
      let jumps: [UInt8] = Array("ABEFHJSTdf".utf8)
      return jumps.contains(byte) ? .lineEnd : .nothing
    case .string:
      if byte == 0x07 { state = .text }
      if byte == 0x1b { state = .stringEscape }
      return .nothing
    case .stringEscape:
      state = byte == 0x5c ? .text : .string
      return .nothing
    }
  }

  private mutating func text(_ byte: UInt8) -> Output {
    switch byte {
    case 0x1b:
      state = .escape
      return .nothing
    case 0x0a, 0x0d: return .lineEnd
    case 0x08: return .backspace
    case 0x09: return .byte(byte)
    case 0x00..<0x20, 0x7f: return .nothing
    default: return .byte(byte)
    }
  }

  private mutating func escape(_ byte: UInt8) -> Output {
    switch byte {
    case UInt8(ascii: "["): state = .control
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      state = .string
    case 0x20...0x2f: state = .designator
    case 0x1b: state = .escape
    default: state = .text
    }
    return .nothing
  }
}
