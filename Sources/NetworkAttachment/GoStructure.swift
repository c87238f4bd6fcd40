import Objects

/// A structure that a plugin written in Go decodes its configuration into: what encoding/json says
/// of a value of the wrong type depends on it.
struct GoStructure: Sendable {
  /// A field of the structure.
  struct Field: Sendable {
    /// Its name in JSON.
    var name: String
    var type: GoType
    /// The first release of the plugins that knows it.
    var since = CNIPluginsVersion(1, 0, 0)
    /// The embedded structure that it comes from: all plugins embed `NetConf`.
    var embedded: String?
  }

  /// Its name in Go; empty for one without.
  var name: String
  var fields: [Field]
  /// Whether it reads itself (json.Unmarshaler): what is wrong inside is told of the structure around.
  var readsItself = false

  /// The fields that a release knows, by their names.
  func fields(in release: CNIPluginsVersion) -> [String: Field] {
    Dictionary(
      uniqueKeysWithValues: fields.filter { $0.since <= release }.map { ($0.name, $0) })
  }
}

extension GoStructure {
  /// The fields of every plugin's configuration (containernetworking/cni, pkg/types/types.go).
  static let pluginFields: [Field] = [
    .init(name: "cniVersion", type: .string, embedded: "NetConf"),
    .init(name: "name", type: .string, embedded: "NetConf"),
    .init(name: "type", type: .string, embedded: "NetConf"),
    .init(
      name: "capabilities", type: .map(.bool, name: "map[string]bool"), embedded: "NetConf"),
    .init(
      name: "ipam",
      type: .structure(
        GoStructure(name: "IPAM", fields: [.init(name: "type", type: .string)]),
        name: "types.IPAM"), embedded: "NetConf"),
    .init(name: "dns", type: .dns, embedded: "NetConf"),
    .init(
      name: "prevResult", type: .map(.any, name: "map[string]interface {}"), embedded: "NetConf"),
  ]

  /// The names of all fields, also of those inside.
  var names: [String] {
    fields.flatMap { [$0.name] + $0.type.names }
  }
}

/// The type of a field in Go.
indirect enum GoType: Sendable {
  case int
  case bool
  case string
  /// A type that reads itself from a text (encoding.TextUnmarshaler), with Go's name for it.
  case text(name: String)
  /// A slice, with Go's name for it.
  case list(GoType, name: String)
  /// A structure, with Go's name for its type.
  case structure(GoStructure, name: String)
  /// A map from texts, with Go's name for it.
  case map(GoType, name: String)
  /// Anything.
  case any

  /// Go's name for the type.
  var name: String {
    switch self {
    case .int: "int"
    case .bool: "bool"
    case .string: "string"
    case .text(let name), .list(_, let name), .structure(_, let name), .map(_, let name): name
    case .any: "interface {}"
    }
  }

  /// The names of the fields inside.
  fileprivate var names: [String] {
    switch self {
    case .list(let element, _), .map(let element, _): element.names
    case .structure(let structure, _): structure.names
    case .int, .bool, .string, .text, .any: []
    }
  }
}

extension GoType {
  /// `types.DNS` (containernetworking/cni, pkg/types/types.go).
  static let dns = GoType.structure(
    GoStructure(
      name: "DNS",
      fields: [
        .init(name: "nameservers", type: .list(.string, name: "[]string")),
        .init(name: "domain", type: .string),
        .init(name: "search", type: .list(.string, name: "[]string")),
        .init(name: "options", type: .list(.string, name: "[]string")),
      ]), name: "types.DNS")
}

/// Checks JSON against a structure as encoding/json does, and reports every value of a wrong type
/// in its words; the plugin itself stops at the first.
struct GoTypeCheck {
  let release: CNIPluginsVersion
  /// What the plugin puts before encoding/json's message.
  let prefix: String

  /// - Parameters:
  ///   - path: where in the whole configuration the field is.
  ///   - outer: the structure around one that reads itself; what is wrong is told of that.
  func check(
    _ field: Field, against structure: GoStructure, path: [String] = [], in outer: String? = nil
  ) {
    let known = structure.fields(in: release)
    let namesAll = release.namesEmbeddedStructures
    for (key, value) in field.entries {
      guard let member = known[key] else { continue }
      let embedded = namesAll ? member.embedded.map { [$0] } ?? [] : []
      let steps = outer == nil || namesAll ? embedded + [key] : []
      check(value, member.type, in: outer ?? structure.name, path: path + steps)
    }
  }

  private func check(_ field: Field, _ type: GoType, in structure: String, path: [String]) {
    guard let node = field.node else { return }
    switch (type, node.content) {
    case (.any, _): return
    case (.int, _) where node.goInt != nil: return
    case (.bool, _) where node.goBool != nil: return
    case (.string, _) where node.goString != nil: return
    case (.text, _) where node.goString != nil: return
    case (.list(let element, _), .sequence):
      for item in field.items { check(item, element, in: structure, path: path) }
      return
    case (.structure(let inner, _), .mapping):
      check(field, against: inner, path: path, in: inner.readsItself ? structure : nil)
      return
    case (.map(let element, _), .mapping):
      for (_, value) in field.entries { check(value, element, in: structure, path: path) }
      return
    default: break
    }
    var kind = node.jsonKind
    if case .int = type, case .scalar(let scalar) = node.content, kind == "number" {
      kind += " \(scalar.text)"
    }
    field.error(
      "\(prefix)json: cannot unmarshal \(kind) into Go struct field"
        + " \(structure).\(path.joined(separator: ".")) of type \(type.name)")
  }
}

extension ObjectNode {
  /// A whole number, written without a fraction or exponent, as Go's decoder wants it.
  var goInt: Int? {
    guard case .scalar(let scalar) = content, scalar.isPlain else { return nil }
    return Int(scalar.text)
  }

  /// `true` or `false`.
  var goBool: Bool? {
    guard case .scalar(let scalar) = content, scalar.isPlain else { return nil }
    return Bool(scalar.text)
  }

  /// A text in quotes.
  var goString: String? {
    guard case .scalar(let scalar) = content, !scalar.isPlain else { return nil }
    return scalar.text
  }
}
