/// A place in a value (RFC 6901): `/spec/networks/0/name`.
struct JSONPointer: Equatable, Sendable {
  /// The keys and indices, unescaped.
  let tokens: [String]

  init(tokens: [String]) {
    self.tokens = tokens
  }

  /// The place that a text names; `nil` when it is none.
  init?(_ text: String) {
    guard !text.isEmpty else {
      tokens = []
      return
    }
    guard text.hasPrefix("/") else { return nil }
    tokens = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  /// Whether it is this place or one inside it.
  func contains(_ other: JSONPointer) -> Bool { other.tokens.starts(with: tokens) }
}
