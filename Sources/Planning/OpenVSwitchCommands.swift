import Addresses
import ExternalCommand
import NetworkAttachment

/// The dataplane as a private Open vSwitch with the userspace datapath.
struct OpenVSwitchCommands {
  let bridges: [BridgePlan]
  /// The folder of this instance's database, sockets and logs.
  let directory: String

  var setUp: [Command] {
    [
      Command(
        "ovsdb-tool", ["create", database, "/usr/share/openvswitch/vswitch.ovsschema"],
        environment: environment), devices,
      databaseServer,
      Command(
        "ovs-vsctl",
        [databaseOption, "--no-wait", "init"] + bridges.enumerated().flatMap(transaction),
        environment: environment),
      switchDaemon,
    ] + settling
  }

  /// Makes the bridges beside others.
  var adding: [Command] {
    bridges.isEmpty
      ? []
      : [
        devices,
        Command(
          "ovs-vsctl",
          [databaseOption, Self.patience] + bridges.enumerated().flatMap(transaction),
          environment: environment),
      ] + settling
  }

  /// Removes bridges that have no ports any more.
  var removing: [Command] {
    bridges.isEmpty
      ? []
      : [
        Command(
          "ovs-vsctl",
          [databaseOption, Self.patience] + bridges.flatMap { ["--", "del-br", $0.device] },
          environment: environment)
      ]
  }

  private var devices: Command {
    Command(
      "ip", ["-batch", "-"],
      input: bridges.flatMap { $0.ports.flatMap { $0.deviceLines() } }.batch)
  }

  /// What is done once the switch has the bridges.
  private var settling: [Command] {
    switchSetUp
      + RouterCommands(bridges: bridges).setUp
      + bridges.flatMap { $0.ports.flatMap(\.namespaceCommands) }
  }

  /// How many seconds a daemon may take over an answer.
  private static let patience = "--timeout=20"

  private var databaseServer: Command {
    daemon("ovsdb-server", [database, "--remote=punix:\(directory)/db.sock"])
  }

  private var switchDaemon: Command { daemon("ovs-vswitchd", ["unix:\(directory)/db.sock"]) }

  /// What the switch has not from the database: rules, and its own devices' state and addresses.
  private var switchSetUp: [Command] {
    bridges.map { bridge in
      Command(
        "ovs-vsctl",
        [databaseOption, Self.patience]
          + (bridge.ownPorts.map(\.device) + internalPorts(of: bridge)).flatMap { device in
            ["--", "wait-until", "interface", device, "ofport>0"]
          }, environment: environment)
    }
      + bridges.compactMap(flows)
      + [Command("ip", ["-batch", "-"], input: bridges.flatMap(internalLines).batch)]
  }

  /// The programs that carry the frames.
  var daemons: [DataplaneDaemon] {
    [
      DataplaneDaemon(
        start: databaseServer, directory: directory, probe: probe("ovsdb-server"), restore: []),
      DataplaneDaemon(
        start: switchDaemon, directory: directory, probe: probe("ovs-vswitchd"),
        restore: switchSetUp),
    ]
  }

  /// Asks a daemon for its version (ovs-appctl(8)).
  private func probe(_ program: String) -> Command {
    Command(
      "ovs-appctl", ["--timeout=5", "--target=\(program)", "version"], environment: environment)
  }

  /// Adds a port to a bridge that is up.
  ///
  /// - Parameter number: its OpenFlow number, on a bridge that needs rules.
  func adding(_ port: PortPlan, to bridge: String, number: Int? = nil) -> Command {
    Command(
      "ovs-vsctl",
      [databaseOption, Self.patience, "--", "add-port", bridge, port.device]
        + columns(of: port, on: nil)
        + (number.map { ["--", "set", "interface", port.device, "ofport_request=\($0)"] } ?? []),
      environment: environment)
  }

  /// Gives a port that is there another VLAN table.
  func changing(_ port: PortPlan, on bridge: BridgePlan) -> Command {
    Command(
      "ovs-vsctl",
      [
        databaseOption, Self.patience, "--", "clear", "port", port.device, "tag", "--", "clear",
        "port", port.device, "trunks", "--", "set", "port", port.device,
      ] + columns(of: port, on: bridge), environment: environment)
  }

  /// Takes a port off a bridge.
  func removing(_ port: PortPlan, from bridge: String) -> Command {
    Command(
      "ovs-vsctl", [databaseOption, Self.patience, "--", "del-port", bridge, port.device],
      environment: environment)
  }

  /// Where the port table is asked for afterwards.
  var listPorts: Command {
    Command(
      "ovs-vsctl",
      [
        databaseOption, Self.patience, "--format=json",
        "--columns=name,tag,trunks,vlan_mode,protected", "list", "port",
      ], environment: environment)
  }

  /// What prints the bridges' rules and their counters; nothing where there are none.
  var listRules: [Command] {
    bridges.filter { OpenVSwitchFlows(bridge: $0).isNeeded }.map { bridge in
      Command(
        "ovs-ofctl", [Self.patience, "--no-names", "dump-flows", socket(of: bridge)],
        environment: environment)
    }
      + (bridges.contains(where: \.isPromiscuous)
        ? [
          Command(
            "ovs-vsctl",
            [databaseOption, Self.patience, "--format=json", "--columns=name", "list", "mirror"],
            environment: environment)
        ] : [])
  }

  private func socket(of bridge: BridgePlan) -> String {
    "unix:\(directory)/\(bridge.device).mgmt"
  }

  /// Puts the bridge's rules in the place of those that it has.
  func flows(of bridge: BridgePlan) -> Command? {
    let flows = OpenVSwitchFlows(bridge: bridge)
    guard flows.isNeeded else { return nil }
    return Command(
      "ovs-ofctl", [Self.patience, "--bundle", "replace-flows", socket(of: bridge), "-"],
      input: flows.lines.batch, environment: environment)
  }

  /// The ports that Open vSwitch makes itself.
  private func internalPorts(of bridge: BridgePlan) -> [String] {
    [bridge.captureDevice] + bridge.gateways.map(\.device)
  }

  private func internalLines(of bridge: BridgePlan) -> [String] {
    let up = internalPorts(of: bridge) + (bridge.isPromiscuous ? [bridge.device] : [])
    return up.map { "link set dev \($0) up" }
      + bridge.gateways.flatMap(\.addressLines)
  }

  private var database: String { "\(directory)/conf.db" }
  var databaseOption: String { "--db=unix:\(directory)/db.sock" }

  var environment: [String: String] {
    [
      "OVS_RUNDIR": directory, "OVS_LOGDIR": directory, "OVS_DBDIR": directory,
      "OVS_SYSCONFDIR": directory,
    ]
  }

  private func daemon(_ program: String, _ arguments: [String]) -> Command {
    Command(
      program,
      arguments + [
        "--pidfile=\(directory)/\(program).pid", "--log-file=\(directory)/\(program).log",
        "--detach", "--no-chdir", "-vconsole:off", "-vsyslog:off",
      ], environment: environment)
  }

  private func transaction(_ index: Int, for bridge: BridgePlan) -> [String] {
    var words = ["--", "add-br", bridge.device]
    words += [
      "--", "set", "bridge", bridge.device, "datapath_type=netdev", "fail_mode=standalone",
    ]
    if let delay = bridge.forwardDelay {
      words += ["stp_enable=true", "other_config:stp-forward-delay=\(delay)"]
    }
    let mtu = bridge.mtu.map { ["mtu_request=\($0)"] } ?? []
    let isNumbered = OpenVSwitchFlows(bridge: bridge).isNeeded
    for (number, port) in zip(bridge.flowNumbers, bridge.ports) {
      words += ["--", "add-port", bridge.device, port.device] + columns(of: port, on: bridge)
      guard isNumbered else { continue }
      words += [
        "--", "set", "interface", port.device,
        "ofport_request=\(number)",
      ]
    }
    for gateway in bridge.gateways {
      let device = gateway.device
      let tag = number(gateway.vlan ?? .bridgeDefault)
      words += ["--", "add-port", bridge.device, device, "vlan_mode=access", "tag=\(tag)"]
      words += ["--", "set", "interface", device, "type=internal"] + mtu
    }
    words += ["--", "add-port", bridge.device, bridge.captureDevice]
    words += ["--", "set", "interface", bridge.captureDevice, "type=internal"] + mtu
    return words + mirrors(of: bridge, named: "@bridge\(index)")
  }

  /// A mirror of every frame on the capture device, and one on the bridge's own device where that
  /// is promiscuous.
  private func mirrors(of bridge: BridgePlan, named prefix: String) -> [String] {
    let devices = [bridge.captureDevice] + (bridge.isPromiscuous ? [bridge.device] : [])
    let names = devices.indices.map { "\(prefix)-mirror\($0)" }
    let make = zip(devices, names).flatMap { device, name in
      [
        "--", "--id=\(name)-output", "get", "port", device,
        "--", "--id=\(name)", "create", "mirror", "name=\(device)", "select-all=true",
        "output-port=\(name)-output",
      ]
    }
    return make + ["--", "set", "bridge", bridge.device, "mirrors=\(names.joined(separator: ","))"]
  }

  /// The port's VLAN columns (ovs-vswitchd.conf.db(5), "VLAN Configuration").
  private func columns(of port: PortPlan, on bridge: BridgePlan?) -> [String] {
    (bridge?.filtersVLANs == false ? Self.everyVLAN : vlanColumns(port.vlans))
      + (port.isIsolated ? ["protected=true"] : [])
  }

  /// Untagged frames among themselves, and every tag: native without trunks carries all.
  private static let everyVLAN = ["vlan_mode=native-untagged", "tag=0"]

  func vlanColumns(_ table: PortVLANs) -> [String] {
    let trunks = table.tagged.map(number).sorted()
    // A trunk without trunks carries every VLAN, and untagged frames as they are.
    if table == .everyVLAN { return ["vlan_mode=trunk"] }
    guard let pvid = table.pvid else {
      // No trunks at all means all VLANs; 4095, which no frame may have, means none.
      let carried = (trunks.isEmpty ? [4095] : trunks).map(String.init).joined(separator: ",")
      return ["vlan_mode=trunk", "trunks=\(carried)"]
    }
    if trunks.isEmpty { return ["vlan_mode=access", "tag=\(number(pvid))"] }
    let all = (trunks + [number(pvid)]).sorted().map(String.init).joined(separator: ",")
    return ["vlan_mode=native-untagged", "tag=\(number(pvid))", "trunks=\(all)"]
  }

  /// The Linux bridge's default VLAN 1 is what leaves ports untagged: VLAN 0 in Open vSwitch,
  /// so that a capture shows such frames without a tag on either engine.
  private func number(_ vlan: VLANID) -> UInt16 {
    vlan == .bridgeDefault ? 0 : vlan.rawValue
  }
}
