import Addresses
import ExternalCommand

/// The dataplane as a private Open vSwitch with the userspace datapath.
struct OpenVSwitchCommands {
  let bridges: [BridgePlan]
  /// The folder of this instance's database, sockets and logs.
  let directory: String

  var setUp: [Command] {
    let devices = bridges.flatMap { $0.ports.flatMap(\.deviceLines) }
    return [
      Command(
        "ovsdb-tool", ["create", database, "/usr/share/openvswitch/vswitch.ovsschema"],
        environment: environment),
      Command("ip", ["-batch", "-"], input: devices.batch),
      daemon("ovsdb-server", [database, "--remote=punix:\(directory)/db.sock"]),
      Command(
        "ovs-vsctl", [databaseOption, "--no-wait", "init"] + bridges.flatMap(transaction),
        environment: environment),
      daemon("ovs-vswitchd", ["unix:\(directory)/db.sock"]),
    ]
      + bridges.map { bridge in
        Command(
          "ovs-vsctl",
          [databaseOption, "--timeout=20"]
            + (bridge.ports.map(\.device) + [bridge.captureDevice]).flatMap { device in
              ["--", "wait-until", "interface", device, "ofport>0"]
            }, environment: environment)
      }
      + [
        Command(
          "ip", ["-batch", "-"],
          input: bridges.map { "link set dev \($0.captureDevice) up" }.batch)
      ]
      + bridges.flatMap { $0.ports.flatMap(\.namespaceCommands) }
  }

  /// Adds a port to a bridge that is up.
  func adding(_ port: PortPlan, to bridge: String) -> Command {
    Command(
      "ovs-vsctl",
      [databaseOption, "--timeout=20", "--", "add-port", bridge, port.device] + columns(of: port),
      environment: environment)
  }

  /// Takes a port off a bridge.
  func removing(_ port: PortPlan, from bridge: String) -> Command {
    Command(
      "ovs-vsctl", [databaseOption, "--timeout=20", "--", "del-port", bridge, port.device],
      environment: environment)
  }

  /// Where the port table is asked for afterwards.
  var listPorts: Command {
    Command(
      "ovs-vsctl",
      [
        databaseOption, "--format=json", "--columns=name,tag,trunks,vlan_mode", "list", "port",
      ], environment: environment)
  }

  private var database: String { "\(directory)/conf.db" }
  private var databaseOption: String { "--db=unix:\(directory)/db.sock" }

  private var environment: [String: String] {
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

  private func transaction(for bridge: BridgePlan) -> [String] {
    let mirror = bridge.captureDevice
    return [
      "--", "add-br", bridge.device,
      "--", "set", "bridge", bridge.device, "datapath_type=netdev", "fail_mode=standalone",
    ]
      + bridge.ports.flatMap { port in
        ["--", "add-port", bridge.device, port.device] + columns(of: port)
      }
      + [
        "--", "add-port", bridge.device, mirror,
        "--", "set", "interface", mirror, "type=internal",
        "--", "--id=@output", "get", "port", mirror,
        "--", "--id=@mirror", "create", "mirror", "name=\(mirror)", "select-all=true",
        "output-port=@output",
        "--", "set", "bridge", bridge.device, "mirrors=@mirror",
      ]
  }

  /// The port's VLAN columns (ovs-vswitchd.conf.db(5), "VLAN Configuration").
  private func columns(of port: PortPlan) -> [String] {
    let table = port.vlans
    let trunks = table.tagged.map(number).sorted()
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
