/// Bytes as text (RFC 4648, section 4), as Go's encoding/base64 reads them: ends of lines mean nothing.
enum Base64Text {
  /// The first byte that is wrong, as Go counts; `nil` for a text that is right.
  static func fault(in text: String) -> Int? {
    let bytes = Array(text.utf8)
    var place = 0
    func skipLineEnds() {
      while place < bytes.count, bytes[place] == 0x0a || bytes[place] == 0x0d { place += 1 }
    }
    while true {
      var count = 0
      while count < 4 {
        skipLineEnds()
        guard place < bytes.count else { return count == 0 ? nil : place - count }
        let byte = bytes[place]
        place += 1
        if isDigit(byte) {
          count += 1
          continue
        }
        guard byte == UInt8(ascii: "="), count >= 2 else { return place - 1 }
        if count == 2 {
          skipLineEnds()
          guard place < bytes.count else { return bytes.count }
          guard bytes[place] == UInt8(ascii: "=") else { return place - 1 }
          place += 1
        }
        skipLineEnds()
        return place < bytes.count ? place : nil
      }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
