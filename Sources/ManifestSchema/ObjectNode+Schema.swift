import Objects

extension ObjectNode {
  /// An object of keywords.
  static func object(_ fields: [String: ObjectNode]) -> ObjectNode {
    ObjectNode(
      .mapping(fields.sorted { $0.key < $1.key }.map { Entry(key: $0.key, value: $0.value) }))
  }

  /// The object with further keys; those of `other` win.
  func merging(_ other: [String: ObjectNode]) -> ObjectNode {
    var merged = self
    for (key, value) in other.sorted(by: { $0.key < $1.key }) { merged[key] = value }
    return merged
  }
}
