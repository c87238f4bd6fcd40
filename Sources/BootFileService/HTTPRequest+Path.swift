import HTTPService

extension HTTPRequest {
  /// The path that is asked for, percent-decoded, without query; empty where the target has none that
  /// can be read. A target may be a whole URL (RFC 9112 section 3.2.2).
  var path: String {
    var rest = Substring(target).prefix { $0 != "?" && $0 != "#" }
    if let scheme = rest.firstRange(of: "://"), !rest.hasPrefix("/") {
      rest = rest[scheme.upperBound...].drop { $0 != "/" }
    }
    return rest.percentDecoded ?? ""
  }
}
