import Addresses
import ExternalCommand

/// The dataplane as iproute2 commands, with the effects that the `bridge` CNI plugin has.
struct LinuxBridgeCommands {
  let bridges: [BridgePlan]

  var setUp: [Command] {
    let devices = bridges.flatMap { bridge -> [String] in
      let device = bridge.device
      return ["link add name \(device) type bridge vlan_filtering 1"]
        + bridge.ports.flatMap { port in
          port.deviceLines + ["link set dev \(port.device) master \(device)"]
        }
        + ["link set dev \(device) up"]
    }
    let tables = bridges.flatMap { $0.ports.flatMap(vlanLines) }
    return [Command("ip", ["-batch", "-"], input: devices.batch)]
      + (tables.isEmpty ? [] : [Command("bridge", ["-batch", "-"], input: tables.batch)])
      + bridges.flatMap { $0.ports.flatMap(\.namespaceCommands) }
  }

  /// A new port has VLAN 1 as PVID, untagged: the table differs from that by these lines.
  func vlanLines(of port: PortPlan) -> [String] {
    let table = port.vlans
    var lines: [String] = []
    let all = Set(table.untagged + table.tagged)
    if !all.contains(.bridgeDefault) {
      lines.append("vlan del dev \(port.device) vid 1")
    }
    for vlan in all.sorted() {
      var line = "vlan add dev \(port.device) vid \(vlan)"
      if vlan == table.pvid { line += " pvid" }
      if table.untagged.contains(vlan) { line += " untagged" }
      lines.append(line)
    }
    return lines
  }
}

extension PortPlan {
  /// `ip -batch` lines that make the device and bring it up.
  var deviceLines: [String] {
    var lines: [String] =
      switch peer {
      case .machine: ["tuntap add dev \(device) mode tap"]
      case .namespace(let name, _):
        ["netns add \(name)", "link add name \(device) type veth peer name eth0 netns \(name)"]
      }
    lines.append("link set dev \(device) alias \(title)")
    if let mtu { lines.append("link set dev \(device) mtu \(mtu)") }
    lines.append("link set dev \(device) up")
    return lines
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
