import Objects

/// Where two trees differ.
struct TreeComparison {
  /// `path: said, expected`.
  private(set) var differences: [String] = []

  init(_ here: ObjectNode, _ recorded: ObjectNode) {
    compare(here, recorded, "")
  }

  /// Names and moments that are another's in each telling, of an object.
  private static let own: Set<String> = [
    "metadata.uid", "metadata.resourceVersion", "metadata.creationTimestamp",
    "metadata.deletionTimestamp", "metadata.managedFields().time",
    "metadata.ownerReferences[].uid", "status.conditions[].lastTransitionTime",
    "involvedObject.uid", "involvedObject.resourceVersion", "regarding.uid",
    "regarding.resourceVersion", "details.uid",
  ]
  /// What is said in words of another, or of other addresses, whether it is there or not.
  private static let others: Set<String> = [
    "metadata.continue", "serverAddressByClientCIDRs", "groups[].serverAddressByClientCIDRs",
    "storageVersionHash", "resources[].storageVersionHash", "columnDefinitions[].description",
    "columns[].description",
  ]

  /// A path without its indexes, and without the list, the row or the event in which the object stands.
  private static func general(_ path: String) -> String {
    let general = path.replacing(/\[[0-9]+\]/, with: "[]").replacing(/\([^)]*\)/, with: "()")
    var rest = general[...]
    for place in ["object.", "items[].", "rows[].object."] where rest.hasPrefix(place) {
      rest = rest.dropFirst(place.count)
    }
    return String(rest)
  }

  private mutating func compare(_ here: ObjectNode?, _ recorded: ObjectNode?, _ path: String) {
    guard let here, let recorded else {
      guard here != nil || recorded != nil else { return }
      differences.append("\(path): \(Self.words(here)), recorded \(Self.words(recorded))")
      return
    }
    if here.isMapping, recorded.isMapping {
      for key in Set(here.entries.map(\.key) + recorded.entries.map(\.key)).sorted() {
        let place = path.isEmpty ? key : "\(path).\(key)"
        let general = Self.general(place)
        if Self.own.contains(general), here[key] != nil, recorded[key] != nil { continue }
        if Self.others.contains(general) { continue }
        compare(here[key], recorded[key], place)
      }
    } else if path.hasSuffix("managedFields") {
      compareOwners(here, recorded, path)
    } else if here.isSequence, recorded.isSequence {
      if here.items.count != recorded.items.count {
        differences.append("\(path): \(here.items.count) items, recorded \(recorded.items.count)")
      }
      for (index, pair) in zip(here.items, recorded.items).enumerated() {
        compare(pair.0, pair.1, "\(path)[\(index)]")
      }
    } else if here != recorded {
      // Ages of what is shown in tables.
      if Self.general(path) == "rows[].cells[]", Self.isAge(here), Self.isAge(recorded) { return }
      differences.append("\(path): \(Self.words(here)), recorded \(Self.words(recorded))")
    }
  }

  /// Those who have set fields: their order is that of times, which are others here.
  private mutating func compareOwners(
    _ here: ObjectNode, _ recorded: ObjectNode, _ path: String
  ) {
    func named(_ list: ObjectNode) -> [String: ObjectNode] {
      Dictionary(
        list.items.map { owner in
          let words = ["manager", "operation", "subresource"].map { owner[$0]?.string ?? "" }
          return (words.joined(separator: " "), owner)
        }
      ) { first, _ in first }
    }
    let (here, recorded) = (named(here), named(recorded))
    for name in Set(here.keys).union(recorded.keys).sorted() {
      compare(here[name], recorded[name], "\(path)(\(name))")
    }
  }

  /// `12s`, `5m4s`, `<unknown>`.
  private static func isAge(_ node: ObjectNode) -> Bool {
    guard let text = node.string else { return false }
    return text.last.map { "smhdy".contains($0) } == true && text.first?.isNumber == true
      && text.allSatisfy { $0.isNumber || "smhdy".contains($0) }
  }

  /// The start of a value. Moments go before the cut, which would leave a part of one that no rule knows.
  private static func words(_ node: ObjectNode?) -> String {
    node.map { String(KnownDifferences.normalized($0.text).prefix(200)) } ?? "nothing"
  }
}
