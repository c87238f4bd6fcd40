/// Formats of texts that a schema may ask for (kube-openapi, pkg/validation/strfmt).
enum TextFormat {
  /// Whether a text has a format, by its name without hyphens; formats that are not here are not looked at.
  static let known: [String: @Sendable (String) -> Bool] = [
    "date": isDate, "datetime": isMoment, "byte": isBase64,
    "uuid": matching("(?i)^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$"),
    "uuid3": matching("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$"),
    "uuid4": matching(
      "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$"),
    "uuid5": matching(
      "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$"),
    "mac": { text in macForms.contains { $0(text) } },
    "ipv4": isIPv4,
    "ipv6": isIPv6,
    "cidr": { text in
      let sides = text.split(separator: "/", omittingEmptySubsequences: false)
      guard sides.count == 2, let length = UInt8(sides[1]), String(length) == String(sides[1])
      else { return false }
      let address = String(sides[0])
      return isIPv4(address) && length <= 32 || isIPv6(address) && length <= 128
    },
    // Labels of letters, digits and hyphens inside, each of 63 bytes at most.
    "hostname": { text in
      text.utf8.count <= 255 && isHostname(text)
        && text.split(separator: ".").allSatisfy { $0.utf8.count <= 63 }
    },
    "email": isAddress,
    "uri": isURI,
    "duration": { GoDuration($0) != nil || isLongDuration($0) },
  ]

  private static func matching(_ expression: String) -> @Sendable (String) -> Bool {
    let pattern = LinearPattern(expression)
    return { text in
      // None of the formats is longer.
      guard text.utf8.count <= 4096 else { return false }
      var work = MatchingWork()
      return pattern?.isFound(in: text, &work) ?? false
    }
  }

  /// Of six, eight and twenty bytes, as Go's net.ParseMAC takes them.
  private static let macForms: [@Sendable (String) -> Bool] =
    [5, 7, 19].flatMap { count in
      [":", "-"].map { mark in matching("^[0-9a-fA-F]{2}(\(mark)[0-9a-fA-F]{2}){\(count)}$") }
    } + [2, 3, 9].map { matching("^[0-9a-fA-F]{4}(\\.[0-9a-fA-F]{4}){\($0)}$") }

  private static let isHostname = matching(
    "^([a-zA-Z0-9\\pS\\pL](-?[a-zA-Z0-9\\pS\\pL]{0,62})?|([a-zA-Z0-9\\pS\\pL]"
      + "([-a-zA-Z0-9\\pS\\pL]{0,61}[a-zA-Z0-9\\pS\\pL])?\\.)+[a-zA-Z\\pL]{2,63})$")
  /// The usual form, and one with a name before it (`A Name <a@b>`).
  private static let isAddress = matching(
    "^([^<>@]*<)?[^\\s<>@,;:\"()\\[\\]\\\\]+@([^\\s<>@,;:\"()\\[\\]\\\\]+|\\[[^\\s\\[\\]]+\\])>?$")
  /// A scheme and what follows, or a path, as Go's url.ParseRequestURI takes them.
  private static let isURI = matching(
    "^([a-zA-Z][-+.a-zA-Z0-9]*:/?|/)([^\\x00-\\x20\\x7f%]|%[0-9a-fA-F]{2})*$")
  private static let isLongDuration = matching(
    "^([0-9]+\\s*(ns|nano|nanos|nanosecond|nanoseconds|us|\\x{b5}s|micro|micros|microsecond|microseconds"
      + "|ms|milli|millis|millisecond|milliseconds|s|sec|secs|second|seconds|m|min|mins|minute|minutes"
      + "|h|hr|hour|hours|d|day|days|w|wk|week|weeks)\\s*)+$")

  private static func isIPv4(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0).map { String($0) } == String($0) }
  }

  /// RFC 4291, section 2.2.
  private static func isIPv6(_ text: String) -> Bool {
    var groups = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard groups.count >= 3, groups.count <= 9 else { return false }
    var count = 0
    if let last = groups.last, last.contains(".") {
      guard isIPv4(last) else { return false }
      groups.removeLast()
      count = 2
    }
    // `::` at an end leaves two empty groups there.
    if groups.first == "" {
      guard groups.count > 1, groups[1].isEmpty else { return false }
      groups.removeFirst()
    }
    if count == 0, groups.last == "" {
      guard groups.count > 1, groups[groups.count - 2].isEmpty else { return false }
      groups.removeLast()
    }
    let written = groups.filter { !$0.isEmpty }
    guard groups.count - written.count <= 1,
      written.allSatisfy({ $0.utf8.count <= 4 && $0.allSatisfy { $0.isASCII && $0.isHexDigit } })
    else { return false }
    count += written.count
    return written.count == groups.count ? count == 8 : count < 8
  }

  private static let isDateForm = matching("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")

  private static func isDate(_ text: String) -> Bool {
    guard isDateForm(text) else { return false }
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]) else { return false }
    let isLeap = parts[0] % 4 == 0 && (parts[0] % 100 != 0 || parts[0] % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[parts[1] - 1]).contains(parts[2])
  }

  private static let isTime = matching(
    "^[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?([Zz]|[-+][0-9]{2}:[0-9]{2})$")

  /// RFC 3339.
  private static func isMoment(_ text: String) -> Bool {
    isDate(String(text.prefix(10))) && isTime(String(text.dropFirst(10)))
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
}
