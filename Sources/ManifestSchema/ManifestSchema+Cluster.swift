import Objects

extension ManifestSchema {
  /// What is no machine: network attachments, the cluster's settings, quotas.
  static var clusterDefinitions: [String: ObjectNode] {
    [
      "NetworkAttachmentDefinition": object(
        "NetworkAttachmentDefinition", versions: ["k8s.cni.cncf.io/v1"], name: "NamedObjectMeta",
        spec: mapping(
          [
            "config": [
              "type": "string",
              "contentMediaType": "application/json",
              "description":
                "The CNI configuration as JSON in a string, best in a block: config: |",
            ]
          ], required: ["config"])
      ).merging(["required": ["apiVersion", "kind", "metadata", "spec"]]),
      "HyperConverged": object(
        "HyperConverged", versions: ["hco.kubevirt.io/v1beta1", "hco.kubevirt.io/v1"],
        spec: [
          "type": "object",
          "description": "The cluster's settings; those that do not bear on booting are ignored.",
          "properties": [
            "defaultCPUModel": [
              "type": "string",
              "description": "The CPU model of machines that name none; case-sensitive.",
            ],
            "featureGates": [
              "description": "Gates as a mapping of booleans (v1beta1) or a list (v1).",
              "anyOf": [
                ["type": "object", "additionalProperties": ["type": ["boolean", "null"]]],
                [
                  "type": "array",
                  "items": [
                    "anyOf": [
                      ["type": "string"],
                      [
                        "type": "object",
                        "required": ["name"],
                        "properties": [
                          "name": ["type": "string"],
                          "state": ["enum": ["Enabled", "Disabled"]],
                        ],
                      ],
                    ]
                  ],
                ],
              ],
            ],
          ],
        ]),
      "ResourceQuota": object(
        "ResourceQuota", versions: ["v1"], name: "NamedObjectMeta",
        spec: mapping([
          "hard": [
            "type": "object",
            "description": "Limits by resource, such as limits.memory: 8Gi.",
            "additionalProperties": ["$ref": "#/definitions/Quantity"],
          ],
          "scopes": ["type": "array", "items": ["type": "string"]],
          "scopeSelector": ["type": "object"],
        ])),
    ]
  }
}
