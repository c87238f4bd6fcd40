import KubeVirt
import Objects

/// The schemas of kinds, for `kubectl explain` and for editors: KubeVirt's from its table of types, of
/// others what all objects have.
enum OpenAPISchemas {
  /// The name of a kind's schema.
  static func name(_ group: String, _ version: String, _ kind: String) -> String {
    let domain = group.isEmpty ? ["core"] : group.split(separator: ".").reversed().map(String.init)
    return (domain + [version, kind]).joined(separator: ".")
  }

  /// The schema of a kind.
  ///
  /// - Parameters:
  ///   - written: what the kind's definition says of its fields; `nil` of kinds without one.
  ///   - schemas: the structures that it refers to are added here.
  static func schema(
    of resource: APIResource, as written: ObjectNode?, adding schemas: inout ObjectNode
  ) -> ObjectNode {
    schemas["ObjectMeta"] = metadata
    if var schema = written, schema.isMapping {
      schema["properties", "apiVersion"] = ["type": "string"]
      schema["properties", "kind"] = ["type": "string"]
      schema["properties", "metadata"] = [
        "allOf": [["$ref": "#/components/schemas/ObjectMeta"]]
      ]
      return schema
    }
    if resource.id.group == "kubevirt.io", let structure = APITypes.structures[resource.kind] {
      return schema(of: structure, adding: &schemas)
    }
    return [
      "type": "object", "x-kubernetes-preserve-unknown-fields": true,
      "properties": [
        "apiVersion": ["type": "string"], "kind": ["type": "string"],
        "metadata": ["allOf": [["$ref": "#/components/schemas/ObjectMeta"]]],
        "spec": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
        "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
      ],
    ]
  }

  private static func schema(
    of structure: APIStructure, adding schemas: inout ObjectNode
  ) -> ObjectNode {
    var properties: ObjectNode = [:]
    for (name, field) in structure.fields.sorted(by: { $0.key < $1.key }) {
      properties[name] = schema(of: field.type, adding: &schemas)
    }
    var tree: ObjectNode = ["type": "object", "properties": properties]
    let required = structure.fields.filter(\.value.isRequired).map(\.key).sorted()
    if !required.isEmpty { tree["required"] = .sequence(required.map { .text($0) }) }
    return tree
  }

  private static func schema(
    of type: APIType, adding schemas: inout ObjectNode
  ) -> ObjectNode {
    switch type {
    case .string: return ["type": "string"]
    case .enumeration(let values):
      return ["type": "string", "enum": .sequence(values.map { .text($0) })]
    case .boolean: return ["type": "boolean"]
    case .integer(let integer): return ["type": "integer", "format": .text(integer.format)]
    case .quantity, .integerOrString: return ["x-kubernetes-int-or-string": true]
    case .time: return ["type": "string", "format": "date-time"]
    case .list(let item): return ["type": "array", "items": schema(of: item, adding: &schemas)]
    case .map(let value):
      return ["type": "object", "additionalProperties": schema(of: value, adding: &schemas)]
    case .any: return ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
    case .structure(let name):
      if schemas[name] == nil {
        // Before its fields, for structures that hold their own kind.
        schemas[name] = [:]
        schemas[name] =
          APITypes.structures[name].map { schema(of: $0, adding: &schemas) } ?? ["type": "object"]
      }
      return ["allOf": [["$ref": .text("#/components/schemas/\(name)")]]]
    }
  }

  /// apimachinery, meta/v1, ObjectMeta.
  private static let metadata: ObjectNode = {
    var properties: ObjectNode = [:]
    for name in [
      "creationTimestamp", "deletionTimestamp", "generateName", "name", "namespace",
      "resourceVersion", "uid",
    ] {
      properties[name] = ["type": "string"]
    }
    for name in ["annotations", "labels"] {
      properties[name] = ["type": "object", "additionalProperties": ["type": "string"]]
    }
    for name in ["generation", "deletionGracePeriodSeconds"] {
      properties[name] = ["type": "integer", "format": "int64"]
    }
    properties["finalizers"] = ["type": "array", "items": ["type": "string"]]
    for name in ["managedFields", "ownerReferences"] {
      properties[name] = ["type": "array", "items": ["type": "object"]]
    }
    return ["type": "object", "properties": properties]
  }()
}
