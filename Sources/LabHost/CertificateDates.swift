import FoundationEssentials

/// What of a certificate needs no cryptography to be read (X.690, DER; RFC 5280, section 4.1): who signed
/// whom, and when it is good.
struct CertificateDates: Hashable, Sendable {
  /// The common name of who signed it; empty where it has none.
  var issuer: String
  /// The common name of whom it is for; empty where it has none.
  var subject: String
  /// Since when, as RFC 3339 has it.
  var begin: String
  /// Until when.
  var end: String

  /// A certificate in PEM; `nil` for another text.
  init?(pem: String) {
    let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    guard let data = Data(base64Encoded: body) else { return nil }
    var outer = DER([UInt8](data)[...])
    guard var certificate = outer.next(0x30)?.inside, var fields = certificate.next(0x30)?.inside
    else { return nil }
    // The version may be left out.
    _ = fields.next(0xa0)
    guard fields.next(0x02) != nil, fields.next(0x30) != nil, let issuer = fields.next(0x30),
      var validity = fields.next(0x30)?.inside, let subject = fields.next(0x30),
      let begin = Self.time(&validity), let end = Self.time(&validity)
    else { return nil }
    self.issuer = Self.commonName(issuer)
    self.subject = Self.commonName(subject)
    self.begin = begin
    self.end = end
  }

  /// Elements one after the other.
  private struct DER {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    struct Element {
      var tag: UInt8
      var bytes: ArraySlice<UInt8>
      var inside: DER { DER(bytes) }
    }

    /// Takes the next element; `nil` at the end, and where it is cut off.
    mutating func next() -> Element? {
      var bytes = rest
      guard let tag = bytes.popFirst(), let first = bytes.popFirst() else { return nil }
      var length = Int(first)
      if first >= 0x80 {
        guard (0x81...0x84).contains(first) else { return nil }
        length = 0
        for _ in 0..<(first & 0x7f) {
          guard let byte = bytes.popFirst() else { return nil }
          length = length << 8 | Int(byte)
        }
      }
      guard length <= bytes.count else { return nil }
      rest = bytes.dropFirst(length)
      return Element(tag: tag, bytes: bytes.prefix(length))
    }

    /// Takes the next element if it has this tag.
    mutating func next(_ tag: UInt8) -> Element? {
      var after = self
      guard let element = after.next(), element.tag == tag else { return nil }
      self = after
      return element
    }
  }

  /// UTCTime or GeneralizedTime, both in UTC with seconds.
  private static func time(_ fields: inout DER) -> String? {
    guard let element = fields.next() else { return nil }
    var text = String(decoding: element.bytes, as: UTF8.self)
    guard text.hasSuffix("Z"), text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    switch (element.tag, text.count) {
    case (0x17, 13): text = (text < "50" ? "20" : "19") + text
    case (0x18, 15): break
    default: return nil
    }
    let digits = Array(text)
    func part(_ range: Range<Int>) -> String { String(digits[range]) }
    return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):"
      + "\(part(12..<14))Z"
  }

  private static let commonNameID: [UInt8] = [0x55, 0x04, 0x03]

  private static func commonName(_ name: DER.Element) -> String {
    var sets = name.inside
    while var set = sets.next()?.inside {
      while var pair = set.next()?.inside {
        guard let id = pair.next(0x06), id.bytes.elementsEqual(commonNameID),
          let value = pair.next()
        else { continue }
        return String(decoding: value.bytes, as: UTF8.self)
      }
    }
    return ""
  }
}
