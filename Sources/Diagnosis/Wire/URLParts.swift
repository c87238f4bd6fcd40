/// The parts of an absolute URL (RFC 3986) that say where a request goes, in one spelling.
struct URLParts: Hashable, Sendable {
  /// The scheme, lower case.
  let scheme: String
  /// The host, lower case, without brackets.
  let host: String
  /// The port, the scheme's own where none is written; `nil` where that is not known.
  let port: UInt16?
  /// The path without its query, percent-encoding undone.
  let path: String
  /// The query with its question mark; empty without one.
  let query: String

  /// Reads a URL; `nil` for one without a scheme and a host.
  init?(_ url: String) {
    guard let mark = url.firstRange(of: "://") else { return nil }
    scheme = url[..<mark.lowerBound].lowercased()
    let rest = url[mark.upperBound...].prefix { $0 != "#" }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let place = authority.split(separator: "@").last ?? ""
    let name: Substring
    let number: Substring
    if place.first == "[", let end = place.firstIndex(of: "]") {
      name = place[place.index(after: place.startIndex)..<end]
      number = place[end...].dropFirst(2)
    } else {
      name = place.prefix { $0 != ":" }
      number = place.dropFirst(name.count + 1)
    }
    guard !name.isEmpty else { return nil }
    host = name.lowercased()
    port = UInt16(number) ?? (scheme == "http" ? 80 : scheme == "https" ? 443 : nil)
    let target = rest.dropFirst(authority.count)
    let file = target.prefix { $0 != "?" }
    path = file.isEmpty ? "/" : file.percentDecoded
    query = String(target.dropFirst(file.count))
  }
}

extension HTTPTransfer {
  /// Where it was sent.
  var parts: URLParts? { URLParts(url) }

  /// Whether the server sends the client elsewhere (RFC 9110 section 15.4).
  var isRedirected: Bool { [301, 302, 303, 307, 308].contains(status) }

  /// The absolute URL that a redirection leads to; `nil` without one.
  var redirection: String? {
    guard isRedirected, let location, !location.isEmpty else { return nil }
    if location.contains("://") { return location }
    let scheme = isTLS ? "https" : "http"
    if location.hasPrefix("//") { return "\(scheme):\(location)" }
    guard let slash = url.firstRange(of: "://")?.upperBound else { return nil }
    let root = url.prefix(upTo: url[slash...].firstIndex { $0 == "/" } ?? url.endIndex)
    if location.hasPrefix("/") { return root + location }
    let folder = (target ?? "/").prefix { $0 != "?" }
    let parent = folder.prefix(upTo: folder.lastIndex(of: "/") ?? folder.startIndex)
    return root + parent + "/" + location
  }
}
