import KubeVirt
import LabManifest
import Objects

/// JSON Schemas of what pxelab reads, for editors.
///
/// Draft 7, the newest that yaml-language-server (VS Code, Neovim, Helix, Emacs) knows in full. A
/// schema says less than `pxelab validate`: it knows types, names, enumerations and bounds, not
/// what one field means for another.
package enum ManifestSchema {
  /// The schema of a `lab.yaml`.
  package static var lab: ObjectNode {
    document(
      title: "lab.yaml of pxelab", definitions: common.merging(labDefinitions) { $1 },
      ["allOf": [["$ref": "#/definitions/Lab"]]])
  }

  /// The schema of every kind that a lab's folder may hold; other kinds are let pass.
  package static var manifest: ObjectNode {
    let kinds = [
      "Lab", "VirtualMachine", "VirtualMachineInstance", "NetworkAttachmentDefinition",
      "HyperConverged", "ResourceQuota",
    ]
    let choices: [ObjectNode] = kinds.map { kind in
      [
        "if": ["required": ["kind"], "properties": ["kind": ["const": .text(kind)]]],
        "then": ["$ref": .text("#/definitions/\(kind)")],
      ]
    }
    let definitions = [common, labDefinitions, machineDefinitions, clusterDefinitions]
      .reduce(into: [:]) { $0.merge($1) { $1 } }
    return document(
      title: "Manifests that pxelab reads", definitions: definitions,
      [
        "type": "object",
        "required": ["kind"],
        "properties": [
          "apiVersion": ["type": "string"],
          "kind": [
            "type": "string",
            "description": .text(
              "\(kinds.joined(separator: ", ")); objects of other kinds are skipped."),
          ],
          "metadata": ["$ref": "#/definitions/ObjectMeta"],
        ],
        "allOf": .sequence(choices),
      ])
  }

  private static func document(
    title: String, definitions: [String: ObjectNode], _ rest: ObjectNode
  ) -> ObjectNode {
    rest.merging([
      "$schema": "http://json-schema.org/draft-07/schema#",
      "title": .text(title),
      "definitions": .object(definitions),
    ])
  }

  /// A Kubernetes object: `apiVersion`, `kind`, `metadata`, `spec`.
  static func object(
    _ kind: String, versions: [String], name: String = "ObjectMeta", spec: ObjectNode
  ) -> ObjectNode {
    [
      "type": "object",
      "required": ["apiVersion", "kind", "metadata"],
      "properties": [
        "apiVersion": ["enum": .sequence(versions.map { .text($0) })],
        "kind": ["const": .text(kind)],
        "metadata": ["$ref": .text("#/definitions/\(name)")],
        "spec": spec,
        "status": ["type": "object"],
      ],
      "additionalProperties": false,
    ]
  }

  /// A mapping with these fields and no others.
  static func mapping(
    _ properties: [String: ObjectNode], required: [String] = [], description: String? = nil
  ) -> ObjectNode {
    var schema: [String: ObjectNode] = [
      "type": "object", "properties": .object(properties), "additionalProperties": false,
    ]
    if !required.isEmpty { schema["required"] = .sequence(required.map { .text($0) }) }
    if let description { schema["description"] = .text(description) }
    return .object(schema)
  }

  /// Definitions that all schemas use.
  private static let common: [String: ObjectNode] = [
    "Quantity": [
      "description":
        "A Kubernetes quantity: a number with an optional suffix, such as 1Gi or 500m.",
      "anyOf": [
        ["type": "number"],
        [
          "type": "string",
          "pattern": "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$",
        ],
      ],
    ],
    "NamedObjectMeta": [
      "type": "object",
      "required": ["name"],
      "properties": [
        "name": [
          "type": "string", "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "maxLength": 253,
        ],
        "namespace": ["type": "string", "maxLength": 63],
        "labels": ["type": "object", "additionalProperties": ["type": "string"]],
        "annotations": ["type": "object", "additionalProperties": ["type": "string"]],
      ],
    ],
    "ObjectMeta": ["type": "object"],
  ]
}
