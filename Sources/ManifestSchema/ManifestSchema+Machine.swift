import KubeVirt
import Objects

extension ManifestSchema {
  /// VirtualMachine, VirtualMachineInstance and each structure of KubeVirt's API in them.
  static var machineDefinitions: [String: ObjectNode] {
    var definitions = APITypes.machineStructures.mapValues(schema)
    let versions = ["kubevirt.io/v1", "kubevirt.io/v1alpha3"]
    for kind in ["VirtualMachine", "VirtualMachineInstance"] {
      definitions[kind] = object(
        kind, versions: versions, spec: ["$ref": .text("#/definitions/\(kind)Spec")]
      ).merging(["required": ["apiVersion", "kind", "metadata", "spec"]])
    }
    return definitions
  }

  private static func schema(of structure: APIStructure) -> ObjectNode {
    var properties: [String: ObjectNode] = [:]
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

  private static func schema(of type: APIType) -> ObjectNode {
    switch type {
    case .string: return ["type": "string"]
    case .enumeration(let words): return ["enum": .sequence(words.map { .text($0) })]
    case .boolean: return ["type": "boolean"]
    case .integer(let integer):
      var keywords: [String: ObjectNode] = ["type": "integer"]
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
    case .structure(let name): return ["$ref": .text("#/definitions/\(name)")]
    case .list(let item): return ["type": "array", "items": schema(of: item)]
    case .map(let value): return ["type": "object", "additionalProperties": schema(of: value)]
    case .any: return [:]
    }
  }
}
