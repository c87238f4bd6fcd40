extension StructuralSchema {
  /// What is wrong with an object (kube-openapi, pkg/validation/validate; apiextensions-apiserver,
  /// pkg/apiserver/validation).
  package func causes(of object: ObjectNode) -> [StatusError.Cause] {
    var causes: [StatusError.Cause] = []
    var work = MatchingWork()
    check(object, at: "", isResource: true, &causes, &work)
    if work.isUsedUp {
      causes.append(
        FieldFault(path: "").other(
          "Too long: its texts and the patterns of the schema are more than what is matched in one "
            + "request: shorten the texts, or bound them with maxLength and simpler patterns",
          "FieldValueTooLong"))
    }
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
    _ node: ObjectNode, at path: String, isResource: Bool, _ causes: inout [StatusError.Cause],
    _ work: inout MatchingWork
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
    causes += limits.causes(of: node, found, &work)
    if node.isMapping {
      if isEmbeddedResource {
        for name in ["apiVersion", "kind"] where node[name] == nil {
          causes.append(
            found.missing(name, "Required value: must not be empty"))
        }
      }
      let names = Set(node.entries.map(\.key))
      for name in required where !names.contains(name) {
        causes.append(found.missing(name, "Required value"))
      }
      for entry in node.entries.sorted(by: { $0.key < $1.key }) {
        if isResource, Self.ownFields.contains(entry.key) { continue }
        guard let schema = properties[entry.key] ?? values else { continue }
        schema.check(
          entry.value, at: found.child(entry.key), isResource: schema.isEmbeddedResource, &causes,
          &work)
      }
    } else if node.isSequence {
      if let items {
        for (index, item) in node.items.enumerated() {
          items.check(
            item, at: "\(path)[\(index)]", isResource: items.isEmbeddedResource, &causes,
            &work)
        }
      }
      causes += duplicates(in: node, found)
    }
    causes += alternatives(of: node, found, &work)
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

  private func alternatives(
    of node: ObjectNode, _ found: FieldFault, _ work: inout MatchingWork
  ) -> [StatusError.Cause] {
    func faults(_ schema: StructuralSchema) -> [StatusError.Cause] {
      var causes: [StatusError.Cause] = []
      schema.check(node, at: found.path, isResource: false, &causes, &work)
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

  func missing(_ name: String, _ message: String) -> StatusError.Cause {
    StatusError.Cause(field: child(name), message: message, reason: "FieldValueRequired")
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
