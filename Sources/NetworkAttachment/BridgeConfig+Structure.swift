extension BridgeConfig {
  /// The plugin's own structure (plugins/main/bridge/bridge.go, `NetConf`), with the release that
  /// brought each field.
  static let structure = GoStructure(
    name: "NetConf",
    fields: GoStructure.pluginFields + [
      .init(name: "bridge", type: .string),
      .init(name: "isGateway", type: .bool),
      .init(name: "isDefaultGateway", type: .bool),
      .init(name: "forceAddress", type: .bool),
      .init(name: "ipMasq", type: .bool),
      .init(name: "ipMasqBackend", type: .string, since: CNIPluginsVersion(1, 6, 0)),
      .init(name: "mtu", type: .int),
      .init(name: "hairpinMode", type: .bool),
      .init(name: "promiscMode", type: .bool),
      .init(name: "vlan", type: .int),
      .init(
        name: "vlanTrunk",
        type: .list(
          .structure(
            GoStructure(
              name: "VlanTrunk",
              fields: [
                .init(name: "minID", type: .int), .init(name: "maxID", type: .int),
                .init(name: "id", type: .int),
              ]), name: "main.VlanTrunk"), name: "[]*main.VlanTrunk"),
        since: CNIPluginsVersion(1, 3, 0)),
      .init(name: "preserveDefaultVlan", type: .bool, since: CNIPluginsVersion(1, 3, 0)),
      .init(name: "macspoofchk", type: .bool, since: CNIPluginsVersion(1, 1, 0)),
      .init(name: "enabledad", type: .bool, since: CNIPluginsVersion(1, 1, 0)),
      .init(name: "disableContainerInterface", type: .bool, since: CNIPluginsVersion(1, 4, 1)),
      .init(name: "portIsolation", type: .bool, since: CNIPluginsVersion(1, 7, 0)),
      .init(
        name: "args",
        type: .structure(
          GoStructure(
            name: "",
            fields: [
              .init(
                name: "cni",
                type: .structure(
                  GoStructure(name: "BridgeArgs", fields: [.init(name: "mac", type: .string)]),
                  name: "main.BridgeArgs"))
            ]), name: #"struct { Cni main.BridgeArgs "json:\"cni,omitempty\"" }"#)),
      .init(
        name: "runtimeConfig",
        type: .structure(
          GoStructure(name: "", fields: [.init(name: "mac", type: .string)]),
          name: #"struct { Mac string "json:\"mac,omitempty\"" }"#)),
    ])
}
