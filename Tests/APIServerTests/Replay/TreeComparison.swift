import Objects

/// Where two trees differ.
struct TreeComparison {
  /// `path: said, expected`.
  private(set) var differences: [String] = []
  /// Whether the answer may have fields that the recording has not (filled in by webhooks, which the
  /// recorded server had not).
  let allowsMore: Bool

  init(_ here: ObjectNode, _ recorded: ObjectNode, allowsMore: Bool = false) {
    self.allowsMore = allowsMore
    compare(here, recorded, "")
  }

  /// Names and moments that are another's in each telling.
  private static let own: Set<String> = [
    "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "time", "continue",
    "storageVersionHash", "lastTransitionTime", "serverAddressByClientCIDRs", "description",
  ]

  private mutating func compare(_ here: ObjectNode?, _ recorded: ObjectNode?, _ path: String) {
    guard let here, let recorded else {
      guard here != nil || recorded != nil else { return }
      if recorded == nil, allowsMore { return }
      differences.append("\(path): \(Self.words(here)), recorded \(Self.words(recorded))")
      return
    }
    if here.isMapping, recorded.isMapping {
      for key in Set(here.entries.map(\.key) + recorded.entries.map(\.key)).sorted() {
        let isOwn = Self.own.contains(key)
        if isOwn, here[key] != nil, recorded[key] != nil { continue }
        if ["continue", "serverAddressByClientCIDRs", "storageVersionHash", "description"].contains(
          key)
        {
          continue
        }
        compare(here[key], recorded[key], path.isEmpty ? key : "\(path).\(key)")
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
    } else if here != recorded, !(Self.isAge(here) && Self.isAge(recorded)) {
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

  private static func words(_ node: ObjectNode?) -> String {
    node.map { String($0.text.prefix(200)) } ?? "nothing"
  }
}
