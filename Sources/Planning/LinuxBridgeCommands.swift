import Addresses
import ExternalCommand
import NetworkAttachment

/// The dataplane as iproute2 and nft commands, with the effects that the `bridge` CNI plugin has.
struct LinuxBridgeCommands {
  let bridges: [BridgePlan]

  var setUp: [Command] { bridgesAndPorts(sourceChecks) }

  /// All but the rules that go by source addresses, which are of all bridges together.
  var bridgesAndPorts: [Command] { bridgesAndPorts([]) }

  private func bridgesAndPorts(_ checks: [Command]) -> [Command] {
    let devices = bridges.flatMap(deviceLines)
    let tables = bridges.flatMap { bridge in
      bridge.ports.flatMap(vlanLines) + bridge.gateways.flatMap(vlanLines)
    }
    return [Command("ip", ["-batch", "-"], input: devices.batch)]
      + (tables.isEmpty ? [] : [Command("bridge", ["-batch", "-"], input: tables.batch)])
      + checks + RouterCommands(bridges: bridges).setUp
      + bridges.flatMap { $0.ports.flatMap(\.namespaceCommands) }
  }

  /// What prints the counters of ``sourceChecks``; nothing where there are none.
  var listRules: [Command] {
    checkedPorts.isEmpty
      ? [] : [Command("nft", ["--json", "list", "chain", "bridge", "pxelab", "spoofed"])]
  }

  private func deviceLines(of bridge: BridgePlan) -> [String] {
    let device = bridge.device
    var make = "link add name \(device)"
    if let mtu = bridge.mtu { make += " mtu \(mtu)" }
    make += " type bridge vlan_filtering \(bridge.filtersVLANs ? 1 : 0)"
    // In hundredths of a second.
    if let delay = bridge.forwardDelay { make += " stp_state 1 forward_delay \(delay * 100)" }
    var lines = [make]
    if bridge.isPromiscuous { lines.append("link set dev \(device) promisc on") }
    for port in bridge.ports { lines += port.deviceLines(master: device) + port.flagLines }
    lines.append("link set dev \(device) up")
    for gateway in bridge.gateways { lines += gatewayLines(of: gateway, on: bridge) }
    return lines
  }

  private func gatewayLines(of gateway: GatewayPlan, on bridge: BridgePlan) -> [String] {
    let mtu = bridge.mtu.map { " mtu \($0)" } ?? ""
    let link: [String] =
      gateway.port.map { port in
        [
          "link add name \(gateway.device)\(mtu) type veth peer name \(port)\(mtu)",
          "link set dev \(port) master \(bridge.device) up",
          "link set dev \(gateway.device) up",
        ]
      } ?? []
    return link + gateway.addressLines
  }

  private func vlanLines(of gateway: GatewayPlan) -> [String] {
    guard let port = gateway.port else { return [] }
    return vlanLines(of: port, gateway.vlans)
  }

  func vlanLines(of port: PortPlan) -> [String] { vlanLines(of: port.device, port.vlans) }

  /// A new port has VLAN 1 as PVID, untagged: the table differs from that by these lines.
  func vlanLines(of device: String, _ table: PortVLANs) -> [String] {
    if table == .access(.bridgeDefault) { return [] }
    var lines: [String] = []
    if !table.members.contains(.bridgeDefault) { lines.append("vlan del dev \(device) vid 1") }
    for run in runs(of: table) {
      var line = "vlan add dev \(device) vid \(run.first)"
      if run.last > run.first { line += "-\(run.last)" }
      if run.first == table.pvid { line += " pvid" }
      if table.untagged.contains(run.first) { line += " untagged" }
      lines.append(line)
    }
    return lines
  }

  /// The table's VLANs, tagged neighbours in one range: a trunk of thousands is one message.
  private func runs(of table: PortVLANs) -> [(first: VLANID, last: VLANID)] {
    let isPlain = { (vlan: VLANID) in vlan != table.pvid && !table.untagged.contains(vlan) }
    var runs: [(first: VLANID, last: VLANID)] = []
    for vlan in Set(table.members).sorted() {
      if let run = runs.last, run.last.rawValue + 1 == vlan.rawValue, isPlain(run.first),
        isPlain(vlan)
      {
        runs[runs.count - 1].last = vlan
      } else {
        runs.append((vlan, vlan))
      }
    }
    return runs
  }

  /// The rules that go by source addresses, in the place of those that there are.
  func sourceChecksAnew(hadSome: Bool) -> [Command] {
    let tables = hadSome ? ["delete table bridge nat", "delete table bridge pxelab"] : []
    return (tables.isEmpty ? [] : [Command("nft", ["-f", "-"], input: tables.batch)])
      + sourceChecks
  }

  private var checkedPorts: [(device: String, mac: MACAddress)] {
    bridges.flatMap(\.ports).compactMap { port in
      port.allowedSource.map { (port.device, $0) }
    }
  }

  /// The plugin's own rules for `macspoofchk` (plugins/pkg/link/spoofcheck.go), the port's device
  /// standing for the container's ID and interface; and, in a table of the lab's own, a counter
  /// beside them, because the plugin's rules have none.
  var sourceChecks: [Command] {
    let ports = checkedPorts
    guard !ports.isEmpty else { return [] }
    var lines = [
      "add table bridge nat",
      "add chain bridge nat PREROUTING"
        + " { type filter hook prerouting priority -300; policy accept; }",
      "add table bridge pxelab",
      "add chain bridge pxelab spoofed"
        + " { type filter hook prerouting priority -301; policy accept; }",
    ]
    for (device, mac) in ports {
      let chain = "cni-br-iface-\(device)"
      let comment = "comment \"macspoofchk-\(device)\""
      lines += [
        "add chain bridge nat \(chain)",
        "add chain bridge nat \(chain)-mac",
        "add rule bridge nat PREROUTING iifname \"\(device)\" jump \(chain) \(comment)",
        "add rule bridge nat \(chain) jump \(chain)-mac \(comment)",
        "add rule bridge nat \(chain)-mac ether saddr \(mac) return \(comment)",
        "add rule bridge nat \(chain)-mac drop \(comment)",
        "add rule bridge pxelab spoofed iifname \"\(device)\" ether saddr != \(mac) counter"
          + " comment \"\(device)\"",
      ]
    }
    return [Command("nft", ["-f", "-"], input: lines.batch)]
  }
}

extension PortPlan {
  /// `ip -batch` lines that make the device and bring it up, on a bridge where one is given.
  func deviceLines(master: String? = nil) -> [String] {
    let made: [String] =
      switch peer {
      case .machine: ["tuntap add dev \(device) mode tap"]
      case .namespace(let name, _):
        ["netns add \(name)", "link add name \(device) type veth peer name eth0 netns \(name)"]
      case .fabric:
        [
          "link add name \(device) type veth peer name \(device) netns \(NodeRole.fabricNamespace)"
        ]
      // The node has made it.
      case .node: []
      }
    var line = "link set dev \(device) alias \(title)"
    if let mtu { line += " mtu \(mtu)" }
    if let master { line += " master \(master)" }
    return made + [line + " up"]
  }

  /// The bridge's flags on the port, which are there once it is one.
  var flagLines: [String] {
    let flags = (isHairpin ? " hairpin on" : "") + (isIsolated ? " isolated on" : "")
    return flags.isEmpty ? [] : ["link set dev \(device) type bridge_slave\(flags)"]
  }

  /// What is done inside the namespace at the far end.
  ///
  /// It computes checksums itself: left to the veth they would be filled in by nobody, a guest
  /// behind Open vSwitch's userspace datapath would drop the frames, and any capture call them
  /// wrong.
  var namespaceCommands: [Command] {
    guard case .namespace(let name, let address) = peer else { return [] }
    var lines = ["link set dev lo up"]
    if let address { lines.append("address add \(address) brd + dev eth0") }
    if let mtu { lines.append("link set dev eth0 mtu \(mtu)") }
    lines.append("link set dev eth0 up")
    return [
      Command("ip", ["netns", "exec", name, "ethtool", "-K", "eth0", "tx", "off"]),
      Command("ip", ["-netns", name, "-batch", "-"], input: lines.batch),
    ]
  }
}

extension [String] {
  /// One line each, as `ip -batch` and `bridge -batch` read them.
  var batch: String { map { $0 + "\n" }.joined() }
}
