extension ObjectNode {
  /// The value with a merge patch applied (RFC 7386): mappings are merged, null removes a key, and
  /// everything else replaces what was there.
  package func merging(_ patch: ObjectNode) -> ObjectNode {
    guard patch.isMapping else { return patch }
    var merged = isMapping ? self : .mapping()
    for entry in patch.entries {
      if entry.value.isNull {
        merged[entry.key] = nil
      } else {
        merged[entry.key] = (merged[entry.key] ?? .null).merging(entry.value)
      }
    }
    return merged
  }
}
