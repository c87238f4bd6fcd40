import Addresses

/// VLANs as people write them: `100`, `200-205, 300`.
enum VLANText {
  /// The list with neighbours joined to ranges.
  static func ranges(_ vlans: [VLANID]) -> String {
    var runs: [(first: UInt16, last: UInt16)] = []
    for vlan in vlans.map(\.rawValue).sorted() {
      if let last = runs.last?.last, last + 1 == vlan {
        runs[runs.count - 1].last = vlan
      } else {
        runs.append((vlan, vlan))
      }
    }
    return runs.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
      .joined(separator: ", ")
  }

  /// A port's table: `PVID 100`, `PVID 1, tagged 200-205`, `tagged 200`; `no VLAN` when it has none.
  static func table(pvid: VLANID?, untagged: [VLANID], tagged: [VLANID]) -> String {
    var parts = pvid.map { ["PVID \($0)"] } ?? []
    let others = untagged.filter { $0 != pvid }
    if !others.isEmpty { parts.append("untagged \(ranges(others))") }
    if !tagged.isEmpty { parts.append("tagged \(ranges(tagged))") }
    return parts.isEmpty ? "no VLAN" : parts.joined(separator: ", ")
  }
}

extension Topology.Port {
  /// The port's VLAN table, for people.
  var vlanText: String {
    if isMissing == true {
      return "missing, planned "
        + VLANText.table(pvid: pvid, untagged: untagged, tagged: tagged)
    }
    return VLANText.table(pvid: pvid, untagged: untagged, tagged: tagged) + planned.difference
  }

  /// Whether it is not as planned.
  var isDifferent: Bool { isMissing == true || planned != nil }
}

extension Topology.Table? {
  /// What is said after a table that is another than this.
  fileprivate var difference: String {
    map { table in
      ", planned "
        + VLANText.table(pvid: table.pvid, untagged: table.untagged, tagged: table.tagged)
    } ?? ""
  }
}

extension Topology.Gateway {
  /// Its VLAN, for people.
  var vlanText: String { vlan.map { "PVID \($0)" } ?? "untagged" }

  /// Its addresses, for people.
  var addressText: String {
    func list(_ addresses: [String]) -> String {
      addresses.isEmpty ? "no address" : addresses.joined(separator: ", ")
    }
    return list(addresses) + (planned.map { ", planned \(list($0))" } ?? "")
  }
}

extension Topology.Uplink {
  /// The port's VLAN table, for people.
  var vlanText: String {
    VLANText.table(pvid: pvid, untagged: pvid.map { [$0] } ?? [], tagged: tagged)
      + planned.difference
  }
}

extension Topology {
  /// The engine, for people.
  var engineText: String { engine == "linux-bridge" ? "Linux bridge" : "Open vSwitch" }
  /// How far the lab is and where its ports are from, for people; to follow its name.
  var phaseText: String {
    switch (phase, source) {
    case (let phase?, .dataplane): phase
    case (let phase?, .plan): "\(phase), drawn as planned"
    case (nil, _): "not up, drawn as planned"
    }
  }
  /// The sandbox, for people.
  var sandboxText: String { "sandbox: \(sandbox.joined(separator: ", ")) namespaces" }

  /// What is under a bridge's name: its device where that is another, and the engine.
  func subtitle(of bridge: Bridge) -> String {
    let owner = nodes == nil ? "" : "\(bridge.node ?? "fabric") · "
    return owner + (bridge.name == bridge.device ? "" : "\(bridge.device) · ") + engineText
  }

  func interface(_ port: Port) -> Interface? {
    machines.first { $0.name == port.name }?.interfaces.first { $0.port == port.device }
  }

  func server(_ port: Port) -> Server? { servers.first { $0.port == port.device } }

  /// Of several nodes: the machines' interfaces whose machines are on none.
  var waiting: [(machine: Machine, interface: Interface)] {
    machines.flatMap { machine in
      machine.interfaces.filter { nodes != nil && $0.port != nil && $0.bridge == nil }
        .map { (machine, $0) }
    }
  }

  /// The place among the bridges of the fabric's that a node's bridge is joined to.
  func fabricIndex(of bridge: Bridge) -> Int? {
    bridge.node == nil
      ? nil : bridges.firstIndex { $0.node == nil && $0.device == bridge.device }
  }

  /// The machines' interfaces that are on the pod network.
  var podInterfaces: [(machine: Machine, interface: Interface)] {
    machines.flatMap { machine in
      machine.interfaces.filter { $0.attachment == nil }.map { (machine, $0) }
    }
  }
}

extension Topology.Bridge {
  /// The name, and the device where that is another.
  var title: String { name == device ? name : "\(name) (\(device))" }
}

extension Topology.Server {
  /// What serves: `dnsmasq with debian-secureboot`.
  var programText: String { program + (image.map { " with \($0)" } ?? "") }
}
