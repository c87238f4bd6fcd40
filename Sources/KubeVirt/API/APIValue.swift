import Objects

/// A value of an object whose types have been checked: reading what is absent gives Go's zero
/// value, as KubeVirt's own code sees it.
package struct APIValue {
  /// The value; `nil` when absent or null.
  package let node: ObjectNode?

  /// A value; null counts as absent.
  package init(_ node: ObjectNode?) {
    self.node = node?.isNull == true ? nil : node
  }

  /// Whether the field is there.
  package var exists: Bool { node != nil }

  /// The field of a mapping with this name.
  package subscript(name: String) -> APIValue { APIValue(node?[name]) }

  /// The text; empty when absent.
  package var string: String { node?.scalar?.text ?? "" }

  /// The whole number; 0 when absent.
  package var integer: Int { node?.wholeNumber ?? 0 }

  /// The boolean; `nil` when absent.
  package var boolean: Bool? { node?.scalar?.boolean }

  /// Whether a FeatureState is there and not switched off.
  package var isEnabled: Bool { exists && self["enabled"].boolean != false }

  /// The quantity; `nil` when absent.
  package var quantity: Quantity? { node?.quantity }

  /// The items of a list; none when absent.
  package var items: [APIValue] { node?.items.map(APIValue.init) ?? [] }

  /// The texts of a list.
  package var strings: [String] { items.map(\.string) }

  /// The keys of a mapping.
  package var keys: [String] { node?.entries.map(\.key) ?? [] }

  /// A mapping of texts, such as labels.
  package var texts: [String: String] {
    Dictionary((node?.entries ?? []).map { ($0.key, $0.value.scalar?.text ?? "") }) { first, _ in
      first
    }
  }
}
