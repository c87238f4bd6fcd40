import Objects

/// A value of an object whose types have been checked: reading what is absent gives Go's zero
/// value, as KubeVirt's own code sees it.
struct APIValue {
  let node: ObjectNode?

  init(_ node: ObjectNode?) {
    self.node = node?.isNull == true ? nil : node
  }

  /// Whether the field is there.
  var exists: Bool { node != nil }

  subscript(name: String) -> APIValue { APIValue(node?[name]) }

  /// The text; empty when absent.
  var string: String { node?.scalar?.text ?? "" }

  /// The whole number; 0 when absent.
  var integer: Int { node?.wholeNumber ?? 0 }

  /// The boolean; `nil` when absent.
  var boolean: Bool? { node?.scalar?.boolean }

  /// Whether a FeatureState is there and not switched off.
  var isEnabled: Bool { exists && self["enabled"].boolean != false }

  /// The quantity; `nil` when absent.
  var quantity: Quantity? { node?.quantity }

  /// The items of a list; none when absent.
  var items: [APIValue] { node?.items.map(APIValue.init) ?? [] }

  /// The texts of a list.
  var strings: [String] { items.map(\.string) }

  /// The keys of a mapping.
  var keys: [String] { node?.entries.map(\.key) ?? [] }
}
