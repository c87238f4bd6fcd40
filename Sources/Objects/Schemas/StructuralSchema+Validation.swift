extension StructuralSchema {
  /// What is wrong with an object (kube-openapi, pkg/validation/validate; apiextensions-apiserver,
  /// pkg/apiserver/validation).
  package func causes(of object: ObjectNode) -> [StatusError.Cause] {
    var causes: [StatusError.Cause] = []
    check(object, at: "", isResource: true, &causes)
    guard hasExpressionRules, causes.contains(where: { Self.blocking.contains($0.reason) }) else {
      return causes
    }
    return causes + [
      StatusError.Cause(
        field: "<nil>",
        message: "Invalid value: null: some validation rules were not checked because the object "
          + "was invalid; correct the existing errors to complete validation")
    ]
  }

  /// Faults after which a server does not look at rules.
  private static let blocking: Set<String> = [
    "FieldValueRequired", "FieldValueNotSupported", "FieldValueTooLong", "FieldValueTooMany",
    "FieldValueTypeInvalid",
  ]

  private func check(
    _ node: ObjectNode, at path: String, isResource: Bool, _ causes: inout [StatusError.Cause]
  ) {
    let found = FieldFault(path: path)
    let kind = node.schemaType
    if node.isNull, isNullable { return }
    if isIntegerOrString {
      guard ["integer", "string"].contains(kind) else {
        return causes.append(found.type("integer,string", kind))
      }
    } else if !type.isEmpty, !Self.fits(kind, type, node) {
      causes.append(found.type(type, kind))
    }
    causes += limits.causes(of: node, found)
    if node.isMapping {
      let names = Set(node.entries.map(\.key))
      for name in required where !names.contains(name) {
        causes.append(
          StatusError.Cause(
            field: found.child(name), message: "Required value", reason: "FieldValueRequired"))
      }
      for entry in node.entries.sorted(by: { $0.key < $1.key }) {
        if isResource, Self.ownFields.contains(entry.key) { continue }
        guard let schema = properties[entry.key] ?? values else { continue }
        schema.check(
          entry.value, at: found.child(entry.key), isResource: schema.isEmbeddedResource, &causes)
      }
    } else if node.isSequence {
      if let items {
        for (index, item) in node.items.enumerated() {
          items.check(
            item, at: "\(path)[\(index)]", isResource: items.isEmbeddedResource, &causes)
        }
      }
      causes += duplicates(in: node, found)
    }
    causes += alternatives(of: node, found)
  }

  private static func fits(_ kind: String, _ type: String, _ node: ObjectNode) -> Bool {
    if kind == type { return true }
    guard kind == "number" || kind == "integer" else { return false }
    guard type == "integer" else { return type == "number" }
    // 1.0 is a whole number in JSON.
    return node.scalar.flatMap { Double($0.text) }.map { $0 == $0.rounded() } ?? false
  }

  /// The items that a list of the type `set` or `map` has twice.
  private func duplicates(in list: ObjectNode, _ found: FieldFault) -> [StatusError.Cause] {
    guard listType == "set" || listType == "map" else { return [] }
    var seen: Set<[UInt8]> = []
    return list.items.enumerated().compactMap { index, item in
      var identity = item
      if listType == "map" {
        guard item.isMapping else { return nil }
        identity = ObjectNode(
          .mapping(
            listKeys.compactMap { key in
              item[key].map { ObjectNode.Entry(key: key, value: $0) }
            }))
      }
      let text = identity.canonicalJSON
      guard !seen.insert(text).inserted else { return nil }
      return StatusError.Cause(
        field: "\(found.path)[\(index)]",
        message: "Duplicate value: \(String(decoding: text, as: UTF8.self))",
        reason: "FieldValueDuplicate")
    }
  }

  private func alternatives(of node: ObjectNode, _ found: FieldFault) -> [StatusError.Cause] {
    func faults(_ schema: StructuralSchema) -> [StatusError.Cause] {
      var causes: [StatusError.Cause] = []
      schema.check(node, at: found.path, isResource: false, &causes)
      return causes
    }
    var causes: [StatusError.Cause] = []
    if !limits.any.isEmpty {
      let tried = limits.any.map(faults)
      if !tried.contains(where: \.isEmpty) {
        causes.append(found.composition("must validate at least one schema (anyOf)"))
        causes += tried.min { $0.count < $1.count } ?? []
      }
    }
    if !limits.one.isEmpty {
      let tried = limits.one.map(faults)
      let valid = tried.filter(\.isEmpty).count
      if valid != 1 {
        let number = valid == 0 ? "Found none valid" : "Found \(valid) valid alternatives"
        causes.append(found.composition("must validate one and only one schema (oneOf). \(number)"))
        if valid == 0 { causes += tried.min { $0.count < $1.count } ?? [] }
      }
    }
    let failed = limits.all.map(faults).filter { !$0.isEmpty }
    if !failed.isEmpty {
      causes += failed.flatMap { $0 }
      causes.append(found.composition("must validate all the schemas (allOf)"))
    }
    if let none = limits.none, faults(none).isEmpty {
      causes.append(found.composition("must not validate the schema (not)"))
    }
    return causes
  }
}

/// What is said of a field.
struct FieldFault {
  /// Its path; empty for the whole object.
  let path: String

  func child(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  private var field: String { path.isEmpty ? "<nil>" : path }

  func type(_ wanted: String, _ kind: String) -> StatusError.Cause {
    StatusError.Cause(
      field: field,
      message: "Invalid value: \"\(kind)\": \(path) in body must be of type \(wanted): \"\(kind)\"",
      reason: "FieldValueTypeInvalid")
  }

  func invalid(_ value: ObjectNode, _ objection: String) -> StatusError.Cause {
    StatusError.Cause(
      field: field,
      message: "Invalid value: \(String(decoding: value.canonicalJSON, as: UTF8.self)): \(path) in "
        + "body \(objection)")
  }

  func composition(_ objection: String) -> StatusError.Cause {
    StatusError.Cause(field: field, message: "Invalid value: \"\": \"\(path)\" \(objection)")
  }

  func other(_ message: String, _ reason: String) -> StatusError.Cause {
    StatusError.Cause(field: field, message: message, reason: reason)
  }
}

extension ObjectNode {
  /// The type as schemas call it.
  package var schemaType: String {
    switch jsonKind {
    case "bool": "boolean"
    case "number": integer != nil ? "integer" : "number"
    case let kind: kind
    }
  }
}
