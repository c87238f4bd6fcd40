import ExternalCommand

/// The lab's bridges on one engine, with the commands that make them.
package struct DataplanePlan: Codable, Sendable, Hashable {
  /// What carries the frames, and why that was chosen.
  package var engine: Reasoned<DataplaneEngine>
  /// The bridges.
  package var bridges: [BridgePlan]
  /// What makes them, in order; every command returns when its part is in force.
  package var setUp: [Command]
  /// The folder of the engine's files, if it has any.
  package var directory: String
  /// What prints the ports' VLAN tables as JSON in the engine's own format.
  package var listPorts: Command
  /// What prints the devices, their flags and addresses as JSON.
  package var listDevices: Command
  /// What prints the rules behind `macspoofchk` and what else is no property of a port, with their
  /// counters, in the engine's own format: JSON of nft; or the OpenFlow rules of each bridge that
  /// has any, and the names of the mirrors.
  package var listRules: [Command]

  /// The plan for `bridges` on an engine whose files, if it has any, are kept in `directory`.
  package init(engine: Reasoned<DataplaneEngine>, bridges: [BridgePlan], directory: String) {
    self.engine = engine
    self.bridges = bridges
    self.directory = directory
    listDevices = Command("ip", ["-details", "-json", "address", "show"])
    switch engine.choice {
    case .linuxBridge:
      let commands = LinuxBridgeCommands(bridges: bridges)
      setUp = commands.setUp
      listPorts = Command("bridge", ["-json", "-compressvlans", "vlan", "show"])
      listRules = commands.listRules
    case .openVSwitch:
      let commands = OpenVSwitchCommands(bridges: bridges, directory: directory)
      setUp = commands.setUp
      listPorts = commands.listPorts
      listRules = commands.listRules
    }
  }
}
