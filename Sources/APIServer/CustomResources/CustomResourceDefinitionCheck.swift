import Objects

/// What is wrong with a CustomResourceDefinition (apiextensions-apiserver,
/// pkg/apis/apiextensions/validation).
struct CustomResourceDefinitionCheck {
  private(set) var causes: [StatusError.Cause] = []
  private let resource: CustomResource

  init(_ tree: ObjectNode) {
    resource = CustomResource(tree)
    checkNames(tree)
    checkVersions(tree)
    if tree["spec", "preserveUnknownFields"]?.boolean == true {
      refuse("spec.preserveUnknownFields", true, "must be false")
    }
    checkStoredVersions(tree)
  }

  private mutating func require(_ field: String, _ detail: String = "") {
    causes.append(
      StatusError.Cause(
        field: field, message: "Required value" + (detail.isEmpty ? "" : ": \(detail)"),
        reason: "FieldValueRequired"))
  }

  private mutating func refuse(_ field: String, _ value: ObjectNode, _ detail: String) {
    let text = String(decoding: value.canonicalJSON, as: UTF8.self)
    causes.append(
      StatusError.Cause(field: field, message: "Invalid value: \(text): \(detail)"))
  }

  private mutating func checkNames(_ tree: ObjectNode) {
    let wanted = "\(resource.names.plural).\(resource.id.group)"
    if resource.name != wanted {
      refuse("metadata.name", .text(resource.name), "must be spec.names.plural+\".\"+spec.group")
    }
    if resource.id.group.isEmpty {
      require("spec.group")
    } else if !resource.id.group.contains(".") {
      refuse("spec.group", .text(resource.id.group), "should be a domain with at least one dot")
    }
    switch tree["spec", "scope"]?.string ?? "" {
    case "Cluster", "Namespaced": break
    case "": require("spec.scope")
    case let scope:
      causes.append(
        StatusError.Cause(
          field: "spec.scope",
          message: "Unsupported value: \"\(scope)\": supported values: \"Cluster\", \"Namespaced\"",
          reason: "FieldValueNotSupported"))
    }
    for (field, name) in [
      ("plural", resource.names.plural), ("singular", resource.names.singular),
      ("kind", resource.names.kind.lowercased()),
      ("listKind", resource.names.listKind.lowercased()),
    ] {
      let path = "spec.names.\(field)"
      guard !name.isEmpty else {
        require(path)
        continue
      }
      checkLabel(name, path)
    }
    for (field, names) in [
      ("shortNames", resource.names.shortNames), ("categories", resource.names.categories),
    ] {
      for (index, name) in names.enumerated() {
        checkLabel(name, "spec.names.\(field)[\(index)]")
      }
    }
    // The status repeats them, and must have room beside the definition.
    if let names = tree["spec", "names"], names.canonicalJSON.count > Self.namesLimit {
      causes.append(
        StatusError.Cause(
          field: "spec.names",
          message: "Too long: may not be more than \(Self.namesLimit) bytes",
          reason: "FieldValueTooLong"))
    }
    if !resource.names.kind.isEmpty, resource.names.kind == resource.names.listKind {
      refuse(
        "spec.names.listKind", .text(resource.names.listKind),
        "kind and listKind may not be the same")
    }
  }

  /// Bytes of all names as JSON; a cluster has no limit but that of the object.
  private static let namesLimit = 64 << 10

  /// RFC 1035, section 2.3.1, in lower case.
  private mutating func checkLabel(_ name: String, _ path: String) {
    if name.utf8.count > 63 {
      refuse(path, .text(name), "must be no more than 63 characters")
    }
    func isLetter(_ byte: UInt8?) -> Bool { byte.map { (0x61...0x7a).contains($0) } ?? false }
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
    guard isLetter(name.utf8.first), isLetter(name.utf8.last) || isDigit(name.utf8.last),
      name.utf8.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") })
    else { return refuse(path, .text(name), Self.label) }
  }

  /// A version in which objects may still be stored must stay.
  private mutating func checkStoredVersions(_ tree: ObjectNode) {
    let names = Set(resource.versions.map(\.name))
    for (index, stored) in (tree["status", "storedVersions"]?.items ?? []).enumerated() {
      guard let name = stored.string, !names.contains(name) else { continue }
      refuse(
        "status.storedVersions[\(index)]", stored,
        "missing from spec.versions; \(name) was previously a storage version, and must remain in "
          + "spec.versions until a storage migration ensures no data remains persisted in \(name) "
          + "and removes \(name) from status.storedVersions")
    }
  }

  private static let label =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    + "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
    + "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"

  private mutating func checkVersions(_ tree: ObjectNode) {
    let versions = tree["spec", "versions"]?.items ?? []
    guard !versions.isEmpty else { return require("spec.versions") }
    if versions.filter({ $0["storage"]?.boolean == true }).count != 1 {
      refuse(
        "spec.versions", .sequence(versions),
        "must have exactly one version marked as storage "
          + "version")
    }
    var seen: Set<String> = []
    for (index, version) in versions.enumerated() {
      let path = "spec.versions[\(index)]"
      let name = version["name"]?.string ?? ""
      if name.isEmpty {
        require("\(path).name")
      } else if !seen.insert(name).inserted {
        refuse("spec.versions", .text(name), "must contain unique version names")
      }
      if !name.isEmpty { checkLabel(name, "\(path).name") }
      if let schema = version["schema", "openAPIV3Schema"] {
        checkRoot(schema, "\(path).schema.openAPIV3Schema")
      } else {
        require("\(path).schema.openAPIV3Schema", "schemas are required")
      }
      for (place, column) in (version["additionalPrinterColumns"]?.items ?? []).enumerated() {
        checkColumn(column, "\(path).additionalPrinterColumns[\(place)]")
      }
      if let scale = version["subresources", "scale"] {
        checkScale(scale, "\(path).subresources.scale")
      }
    }
  }

  /// The paths of numbers: what is written there must not be the object's identity.
  private mutating func checkScale(_ scale: ObjectNode, _ path: String) {
    let fields: [(String, isRequired: Bool, [String], String)] = [
      ("specReplicasPath", true, [".spec."], "should be a json path under .spec"),
      ("statusReplicasPath", true, [".status."], "should be a json path under .status"),
      (
        "labelSelectorPath", false, [".spec.", ".status."],
        "should be a json path under either .spec or .status"
      ),
    ]
    for (field, isRequired, places, objection) in fields {
      guard let text = scale[field]?.string, !text.isEmpty else {
        if isRequired { require("\(path).\(field)") }
        continue
      }
      let steps = text.split(separator: ".", omittingEmptySubsequences: false).dropFirst()
      if !text.hasPrefix(".") {
        refuse("\(path).\(field)", .text(text), "must be a simple json path starting with .")
      } else if steps.contains(where: { $0.isEmpty || $0.contains("[") }) {
        refuse("\(path).\(field)", .text(text), "must be a json path in the dot notation")
      } else if !places.contains(where: text.hasPrefix) {
        refuse("\(path).\(field)", .text(text), objection)
      }
    }
  }

  private mutating func checkColumn(_ column: ObjectNode, _ path: String) {
    if column["name"]?.string?.isEmpty != false { require("\(path).name") }
    let types = ["boolean", "date", "integer", "number", "string"]
    switch column["type"]?.string ?? "" {
    case "":
      require("\(path).type", "must be one of \(types.joined(separator: ","))")
    case let type where !types.contains(type):
      refuse("\(path).type", .text(type), "must be one of \(types.joined(separator: ","))")
    default: break
    }
    guard let text = column["jsonPath"]?.string, !text.isEmpty else {
      return require("\(path).jsonPath")
    }
    if !text.hasPrefix(".") {
      refuse("\(path).jsonPath", .text(text), "must be a simple json path starting with .")
    }
  }

  private mutating func checkRoot(_ schema: ObjectNode, _ path: String) {
    switch schema["type"]?.string ?? "" {
    case "object": break
    case "": require("\(path).type", "must not be empty at the root")
    case let type:
      return refuse("\(path).type", .text(type), "must be object at the root")
    }
    checkSchema(schema, path, depth: 0)
  }

  /// What makes a schema structural: each value says its type, and nothing beside.
  private mutating func checkSchema(_ schema: ObjectNode, _ path: String, depth: Int) {
    guard depth < 64 else {
      return refuse(path, .text(""), "more than 64 levels of schemas")
    }
    checkValue(schema, path)
    for word in ["allOf", "anyOf", "oneOf"] {
      for (index, part) in (schema[word]?.items ?? []).enumerated() {
        checkCondition(part, "\(path).\(word)[\(index)]", depth: depth + 1)
      }
    }
    if let part = schema["not"] { checkCondition(part, "\(path).not", depth: depth + 1) }
    for entry in schema["properties"]?.entries ?? [] {
      checkChild(entry.value, "\(path).properties[\(entry.key)]", depth)
    }
    if let items = schema["items"] {
      checkChild(items, "\(path).items", depth)
    } else if schema["type"]?.string == "array" {
      require("\(path).items", "must be specified")
    }
    if let values = schema["additionalProperties"], values.isMapping {
      checkChild(values, "\(path).additionalProperties", depth)
      if schema["properties"] != nil {
        causes.append(
          StatusError.Cause(
            field: "\(path).additionalProperties",
            message: "Forbidden: additionalProperties and properties are mutual exclusive",
            reason: "FieldValueForbidden"))
      }
    }
    if let fallback = schema["default"] {
      let structural = StructuralSchema(schema)
      causes += structural.causes(of: fallback).map { cause in
        StatusError.Cause(
          field: "\(path).default" + (cause.field == "<nil>" ? "" : ".\(cause.field)"),
          message: cause.message, reason: cause.reason)
      }
    }
  }

  /// What is said of a value itself.
  private mutating func checkValue(_ schema: ObjectNode, _ path: String) {
    let types = ["array", "boolean", "integer", "number", "object", "string"]
    if let type = schema["type"]?.string, !type.isEmpty, !types.contains(type) {
      causes.append(
        StatusError.Cause(
          field: "\(path).type",
          message: "Unsupported value: \"\(type)\": supported values: "
            + types.map { "\"\($0)\"" }.joined(separator: ", "),
          reason: "FieldValueNotSupported"))
    }
    if let pattern = schema["pattern"]?.string, LinearPattern(pattern) == nil {
      refuse("\(path).pattern", .text(pattern), "must be a valid regular expression, but isn't")
    }
    if schema["x-kubernetes-list-type"]?.string == "map",
      schema["x-kubernetes-list-map-keys"]?.items.isEmpty != false
    {
      require(
        "\(path).x-kubernetes-list-map-keys",
        "must not be empty if x-kubernetes-list-type is map")
    }
  }

  /// A schema that is one of several, or must not hold: its fields need no types.
  private mutating func checkCondition(_ schema: ObjectNode, _ path: String, depth: Int) {
    guard depth < 64 else {
      return refuse(path, .text(""), "more than 64 levels of schemas")
    }
    checkValue(schema, path)
    var parts = (schema["properties"]?.entries ?? []).map {
      ($0.value, "\(path).properties[\($0.key)]")
    }
    for word in ["allOf", "anyOf", "oneOf"] {
      parts += (schema[word]?.items ?? []).enumerated().map {
        ($0.element, "\(path).\(word)[\($0.offset)]")
      }
    }
    for word in ["items", "additionalProperties", "not"] {
      if let part = schema[word], part.isMapping { parts.append((part, "\(path).\(word)")) }
    }
    for (part, place) in parts { checkCondition(part, place, depth: depth + 1) }
  }

  private mutating func checkChild(_ schema: ObjectNode, _ path: String, _ depth: Int) {
    let isOpen =
      schema["x-kubernetes-int-or-string"]?.boolean == true
      || schema["x-kubernetes-preserve-unknown-fields"]?.boolean == true
    if schema["type"]?.string?.isEmpty != false, !isOpen {
      require("\(path).type", "must not be empty for specified object fields")
    }
    checkSchema(schema, path, depth: depth + 1)
  }
}
