import Addresses
import NetworkAttachment

/// A property of a port or bridge that is not as an attachment asks.
package struct PropertyDifference: Codable, Sendable, Hashable {
  /// The device of the port or bridge.
  package var port: String
  /// What people call it: `MACHINE/INTERFACE`, or the bridge's name in the attachment.
  package var title: String
  /// The property, as the CNI configuration calls it.
  package var property: String
  /// What the lab has.
  package var has: String
  /// What the attachment asks for.
  package var asks: String
}

extension DataplaneState {
  /// Where this differs from what bridges and ports were asked to be, in their order.
  package func differences(from asked: [BridgePlan]) -> [PropertyDifference] {
    asked.flatMap { bridge in
      differences(from: bridge) + bridge.ports.flatMap { differences(from: $0) }
    }
  }

  private func differences(from asked: BridgePlan) -> [PropertyDifference] {
    var comparison = Comparison(device: asked.device, title: asked.name)
    guard let bridge = bridges.first(where: { $0.device == asked.device }) else {
      comparison.compare("bridge", "none", asked.name)
      return comparison.differences
    }
    if let filters = bridge.filtersVLANs {
      comparison.compare("vlan filtering", filters, asked.filtersVLANs)
    }
    comparison.compare("promiscMode", bridge.isPromiscuous, asked.isPromiscuous)
    // A bridge's own MTU is the least of its ports', whatever it was made with (br_mtu_auto_adjust
    // in net/bridge/br_if.c; Open vSwitch does the same).
    let least = asked.ports.map { $0.mtu ?? 1500 }.min() ?? asked.mtu
    if let least { comparison.compare("mtu", bridge.mtu, least) }
    for gateway in asked.gateways {
      comparison.compare(
        "isGateway", Self.list(bridge.addresses[gateway.device] ?? [], on: gateway.device),
        Self.list(gateway.addresses, on: gateway.device))
    }
    return comparison.differences
  }

  private func differences(from asked: PortPlan) -> [PropertyDifference] {
    var comparison = Comparison(device: asked.device, title: asked.title)
    guard let port = ports.first(where: { $0.device == asked.device }) else {
      comparison.compare("port", "none", asked.device)
      return comparison.differences
    }
    comparison.compare("vlan", port.vlans.description, asked.vlans.description)
    if let mtu = port.mtu { comparison.compare("mtu", mtu, asked.mtu ?? 1500) }
    comparison.compare(
      "macspoofchk", port.allowedSource?.description ?? "false",
      asked.allowedSource?.description ?? "false")
    comparison.compare("hairpinMode", port.isHairpin, asked.isHairpin)
    comparison.compare("portIsolation", port.isIsolated, asked.isIsolated)
    return comparison.differences
  }

  private static func list(_ addresses: [IPNetwork], on device: String) -> String {
    addresses.isEmpty
      ? "none" : addresses.map { "\($0)" }.sorted().joined(separator: ", ") + " on \(device)"
  }
}

/// Collects what differs on one device.
private struct Comparison {
  let device: String
  let title: String
  var differences: [PropertyDifference] = []

  mutating func compare(_ property: String, _ has: some CustomStringConvertible, _ asks: String) {
    guard has.description != asks else { return }
    differences.append(
      PropertyDifference(
        port: device, title: title, property: property, has: has.description, asks: asks))
  }

  mutating func compare<Value: CustomStringConvertible & Equatable>(
    _ property: String, _ has: Value, _ asks: Value
  ) {
    compare(property, has, asks.description)
  }
}

extension DataplanePlan {
  /// What these attachments ask of the lab's bridges and ports: the plan's own where they say
  /// nothing, as for servers' ports; only bridges that one of the attachments is on.
  ///
  /// - Parameter attachments: attachments by the titles that the plan calls them by.
  package func asked(by attachments: [String: NetworkAttachmentDefinition]) -> [BridgePlan] {
    bridges.compactMap { bridge in
      var asked = bridge
      asked.ports = bridge.ports.map { port in
        guard let title = port.attachment, let attachment = attachments[title],
          case .machine(let machine, let interface) = port.peer, let mac = port.mac
        else { return port }
        return PortPlan(
          device: port.device, machine: machine, interface: interface, mac: mac,
          attachment: attachment, title: title)
      }
      let titles = Set(bridge.ports.compactMap(\.attachment))
      let mine = attachments.filter { title, attachment in
        titles.contains(title) || attachment.bridgeDevice == bridge.device
      }.values
      guard !mine.isEmpty else { return nil }
      if titles.allSatisfy({ attachments[$0] != nil }) {
        asked.filtersVLANs =
          mine.contains { $0.wantsVLANFiltering }
          || bridge.ports.contains { $0.vlans != .access(.bridgeDefault) }
        asked.isPromiscuous = mine.contains { $0.wantsPromiscuity }
      }
      return asked
    }
  }
}
