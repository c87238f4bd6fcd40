import Addresses
import NetworkAttachment
import Objects

/// Finds interfaces that have one MAC address on one network: a bridge and its untagged VLAN, of all nodes
/// together, since the fabric joins them.
struct NamesakeSearch {
  private struct Station: Hashable {
    var mac: MACAddress
    var bridge: String
    var vlan: VLANID?
  }

  private var owners: [Station: [(machine: ObjectKey, title: String)]] = [:]
  private let planner: LabPlanner

  /// Looks at the machines that are planned, and at those that run on other nodes.
  init(_ planner: LabPlanner, _ addresses: MACAssignment) {
    self.planner = planner
    for (machine, title) in zip(planner.input.machines, planner.titles) {
      guard
        planner.instances?.contains(machine.key) ?? true || planner.elsewhere.contains(machine.key)
      else { continue }
      for interface in machine.interfaces where interface.state != "absent" {
        guard let mac = addresses.address(of: interface, in: machine),
          let attachment = planner.input.attachment(of: interface, in: machine)
        else { continue }
        owners[Self.station(mac, attachment), default: []].append(
          (machine.key, "\(title)/\(interface.name)"))
      }
    }
  }

  /// The same machines, with the namesakes of their interfaces.
  func named(_ machines: [MachinePlan]) -> [MachinePlan] {
    guard owners.values.contains(where: { $0.count > 1 }) else { return machines }
    let attachments = Dictionary(
      planner.input.attachments.map { (planner.title(of: $0), $0) }
    ) { first, _ in first }
    return machines.map { machine in
      var machine = machine
      for index in machine.interfaces.indices {
        let interface = machine.interfaces[index]
        guard interface.tap != nil,
          let attachment = interface.attachment.flatMap({ attachments[$0] })
        else { continue }
        let own = "\(machine.name)/\(interface.name)"
        let others = (owners[Self.station(interface.mac, attachment)] ?? []).filter {
          $0.machine != machine.key || $0.title != own
        }
        if !others.isEmpty { machine.interfaces[index].namesakes = others.map(\.title) }
      }
      return machine
    }
  }

  private static func station(
    _ mac: MACAddress, _ attachment: NetworkAttachmentDefinition
  ) -> Station {
    Station(mac: mac, bridge: attachment.bridgeDevice, vlan: attachment.portVLANs.pvid)
  }
}
