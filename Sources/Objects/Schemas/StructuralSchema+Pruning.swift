extension StructuralSchema {
  /// An object without the fields that the schema does not know, and without nulls where it wants none.
  ///
  /// - Parameter unknown: the paths of fields that are dropped because the schema does not know them.
  package func pruned(_ object: ObjectNode, unknown: inout [String]) -> ObjectNode {
    pruned(object, at: "", isResource: true, &unknown)
  }

  private func pruned(
    _ node: ObjectNode, at path: String, isResource: Bool, _ unknown: inout [String]
  ) -> ObjectNode {
    if node.isSequence, let items {
      return .sequence(
        node.items.enumerated().map { index, item in
          items.pruned(
            item, at: "\(path)[\(index)]", isResource: items.isEmbeddedResource, &unknown)
        })
    }
    guard node.isMapping else { return node }
    var kept: [ObjectNode.Entry] = []
    for entry in node.entries {
      let place = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      if isResource, Self.ownFields.contains(entry.key) {
        kept.append(entry)
      } else if let schema = properties[entry.key] ?? values {
        // A null that the schema has something else for is replaced by it: `defaulted(_:)`.
        guard !entry.value.isNull || schema.isNullable || schema.fallback != nil else { continue }
        kept.append(
          ObjectNode.Entry(
            key: entry.key,
            value: schema.pruned(
              entry.value, at: place, isResource: schema.isEmbeddedResource, &unknown)))
      } else if preservesUnknownFields || takesAnyValue {
        kept.append(entry)
      } else {
        unknown.append(place)
      }
    }
    return ObjectNode(.mapping(kept))
  }

  /// An object with what the schema fills in.
  package func defaulted(_ node: ObjectNode) -> ObjectNode {
    if node.isSequence {
      guard let items else { return node }
      return .sequence(node.items.map { items.replacingNull($0) })
    }
    guard node.isMapping else { return node }
    var filled = node
    for (name, schema) in properties {
      if let value = filled[name], !value.isNull || schema.isNullable {
        filled[name] = schema.defaulted(value)
      } else if let fallback = schema.fallback {
        filled[name] = schema.defaulted(fallback)
      }
    }
    guard let values else { return filled }
    for entry in node.entries where properties[entry.key] == nil {
      filled[entry.key] = values.replacingNull(entry.value)
    }
    return filled
  }

  private func replacingNull(_ node: ObjectNode) -> ObjectNode {
    guard node.isNull, !isNullable, let fallback else { return defaulted(node) }
    return defaulted(fallback)
  }
}
