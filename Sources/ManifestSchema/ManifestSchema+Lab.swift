import KubeVirt
import LabManifest
import NetworkAttachment
import Objects

extension ManifestSchema {
  /// `Lab` and what is in it.
  static var labDefinitions: [String: ObjectNode] {
    [
      "Lab": object("Lab", versions: [Lab.apiVersion], name: "NamedObjectMeta", spec: labSpec),
      "LabAttachment": attachment,
      "LabNode": node,
      "LabServer": server,
      "LabMachine": machine,
      "VLAN": [
        "description": "A VLAN ID; 0 is untagged.",
        "type": "integer", "minimum": 0, "maximum": 4094,
      ],
      "IPv4": ["type": "string", "format": "ipv4"],
      "Time": [
        "description": "A number of seconds, or numbers with units: 90s, 3m, 1h30m, 500ms.",
        "anyOf": [
          ["type": "number", "exclusiveMinimum": 0, "maximum": 86_400],
          ["type": "string", "pattern": "^([0-9]+(\\.[0-9]+)?(h|m|s|ms))+$"],
          ["type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"],
        ],
      ],
    ]
  }

  private static func words<Words: CaseIterable & RawRepresentable>(
    _ type: Words.Type, _ description: String
  ) -> ObjectNode where Words.RawValue == String {
    [
      "description": .text(description),
      "enum": .sequence(type.allCases.map { .text($0.rawValue) }),
    ]
  }

  private static var labSpec: ObjectNode {
    mapping([
      "dataplane": words(
        DataplaneChoice.self,
        "What makes the bridge. auto takes the Linux bridge where the kernel filters VLANs, else"
          + " Open vSwitch."),
      "acceleration": words(
        AccelerationChoice.self, "How QEMU runs. auto takes KVM where it works, else TCG."),
      "kubernetes": [
        "description": "The release of Kubernetes whose rules place machines; 1.36 by default.",
        "enum": .sequence(Release.known.map { .text("\($0)") }),
      ],
      "cniPlugins": [
        "description":
          "The release of the CNI plugins that the lab stands for; the newest by default.",
        "enum": .sequence(CNIPluginsVersion.released.map { .text($0.description) }),
      ],
      "timeScale": [
        "description":
          "How many times faster the control plane's time goes by than the guests'; 1 by default.",
        "type": "integer", "minimum": .integer(TimeScale.range.lowerBound),
        "maximum": .integer(TimeScale.range.upperBound),
      ],
      "schedulers": [
        "description": "Programs that place the machines which name them, and run with the lab.",
        "type": "array",
        "items": mapping(
          [
            "name": ["description": "Their schedulerName.", "type": "string"],
            "command": [
              "description": "The program and its arguments; KUBECONFIG leads it to the lab.",
              "type": "array", "minItems": 1, "items": ["type": ["string", "number"]],
            ],
          ], required: ["name", "command"]),
      ],
      "capture": mapping([
        "limit": [
          "description": "How much of each bridge's capture is kept: the newest, 256Mi by default.",
          "type": ["string", "integer"],
        ],
        "snaplen": [
          "description": "How many bytes of each packet are kept; all by default.",
          "type": "integer", "minimum": .integer(LabCapture.shortestPacket),
          "maximum": .integer(LabCapture.longestPacket),
        ],
      ]),
      "nodes": [
        "description": "How many nodes there are, or each by its name; one by default.",
        "oneOf": [
          [
            "type": "integer", "minimum": 1, "maximum": .integer(LabNode.most),
          ],
          ["type": "array", "items": ["$ref": "#/definitions/LabNode"]],
        ],
      ],
      "attachments": [
        "description": "What is served on network attachments.",
        "type": "array", "items": ["$ref": "#/definitions/LabAttachment"],
      ],
      "machines": [
        "description": "What is expected of machines; all machines of the folder by default.",
        "type": "array", "items": ["$ref": "#/definitions/LabMachine"],
      ],
      "diskImages": [
        "description": "Files that stand for the images of container disks and DataVolumes.",
        "type": "object", "additionalProperties": ["type": "string", "minLength": 1],
      ],
    ])
  }

  private static var attachment: ObjectNode {
    mapping(
      [
        "name": [
          "description": "A NetworkAttachmentDefinition: name, or namespace/name.",
          "type": "string", "minLength": 1,
        ],
        "server": [
          "description": "A DHCP and TFTP server; none serves nothing.",
          "anyOf": [["const": "none"], ["$ref": "#/definitions/LabServer"]],
        ],
      ], required: ["name"])
  }

  private static var node: ObjectNode {
    mapping(
      [
        "name": ["description": "The node's name.", "type": "string", "minLength": 1],
        "labels": [
          "description": "Labels, by which machines and policies select nodes.",
          "type": "object", "additionalProperties": ["type": "string"],
        ],
        "taints": [
          "description": "Taints, as of a Node.", "type": "array", "items": ["type": "object"],
        ],
        "capacity": [
          "description": "What it has for machines, such as cpu and memory.",
          "type": "object", "additionalProperties": ["type": ["string", "number"]],
        ],
        "cpu": mapping(
          [
            "model": [
              "description": "A CPU model of libvirt's; this machine's by default.",
              "type": "string", "minLength": 1,
            ],
            "vendor": ["description": "Such as Intel.", "type": "string", "minLength": 1],
            "features": [
              "description": "Features that it has beyond the model's, or lacks of them.",
              "type": "array",
              "items": mapping(
                [
                  "name": ["description": "The feature.", "type": "string", "minLength": 1],
                  "policy": [
                    "description": "require: it has the feature; disable: it has not.",
                    "type": "string", "enum": ["require", "disable"],
                  ],
                ], required: ["name"]),
            ],
          ], description: "The processor that machines are placed by."),
      ], required: ["name"])
  }

  private static var server: ObjectNode {
    mapping([
      "vlan": [
        "description": "The VLAN of the server's port; the attachment's by default.",
        "allOf": [["$ref": "#/definitions/VLAN"]],
      ],
      "address": [
        "description":
          "The server's address and network; 192.168.V.1/24 on VLAN V by default.",
        "type": "string",
        "pattern": "^([0-9]{1,3}\\.){3}[0-9]{1,3}/([0-9]|[12][0-9]|30)$",
      ],
      "range": mapping(
        ["start": ["$ref": "#/definitions/IPv4"], "end": ["$ref": "#/definitions/IPv4"]],
        description: "The addresses that are leased; .50 to .99 by default."),
      "leaseTime": [
        "description": "How long an address is leased, at least 2m; 1h by default.",
        "allOf": [["$ref": "#/definitions/Time"]],
      ],
      "image": [
        "description": "What is served: a folder under images/; debian-secureboot by default.",
        "type": "string", "pattern": "^[^./][^/]*$",
      ],
      "bootFile": [
        "description": "The network boot program, a path in the TFTP root; the image's by default.",
        "type": "string", "pattern": "^[^/\\s,][^\\s,]*$",
      ],
      "ipxeScript": [
        "description": "What a client boots that is iPXE already; the image's script by default.",
        "type": "string", "pattern": "^[^/\\s,][^\\s,]*$",
      ],
      "methods": [
        "description":
          "By what clients boot; pxev4 and httpv4 by default.",
        "type": "array", "minItems": 1, "uniqueItems": true,
        "items": words(BootMethod.self, "PXE (TFTP), HTTP or HTTPS, over IPv4 or IPv6."),
      ],
      "ipv6": [
        "description":
          "The server's IPv6 address, with /64; fd00:V::1/64 on VLAN V where a method needs one.",
        "type": "string", "pattern": "^[0-9A-Fa-f:.]+/64$",
      ],
      "options": [
        "description": "Further DHCP options, the values as dnsmasq writes them.",
        "type": "array",
        "items": mapping(
          [
            "number": ["type": "integer", "minimum": 1, "maximum": 254],
            "value": ["type": ["string", "number"]],
          ], required: ["number", "value"]),
      ],
      "sign": [
        "description": "Files of the image that are signed with the lab's own key.",
        "type": "array", "items": ["type": "string", "pattern": "^[^/\\s][^\\s]*$"],
      ],
      "command": [
        "description": "A program and its arguments that serve instead of pxelab's server.",
        "type": "array", "minItems": 1, "items": ["type": ["string", "number"]],
      ],
    ])
  }

  private static var efi: ObjectNode {
    let files: ObjectNode = ["type": "array", "items": ["type": ["string", "number"]]]
    return mapping(
      [
        "keys": words(LabKeyChoice.self, "Whose keys Secure Boot begins with."),
        "trust": files, "revoke": files, "authorities": files,
        "variables": [
          "description": "Further variables, with the values as `pxelab efi set` takes them.",
          "type": "object", "additionalProperties": ["type": "string"],
        ],
      ], description: "What the machine's variable store holds before its first start.")
  }

  private static var machine: ObjectNode {
    mapping(
      [
        "name": ["description": "The machine's name.", "type": "string", "minLength": 1],
        "timeout": [
          "description": "From the machine's start to its verdict at the latest; 3m by default.",
          "allOf": [["$ref": "#/definitions/Time"]],
        ],
        "efi": efi,
        "expect": mapping(
          [
            "bootFrom": [
              "description":
                "The interface or disk that boots, or a list for several boots one after the other.",
              "anyOf": [
                ["type": "string"],
                ["type": "array", "minItems": 1, "items": ["type": "string"]],
              ],
            ],
            "vlan": [
              "description": "The VLAN of the DHCP exchange and the NBP's transfer.",
              "allOf": [["$ref": "#/definitions/VLAN"]],
            ],
            "server": [
              "description": "The only DHCP server that may answer.",
              "allOf": [["$ref": "#/definitions/IPv4"]],
            ],
            "secureBoot": [
              "description": "Whether the guest runs under Secure Boot.", "type": "boolean",
            ],
            "lockdown": [
              "description": "Whether the guest's kernel is locked down.", "type": "boolean",
            ],
            "finding": [
              "description":
                "The finding that must come first, of a lab that is broken on purpose.",
              "type": "string", "pattern": "^PXL[0-9]{3}$",
            ],
          ], description: "What the boot must be like; from the manifests by default."),
      ], required: ["name"])
  }
}
