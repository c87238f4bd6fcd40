import Objects

/// Amounts of resources by name (core/v1, ResourceList).
package struct ResourceList: Hashable, Sendable {
  private(set) var amounts: [String: Quantity] = [:]

  /// Nothing.
  package init() {}

  init(_ value: APIValue) {
    for entry in value.node?.entries ?? [] {
      if let quantity = APIValue(entry.value).quantity { amounts[entry.key] = quantity }
    }
  }

  init(_ amounts: KeyValuePairs<String, String>) {
    for (name, text) in amounts { self.amounts[name] = Quantity(text) }
  }

  package subscript(name: String) -> Quantity? {
    get { amounts[name] }
    set { amounts[name] = newValue }
  }

  var isEmpty: Bool { amounts.isEmpty }

  /// The amounts of both; another's count where both have one.
  func merging(_ other: ResourceList) -> ResourceList {
    var merged = self
    merged.amounts.merge(other.amounts) { $1 }
    return merged
  }

  /// One of a device more.
  mutating func add(one name: String) {
    guard let one = Quantity("1") else { return }
    amounts[name] = amounts[name].map { $0 + one } ?? one
  }

  /// As JSON has it, names sorted.
  package var tree: ObjectNode {
    ObjectNode(
      .mapping(
        amounts.sorted { $0.key < $1.key }.map {
          ObjectNode.Entry(key: $0.key, value: .text($0.value.description))
        }))
  }
}

/// What a container requests and is limited to.
package struct ContainerResources: Hashable, Sendable {
  package var requests: ResourceList
  package var limits: ResourceList

  init(requests: ResourceList, limits: ResourceList) {
    self.requests = requests
    self.limits = limits
  }

  /// Small ones of KubeVirt's own containers.
  ///
  /// - Parameter isGuaranteed: whether the pod is to have no less than its limits.
  init(
    limits: KeyValuePairs<String, String>, requests: KeyValuePairs<String, String>,
    isGuaranteed: Bool
  ) {
    self.limits = ResourceList(limits)
    self.requests = ResourceList(requests)
    if isGuaranteed { self.requests = self.requests.merging(self.limits) }
  }

  /// As JSON has it.
  package var tree: ObjectNode {
    var tree = ObjectNode.mapping()
    if !limits.isEmpty { tree["limits"] = limits.tree }
    if !requests.isEmpty { tree["requests"] = requests.tree }
    return tree
  }
}
