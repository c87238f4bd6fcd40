import Objects

extension [ObjectNode.Entry] {
  /// Of entries with one key the last, as Go's encoding/json decodes them; in the order of those.
  func lastOfEachKey() -> [ObjectNode.Entry] {
    var seen: Set<String> = []
    return reversed().filter { seen.insert($0.key).inserted }.reversed()
  }
}
