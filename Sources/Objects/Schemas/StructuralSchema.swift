/// What a custom resource's definition says of its objects' values (apiextensions-apiserver,
/// pkg/apiserver/schema): which fields there are, what they hold, and what is filled in.
package final class StructuralSchema: Sendable {
  /// `object`, `array`, `string`, `integer`, `number`, `boolean`; empty where nothing is said.
  let type: String
  /// Whether it may be a whole number or a text (`x-kubernetes-int-or-string`).
  let isIntegerOrString: Bool
  let isNullable: Bool
  /// Whether fields that it does not name are kept (`x-kubernetes-preserve-unknown-fields`).
  let preservesUnknownFields: Bool
  /// Whether it is an object with apiVersion, kind and metadata of its own.
  let isEmbeddedResource: Bool
  let properties: [String: StructuralSchema]
  /// The schema of the values of a mapping with any keys.
  let values: StructuralSchema?
  /// Whether any keys with any values may be there (`additionalProperties: true`).
  let takesAnyValue: Bool
  let items: StructuralSchema?
  let required: [String]
  /// What is filled in where the field is missing.
  let fallback: ObjectNode?
  let limits: ValueLimits
  /// `atomic`, `set`, `map`.
  let listType: String
  let listKeys: [String]
  /// Whether rules in the Common Expression Language are written somewhere in it.
  package let hasExpressionRules: Bool

  /// Reads a schema as a definition has it (`openAPIV3Schema`).
  package init(_ tree: ObjectNode) {
    type = tree["type"]?.string ?? ""
    isIntegerOrString = tree["x-kubernetes-int-or-string"]?.boolean ?? false
    isNullable = tree["nullable"]?.boolean ?? false
    preservesUnknownFields = tree["x-kubernetes-preserve-unknown-fields"]?.boolean ?? false
    isEmbeddedResource = tree["x-kubernetes-embedded-resource"]?.boolean ?? false
    properties = Dictionary(
      (tree["properties"]?.entries ?? []).map { ($0.key, StructuralSchema($0.value)) }
    ) { first, _ in first }
    let additional = tree["additionalProperties"]
    values = additional?.isMapping == true ? additional.map { StructuralSchema($0) } : nil
    takesAnyValue = additional?.boolean ?? false
    items = tree["items"].map { StructuralSchema($0) }
    required = (tree["required"]?.items ?? []).compactMap(\.string)
    fallback = tree["default"]
    limits = ValueLimits(tree)
    listType = tree["x-kubernetes-list-type"]?.string ?? ""
    listKeys = (tree["x-kubernetes-list-map-keys"]?.items ?? []).compactMap(\.string)
    hasExpressionRules =
      !(tree["x-kubernetes-validations"]?.items ?? []).isEmpty
      || properties.values.contains { $0.hasExpressionRules }
      || values?.hasExpressionRules == true || items?.hasExpressionRules == true
  }

  /// The fields that each object has, whatever its schema says.
  static let ownFields: Set<String> = ["apiVersion", "kind", "metadata"]
}
