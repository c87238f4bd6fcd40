import ExternalCommand

/// The lab's bridges on one engine, with the commands that make them.
public struct DataplanePlan: Codable, Sendable, Hashable {
  /// What carries the frames, and why that was chosen.
  public var engine: Reasoned<DataplaneEngine>
  /// The bridges.
  public var bridges: [BridgePlan]
  /// What makes them, in order; every command returns when its part is in force.
  public var setUp: [Command]
  /// The folder of the engine's files, if it has any.
  public var directory: String
  /// What prints the ports' VLAN tables as JSON in the engine's own format.
  public var listPorts: Command
  /// What prints the devices, their flags and addresses as JSON.
  public var listDevices: Command
  /// What prints the rules behind `macspoofchk` and what else is no property of a port, with their
  /// counters, in the engine's own format: JSON of nft; or the OpenFlow rules of each bridge that
  /// has any, and the names of the mirrors.
  public var listRules: [Command]

  /// The plan for `bridges` on an engine whose files, if it has any, are kept in `directory`.
  public init(engine: Reasoned<DataplaneEngine>, bridges: [BridgePlan], directory: String) {
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
