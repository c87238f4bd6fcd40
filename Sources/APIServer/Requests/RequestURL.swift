import Objects

/// The target of a request, taken apart (RFC 3986; a `+` in the query is a space, as in Go's net/url).
struct RequestURL: Equatable {
  /// The path's segments, decoded; a slash at the end makes none.
  let segments: [String]
  /// The query's fields, decoded.
  let query: RequestQuery

  /// Takes a target apart.
  ///
  /// - Throws: ``StatusError`` when it is malformed.
  init(_ target: String) throws(StatusError) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = parts.first, path.hasPrefix("/") else {
      throw .badRequest("the request target is no path")
    }
    var segments: [String] = []
    for segment in path.split(separator: "/", omittingEmptySubsequences: true) {
      segments.append(try Self.decoded(segment, plusIsSpace: false))
    }
    guard !segments.contains(where: { $0.contains("/") || $0 == ".." || $0 == "." }) else {
      throw .badRequest("the request's path has a segment that no name can be")
    }
    var fields: [String: String] = [:]
    for field in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
      let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.decoded(sides[0], plusIsSpace: true)
      let value = sides.count > 1 ? try Self.decoded(sides[1], plusIsSpace: true) : ""
      if fields[name] == nil { fields[name] = value }
    }
    self.segments = segments
    query = RequestQuery(fields)
  }

  private static func decoded(
    _ text: Substring, plusIsSpace: Bool
  ) throws(StatusError) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
      return String(text)
    }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst()?.hexadecimal, let low = rest.popFirst()?.hexadecimal else {
          throw .badRequest("the request target has a % without two hexadecimal digits")
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw .badRequest("the request target is not in UTF-8")
    }
    return decoded
  }
}

extension UInt8 {
  fileprivate var hexadecimal: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
