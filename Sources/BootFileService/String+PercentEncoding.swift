extension StringProtocol {
  /// The text with percent-encoding undone (RFC 3986 section 2.1); `nil` where a percent sign has no
  /// two digits behind it, or what comes out is no UTF-8.
  var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = Substring(self).utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The text with all but the characters of a path percent-encoded (RFC 3986 section 3.3).
  var percentEncodedPath: String {
    utf8.reduce(into: "") { text, byte in
      let character = Character(UnicodeScalar(byte))
      if character.isASCII,
        character.isLetter || character.isNumber
          || "-._~!$&'()*+,;=:@/".contains(character)
      {
        text.append(character)
      } else {
        text += byte < 16 ? "%0" : "%"
        text += String(byte, radix: 16, uppercase: true)
      }
    }
  }
}
