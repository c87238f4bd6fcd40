extension ObjectNode {
  /// A mapping of texts, such as labels; empty when it is not there.
  package var strings: [String: String] {
    Dictionary(
      entries.compactMap { entry in entry.value.string.map { (entry.key, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}
