/// What a schema says of a value beside its type (OpenAPI 3.0, Schema Object).
struct ValueLimits: Sendable {
  /// As ``StructuralSchema/type``.
  let type: String
  let choices: [ObjectNode]
  let minimum: Double?
  let maximum: Double?
  let isMinimumExclusive: Bool
  let isMaximumExclusive: Bool
  let multipleOf: Double?
  let lengths: (least: Int?, most: Int?)
  let itemCounts: (least: Int?, most: Int?)
  let propertyCounts: (least: Int?, most: Int?)
  let pattern: LinearPattern?
  let format: String
  let all: [StructuralSchema]
  let any: [StructuralSchema]
  let one: [StructuralSchema]
  let none: StructuralSchema?

  init(_ tree: ObjectNode) {
    func number(_ name: String) -> Double? { tree[name]?.scalar.flatMap { Double($0.text) } }
    func schemas(_ name: String) -> [StructuralSchema] {
      (tree[name]?.items ?? []).map { StructuralSchema($0) }
    }
    type = tree["type"]?.string ?? ""
    choices = tree["enum"]?.items ?? []
    minimum = number("minimum")
    maximum = number("maximum")
    isMinimumExclusive = tree["exclusiveMinimum"]?.boolean ?? false
    isMaximumExclusive = tree["exclusiveMaximum"]?.boolean ?? false
    multipleOf = number("multipleOf")
    lengths = (tree["minLength"]?.integer, tree["maxLength"]?.integer)
    itemCounts = (tree["minItems"]?.integer, tree["maxItems"]?.integer)
    propertyCounts = (tree["minProperties"]?.integer, tree["maxProperties"]?.integer)
    pattern = tree["pattern"]?.string.flatMap { LinearPattern($0) }
    format = tree["format"]?.string ?? ""
    all = schemas("allOf")
    any = schemas("anyOf")
    one = schemas("oneOf")
    none = tree["not"].map { StructuralSchema($0) }
  }
}
