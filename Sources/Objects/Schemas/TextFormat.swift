/// Formats of texts that a schema may ask for (kube-openapi, pkg/validation/strfmt).
enum TextFormat {
  /// Whether a text has a format; formats that are not here are not looked at.
  static let known: [String: @Sendable (String) -> Bool] = [
    "date": isDate, "date-time": isMoment, "datetime": isMoment, "byte": isBase64, "uuid": isUUID,
    "ipv4": { text in
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count == 4 && parts.allSatisfy { UInt8($0).map { String($0) } == String($0) }
    },
  ]

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) })
    else { return false }
    return (1...12).contains(Int(parts[1]) ?? 0) && (1...31).contains(Int(parts[2]) ?? 0)
  }

  /// RFC 3339.
  private static func isMoment(_ text: String) -> Bool {
    guard text.utf8.count >= 20, isDate(String(text.prefix(10))) else { return false }
    let time = text.dropFirst(10)
    guard let mark = time.first, "Tt ".contains(mark) else { return false }
    let parts = time.dropFirst().prefix(8).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [2, 2, 2], parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
      (Int(parts[0]) ?? 99) < 24, (Int(parts[1]) ?? 99) < 60, (Int(parts[2]) ?? 99) <= 60
    else { return false }
    var zone = time.dropFirst(9)
    if zone.first == "." {
      let digits = zone.dropFirst().prefix { $0.isASCIIDigit }
      guard !digits.isEmpty else { return false }
      zone = zone.dropFirst(1 + digits.count)
    }
    if zone == "Z" || zone == "z" { return true }
    guard let sign = zone.first, "+-".contains(sign) else { return false }
    let offset = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    return offset.map(\.utf8.count) == [2, 2]
      && offset.allSatisfy { $0.allSatisfy(\.isASCIIDigit) }
  }

  private static func isBase64(_ text: String) -> Bool {
    let body = text.utf8[...]
    guard body.count % 4 == 0 else { return false }
    let padding = body.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    return padding <= 2
      && body.dropLast(padding).allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
          true
        default: false
        }
      }
  }

  private static func isUUID(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
