import KubeVirt

extension ManifestSchema {
  /// VirtualMachine, VirtualMachineInstance and each structure of KubeVirt's API in them.
  static var machineDefinitions: [String: JSONValue] {
    var definitions = APITypes.structures.mapValues(schema)
    let versions = ["kubevirt.io/v1", "kubevirt.io/v1alpha3"]
    for kind in ["VirtualMachine", "VirtualMachineInstance"] {
      definitions[kind] = object(
        kind, versions: versions, spec: ["$ref": .string("#/definitions/\(kind)Spec")]
      ).merging(["required": ["apiVersion", "kind", "metadata", "spec"]])
    }
    return definitions
  }

  private static func schema(of structure: APIStructure) -> JSONValue {
    var properties: [String: JSONValue] = [:]
    for (name, field) in structure.fields {
      var property = schema(of: field.type)
      if let note = MachineFieldNote.all["\(structure.name).\(name)"] {
        property = property.merging(note.keywords)
      }
      properties[name] = property
    }
    let required = structure.fields.filter(\.value.isRequired).map(\.key).sorted()
    return mapping(properties, required: required)
  }

  private static func schema(of type: APIType) -> JSONValue {
    switch type {
    case .string: return ["type": "string"]
    case .enumeration(let words): return ["enum": .array(words.map(JSONValue.string))]
    case .boolean: return ["type": "boolean"]
    case .integer(let integer):
      var keywords: [String: JSONValue] = ["type": "integer"]
      // Editors read numbers as doubles, which do not hold the ends of 64 bits.
      if integer.range.lowerBound > Int.min {
        keywords["minimum"] = .integer(integer.range.lowerBound)
      }
      if integer.range.upperBound < Int.max {
        keywords["maximum"] = .integer(integer.range.upperBound)
      }
      return .object(keywords)
    case .quantity: return ["$ref": "#/definitions/Quantity"]
    case .integerOrString: return ["type": ["integer", "string"]]
    case .time(let nullable):
      return nullable
        ? ["type": ["string", "null"], "format": "date-time"]
        : ["type": "string", "format": "date-time"]
    case .structure(let name): return ["$ref": .string("#/definitions/\(name)")]
    case .list(let item): return ["type": "array", "items": schema(of: item)]
    case .map(let value): return ["type": "object", "additionalProperties": schema(of: value)]
    case .any: return [:]
    }
  }
}
