import KubeVirt
import Objects

/// The API server's decoding of a pod or a node: the first value of a wrong type in Go's words, and
/// fields that the API does not know (kubectl asks for strict decoding).
struct StrictDecoding {
  /// Something that is wrong, and where.
  struct Finding {
    /// The path with list indices.
    var place: String
    var message: String
  }

  private(set) var typeError: Finding?
  private(set) var unknown: [Finding] = []

  init(_ object: ObjectNode, as kind: String) {
    check(object, .structure(kind), Position(goStruct: kind))
  }

  /// The error that the API server answers with.
  var refusal: Refusal? {
    if let typeError { return Refusal(typeError.message) }
    guard !unknown.isEmpty else { return nil }
    return Refusal("strict decoding error: " + unknown.map(\.message).joined(separator: ", "))
  }

  private struct Position {
    /// The innermost structure.
    var goStruct: String
    /// The path as Go has it: without indices and keys of mappings.
    var goPath = ""
    var place = ""

    func field(_ name: String) -> Position {
      Position(
        goStruct: goStruct, goPath: goPath.isEmpty ? name : "\(goPath).\(name)",
        place: place.isEmpty ? name : "\(place).\(name)")
    }

    func item(_ index: Int) -> Position {
      Position(goStruct: goStruct, goPath: goPath, place: "\(place)[\(index)]")
    }

    func key(_ key: String) -> Position {
      Position(goStruct: goStruct, goPath: goPath, place: "\(place).\(key)")
    }
  }

  private mutating func stop(_ position: Position, _ message: String) {
    if typeError == nil { typeError = Finding(place: position.place, message: message) }
  }

  private mutating func mismatch(_ node: ObjectNode, _ type: APIType, _ position: Position) {
    stop(
      position,
      "json: cannot unmarshal \(node.jsonKind) into Go struct field"
        + " \(position.goStruct).\(position.goPath) of type \(Self.goName(type))")
  }

  private mutating func check(_ node: ObjectNode, _ type: APIType, _ position: Position) {
    guard !node.isNull else { return }
    switch type {
    case .any, .time, .integerOrString: return
    case .string, .enumeration:
      if node.jsonKind != "string" { mismatch(node, type, position) }
    case .boolean:
      if node.jsonKind != "bool" { mismatch(node, type, position) }
    case .integer(let integer):
      guard node.jsonKind == "number" else { return mismatch(node, type, position) }
      if let value = node.integer, integer.range.contains(value) { return }
      stop(
        position,
        "json: cannot unmarshal number \(node.scalar?.text ?? "") into Go struct field"
          + " \(position.goStruct).\(position.goPath) of type \(integer.rawValue)")
    case .quantity:
      if APIValue(node).quantity == nil {
        stop(position, Quantity.objection(to: node.scalar?.text ?? ""))
      }
    case .list(let item):
      guard node.isSequence else { return mismatch(node, type, position) }
      for (index, node) in node.items.enumerated() { check(node, item, position.item(index)) }
    case .map(let value):
      guard node.isMapping else { return mismatch(node, type, position) }
      for entry in node.entries { check(entry.value, value, position.key(entry.key)) }
    case .structure(let name):
      guard node.isMapping else { return mismatch(node, type, position) }
      guard let fields = CoreTypes.structures[name]?.fields else { return }
      var inner = position
      inner.goStruct = name
      for entry in node.entries {
        let position = inner.field(entry.key)
        if let field = fields[entry.key] {
          check(entry.value, field.type, position)
        } else {
          unknown.append(
            Finding(
              place: position.place, message: "unknown field \(goQuoted(position.place))"))
        }
      }
    }
  }

  /// The type's name in Go.
  private static func goName(_ type: APIType) -> String {
    switch type {
    case .string, .time, .integerOrString, .any: "string"
    case .enumeration(let names): names.first ?? "string"
    case .boolean: "bool"
    case .integer(let integer): integer.rawValue
    case .quantity: "resource.Quantity"
    case .list(let item): "[]\(goName(item))"
    case .map(.quantity): "v1.ResourceList"
    case .map(let value): "map[string]\(goName(value))"
    case .structure(let name): "v1.\(name)"
    }
  }
}
