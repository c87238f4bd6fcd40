import Addresses

/// The URL of a boot file, as firmware and iPXE read it (RFC 3986 section 3; UEFI 2.10 section
/// 24.7.3.1; RFC 5970 section 3.1).
struct BootURL: Sendable {
  /// The whole text.
  let text: String
  /// What stands before `://`, in small letters.
  let scheme: String
  /// The host, without brackets, port and user.
  let host: String
  /// What is wrong with it; `nil` for nothing.
  let fault: Fault?

  /// What keeps a URL from being read.
  struct Fault: Sendable {
    /// The end of a sentence that begins with the URL.
    let words: String
    /// The URL as it was meant, where that is plain.
    var correction: String?
  }

  /// Schemes that firmware or iPXE speak, or that lead to a disk over the network.
  private static let schemes: Set = [
    "http", "https", "tftp", "ftp", "nfs", "iscsi", "aoe", "fcp", "file", "x-srp", "ib_srp", "nbd",
  ]

  /// Reads a text as a URL; `nil` when it is a file's name, or does not even try to be a URL.
  init?(_ text: String) {
    self.text = text
    guard let separator = text.firstRange(of: "://") else {
      let start = text.prefix { $0 != ":" && $0 != "/" }.lowercased()
      let rest = text.dropFirst(start.count)
      guard ["http", "https", "tftp"].contains(start), rest.hasPrefix(":") || rest.hasPrefix("//")
      else { return nil }
      scheme = start
      host = ""
      let path = rest.drop { $0 == ":" || $0 == "/" }
      fault = Fault(words: "has no :// after its scheme", correction: "\(start)://\(path)")
      return
    }
    let scheme = text[..<separator.lowerBound].lowercased()
    guard !scheme.isEmpty, scheme.allSatisfy({ $0.isLetter || "+-._0123456789".contains($0) })
    else { return nil }
    self.scheme = scheme
    let rest = text[separator.upperBound...]
    let authority = rest.prefix { !"/?#\\".contains($0) }
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
    let path = rest.dropFirst(authority.count)
    let (host, hostFault) = Self.host(of: place)
    self.host = String(host)
    if !Self.schemes.contains(scheme) {
      fault = Fault(words: "has the scheme \(scheme), which no firmware speaks")
    } else if text.contains(where: { $0 == "\\" || $0.isWhitespace }) {
      fault = Fault(
        words: "has a blank or a backslash in it",
        correction: text.contains("\\")
          ? text.replacing("\\", with: "/").filter { !$0.isWhitespace } : nil)
    } else if let hostFault {
      let start = "\(scheme)://"
      fault = Fault(
        words: hostFault.words, correction: hostFault.correction.map { start + $0 + path })
    } else if scheme == "tftp", path.drop(while: { $0 == "/" }).isEmpty {
      fault = Fault(words: "names no file")
    } else {
      fault = nil
    }
  }

  /// The host of an authority without a user, and what is wrong with it or its port.
  private static func host(of place: Substring) -> (Substring, Fault?) {
    guard !place.isEmpty else { return ("", Fault(words: "names no host")) }
    if place.first == "[" {
      let inside = place.dropFirst().prefix { $0 != "]" }
      let after = place.dropFirst(inside.count + 2)
      guard place.contains("]") else {
        return (inside, Fault(words: "has no closing bracket after its IPv6 address"))
      }
      guard isIPv6(inside) else {
        return (inside, Fault(words: "has \(inside) in brackets, which is no IPv6 address"))
      }
      guard after.isEmpty || after.first == ":" else {
        return (inside, Fault(words: "has \(after) after the bracket"))
      }
      return (inside, fault(ofPort: after.dropFirst()))
    }
    let parts = place.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count > 2 {
      if isIPv6(place) {
        return (
          place, Fault(words: "needs brackets around its IPv6 address", correction: "[\(place)]")
        )
      }
      return (place, Fault(words: "has \(place) for its host, which is none"))
    }
    let host = parts[0]
    guard !host.isEmpty else { return (host, Fault(words: "names no host")) }
    if host.allSatisfy({ $0.isNumber || $0 == "." }), IPv4Address(String(host)) == nil {
      return (host, Fault(words: "has \(host) for its host, which is no IPv4 address"))
    }
    // iPXE puts its settings in place of ${...}.
    if !host.contains("${"), host.contains(where: { "<>{}[]|^`\"".contains($0) }) {
      return (host, Fault(words: "has \(host) for its host, which is no name"))
    }
    return (host, parts.count > 1 ? fault(ofPort: parts[1]) : nil)
  }

  private static func isIPv6(_ text: Substring) -> Bool {
    // A zone follows a link-local address (RFC 6874).
    IPv6Address(String(text.prefix { $0 != "%" })) != nil
  }

  /// What is wrong with a port; without digits the scheme's own is meant (RFC 3986 section 3.2.3).
  private static func fault(ofPort text: Substring) -> Fault? {
    guard !text.isEmpty, UInt16(text).map({ $0 == 0 }) ?? true else { return nil }
    return Fault(words: "has the port \(text), which is none")
  }
}
