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
      if name.utf8.contains(UInt8(ascii: ".")) || ObjectNames.objection(to: name) != nil {
        refuse(path, .text(name), Self.label)
      }
    }
    if !resource.names.kind.isEmpty, resource.names.kind == resource.names.listKind {
      refuse(
        "spec.names.listKind", .text(resource.names.listKind),
        "kind and listKind may not be the same")
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
      if let schema = version["schema", "openAPIV3Schema"] {
        checkRoot(schema, "\(path).schema.openAPIV3Schema")
      } else {
        require("\(path).schema.openAPIV3Schema", "schemas are required")
      }
      for (place, column) in (version["additionalPrinterColumns"]?.items ?? []).enumerated() {
        checkColumn(column, "\(path).additionalPrinterColumns[\(place)]")
      }
      if let scale = version["subresources", "scale"] {
        for field in ["specReplicasPath", "statusReplicasPath"]
        where scale[field]?.string?.isEmpty != false {
          require("\(path).subresources.scale.\(field)")
        }
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
      refuse("\(path).type", .text(type), "must be object at the root")
    }
    checkSchema(schema, path, depth: 0)
  }

  /// What makes a schema structural: each value says its type, and nothing beside.
  private mutating func checkSchema(_ schema: ObjectNode, _ path: String, depth: Int) {
    guard depth < 64 else { return }
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
    if let pattern = schema["pattern"]?.string, LinearPattern(pattern) == nil {
      refuse("\(path).pattern", .text(pattern), "must be a valid regular expression, but isn't")
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
