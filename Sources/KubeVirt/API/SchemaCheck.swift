import Objects

/// Compares an object with the types of KubeVirt's API, as its webhooks do before anything else:
/// the OpenAPI check (pkg/util/openapi) first, and, where that finds nothing, Go's JSON decoder.
struct SchemaCheck {
  /// What the OpenAPI check refuses, but for unknown fields.
  private(set) var causes: [Cause] = []
  /// Fields that the API does not know and an API server drops.
  private(set) var unknown: [UnknownField] = []
  /// Fields of the object's own metadata that an API server drops; the webhooks take them.
  private(set) var unknownMetadata: [UnknownField] = []
  /// Fields that the API does not know and an API server leaves alone.
  private(set) var forbidden: [UnknownField] = []
  private var hasNulls = false

  /// Whether an API server drops nothing of the object's spec.
  var isPruned: Bool { unknown.isEmpty && !hasNulls }

  private enum Step: Hashable {
    case key(String)
    case index(Int)
  }

  private var steps: [Step] = []
  /// What the decoder stops at, with the way there.
  private var decoding: [(steps: [Step], cause: Cause)] = []
  /// The outermost Go type of the value in hand, and how many steps lead to it.
  private var goRoot = (name: "", depth: 0)
  /// The mappings around the value in hand, from the root on.
  private var levels: [FieldSearch.Level] = []
  /// Whether the value in hand is in a mapping of which the API server keeps all.
  private var isPreserved = false

  /// Checks a whole object of KubeVirt's.
  ///
  /// - Parameters:
  ///   - kind: the object's kind, which ``APITypes`` has.
  ///   - specification: the structure of its spec.
  init(_ root: ObjectNode, kind: String, specification: String) {
    goRoot = (kind, 0)
    levels = [FieldSearch.Level(structure: kind, path: "", node: root)]
    // The version has a check of its own, which knows the slip of the lower-case key.
    for entry in root.entries
    where APITypes.structures[kind]?.fields[entry.key] == nil && entry.key != "apiversion" {
      reject(entry)
    }
    if let metadata = root["metadata"] {
      checkMetadata(metadata)
      findUnknown(inMetadata: metadata)
    }
    guard let spec = root["spec"] else {
      causes.append(Cause("", "spec in body is required", place: "kind"))
      causes.append(Cause("", "spec in body must be of type object: \"null\"", place: "kind"))
      return
    }
    steps = [.key("spec")]
    check(spec, .structure(specification))
  }

  /// The decoder's complaint: the first in the order of sorted keys, in which a client sends them.
  var decodingCause: Cause? {
    decoding.min { Self.isOrdered($0.steps, $1.steps) }?.cause
  }

  private static func isOrdered(_ left: [Step], _ right: [Step]) -> Bool {
    for (first, second) in zip(left, right) where first != second {
      switch (first, second) {
      case (.index(let first), .index(let second)): return first < second
      case (.key(let first), .key(let second)):
        return first.utf8.lexicographicallyPrecedes(second.utf8)
      default: return false
      }
    }
    return left.count < right.count
  }

  // MARK: Paths

  /// The path as the OpenAPI check writes it: without list indices.
  private var path: String {
    var path = ""
    for case .key(let key) in steps { path += path.isEmpty ? key : ".\(key)" }
    return path
  }

  private var place: String {
    var path = ""
    for step in steps {
      switch step {
      case .key(let key): path += path.isEmpty ? key : ".\(key)"
      case .index(let index): path += "[\(index)]"
      }
    }
    return path
  }

  private var goPath: String {
    var path = goRoot.name
    for step in steps.dropFirst(goRoot.depth) {
      switch step {
      case .key(let key):
        path += "." + key.replacing("~", with: "~0").replacing("/", with: "~1")
      case .index(let index): path += ".\(index)"
      }
    }
    return path
  }

  // MARK: Checks

  private mutating func refuse(_ message: String) {
    causes.append(Cause("", "\(path) in body \(message)", place: place))
  }

  private mutating func refuse(type: String, _ node: ObjectNode) {
    if node.isNull, !isPreserved { hasNulls = true }
    refuse("must be of type \(type): \"\(node.schemaKind)\"")
  }

  private mutating func reject(_ entry: ObjectNode.Entry, isKept: Bool = false) {
    let field = unknownField(entry)
    if isKept { forbidden.append(field) } else { unknown.append(field) }
  }

  private func unknownField(_ entry: ObjectNode.Entry) -> UnknownField {
    // A guess is for a person with a few slips; among thousands it would take long.
    let match =
      unknown.count + forbidden.count + unknownMetadata.count < 100
      ? FieldSearch(levels: levels).match(for: entry.key) : nil
    let around = place
    return UnknownField(
      path: around.isEmpty ? entry.key : "\(around).\(entry.key)",
      bodyPath: "\(path).\(entry.key)", hint: match?.hint,
      changesBoot: match.map { UnknownField.bootFields.contains($0.field) } ?? false)
  }

  private mutating func findUnknown(inMetadata metadata: ObjectNode) {
    guard let fields = APITypes.structures["ObjectMeta"]?.fields else { return }
    steps = [.key("metadata")]
    levels.append(FieldSearch.Level(structure: "ObjectMeta", path: "metadata", node: metadata))
    for entry in metadata.entries where fields[entry.key] == nil {
      unknownMetadata.append(unknownField(entry))
    }
    levels.removeLast()
    steps = []
  }

  private mutating func stopDecoding(_ message: String) {
    decoding.append((steps, Cause("", message, place: place)))
  }

  private mutating func check(_ node: ObjectNode, _ type: APIType) {
    switch type {
    case .any: return
    case .string:
      if node.schemaKind != "string" { refuse(type: "string", node) }
    case .enumeration(let texts):
      if node.schemaKind != "string" { refuse(type: "string", node) }
      if !texts.contains(node.text ?? "") || node.schemaKind != "string" {
        refuse("should be one of [\(texts.joined(separator: " "))]")
      }
    case .boolean:
      if node.schemaKind != "boolean" { refuse(type: "boolean", node) }
    case .integer(let integer): check(node, integer)
    case .quantity:
      guard ["string", "number"].contains(node.schemaKind) else {
        return refuse(type: "string,integer,number", node)
      }
      if node.quantity == nil { stopDecoding(Quantity.objection(to: node.text ?? "")) }
    case .integerOrString: checkIntegerOrString(node)
    case .time(let nullable): checkTime(node, nullable: nullable)
    case .list(let item):
      guard node.isSequence else { return refuse(type: "array", node) }
      for (index, node) in node.items.enumerated() {
        steps.append(.index(index))
        check(node, item)
        steps.removeLast()
      }
    case .map(let value):
      guard node.isMapping else { return refuse(type: "object", node) }
      for entry in node.entries {
        steps.append(.key(entry.key))
        check(entry.value, value)
        steps.removeLast()
      }
    case .structure(let name): check(node, structure: name)
    }
  }

  private mutating func check(_ node: ObjectNode, structure name: String) {
    guard node.isMapping else { return refuse(type: "object", node) }
    let entries = node.entries
    guard let structure = APITypes.structures[name] else { return }
    let outer = (goRoot, isPreserved)
    if let alias = Self.aliases[name] { goRoot = (alias, steps.count) }
    levels.append(FieldSearch.Level(structure: name, path: place, node: node))
    isPreserved = isPreserved || name == "ObjectMeta"
    for entry in entries {
      guard let field = structure.fields[entry.key] else {
        reject(entry, isKept: isPreserved || Pruning.keepsUnknown(name))
        continue
      }
      steps.append(.key(entry.key))
      check(entry.value, field.type)
      steps.removeLast()
    }
    for (name, field) in structure.fields
    where field.isRequired && !entries.contains(where: { $0.key == name }) {
      steps.append(.key(name))
      refuse("is required")
      steps.removeLast()
    }
    levels.removeLast()
    (goRoot, isPreserved) = outer
  }

  /// Structures with a decoder of their own, which names itself.
  private static let aliases = [
    "VirtualMachineInstanceSpec": "VMISpecAlias", "DHCPOptions": "DHCPOptionsAlias",
    "PodNetwork": "PodNetworkAlias",
  ]

  private mutating func check(_ node: ObjectNode, _ integer: APIInteger) {
    if ["boolean", "object"].contains(node.schemaKind) {
      return refuse("must be of type \(integer.format): \"\"")
    }
    guard node.schemaKind == "number" else { return refuse(type: "integer", node) }
    guard let value = node.wholeNumber else {
      return refuse("must be of type \(integer.format): \"float64\"")
    }
    if !integer.range.contains(value) {
      stopDecoding(
        "json: cannot unmarshal number \(value) into Go struct field \(goPath) of type"
          + " \(integer.rawValue)")
    }
  }

  private mutating func checkIntegerOrString(_ node: ObjectNode) {
    switch node.schemaKind {
    case "string": return
    case "number":
      if let value = node.wholeNumber, APIInteger.int32.range.contains(value) { return }
      stopDecoding(
        "json: cannot unmarshal number \(node.text ?? "") into Go value of type int32")
    default: refuse(type: "string,number", node)
    }
  }

  private mutating func checkTime(_ node: ObjectNode, nullable: Bool) {
    if node.isNull, nullable { return }
    guard node.schemaKind == "string" else {
      return refuse(type: nullable ? "string,null" : "date-time", node)
    }
  }

  /// The OpenAPI check leaves the object's own metadata alone; the decoder does not.
  private mutating func checkMetadata(_ node: ObjectNode) {
    func wrong(_ node: ObjectNode, _ type: String, _ keys: String...) {
      steps = keys.map(Step.key)
      let kind = node.schemaKind == "boolean" ? "bool" : node.schemaKind
      stopDecoding(
        "json: cannot unmarshal \(kind) into Go struct field \(goPath) of type \(type)")
      steps = []
    }
    guard node.isMapping else {
      if !node.isNull { wrong(node, "v1.ObjectMeta", "metadata") }
      return
    }
    for entry in node.entries where !entry.value.isNull {
      let kind = entry.value.schemaKind
      switch entry.key {
      case "name", "namespace", "generateName", "uid", "resourceVersion", "selfLink":
        if kind != "string" { wrong(entry.value, "string", "metadata", entry.key) }
      case "labels", "annotations":
        guard entry.value.isMapping else {
          wrong(entry.value, "map[string]string", "metadata", entry.key)
          continue
        }
        for text in entry.value.entries where !["string", "null"].contains(text.value.schemaKind) {
          wrong(text.value, "string", "metadata", entry.key, text.key)
        }
      default: continue
      }
    }
  }
}
