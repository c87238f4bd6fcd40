import ExternalCommand

extension DataplanePlan {
  /// What adds a port to a bridge that is up, in order.
  ///
  /// - Parameter number: its OpenFlow number, on a bridge of Open vSwitch that needs rules.
  package func adding(_ port: PortPlan, to bridge: String, number: Int? = nil) -> [Command] {
    let isLinux = engine.choice == .linuxBridge
    let lines = port.deviceLines(master: isLinux ? bridge : nil) + (isLinux ? port.flagLines : [])
    let device = Command("ip", ["-batch", "-"], input: lines.batch)
    let join: Command =
      switch engine.choice {
      case .linuxBridge:
        Command(
          "bridge", ["-batch", "-"],
          input: LinuxBridgeCommands(bridges: []).vlanLines(of: port).batch)
      case .openVSwitch:
        OpenVSwitchCommands(bridges: [], directory: directory).adding(
          port, to: bridge, number: number)
      }
    return [device, join] + port.namespaceCommands
  }

  /// What removes a port from a bridge, and the namespace at its far end.
  package func removing(_ port: PortPlan, from bridge: String) -> [Command] {
    var commands: [Command] = []
    if engine.choice == .openVSwitch {
      commands.append(
        OpenVSwitchCommands(bridges: [], directory: directory).removing(port, from: bridge))
    }
    // A node's uplink is the node's, and goes with it.
    if case .node = port.peer { return commands }
    commands.append(Command("ip", ["link", "delete", "dev", port.device]))
    if case .namespace(let name, _) = port.peer {
      commands.append(Command("ip", ["netns", "delete", name]))
    }
    return commands
  }
}
