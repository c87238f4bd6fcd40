import Addresses
import ExternalCommand
import NetworkAttachment

/// An interface of the host's that shall join a bridge of the lab.
package struct UplinkRequest: Codable, Sendable, Hashable {
  /// The interfaces, each alone or as `BRIDGE=INTERFACE`.
  package var interfaces: [String]
  /// The attachments whose DHCP may go out, as people call them.
  package var served: [String]

  /// A request; without interfaces it asks for nothing.
  package init(interfaces: [String] = [], served: [String] = []) {
    self.interfaces = interfaces
    self.served = served
  }
}

/// A trunk to the outside: an interface of the host's that is moved into the sandbox for the lab's
/// life, carries the VLANs of one bridge, and lets no DHCP of the lab out.
package struct TrunkPlan: Codable, Sendable, Hashable {
  /// The interface, at most 15 bytes.
  package var interface: String
  /// The bridge's device.
  package var bridge: String
  /// The trunk's VLAN table.
  package var vlans: PortVLANs
  /// The attachments whose DHCP goes out, by title, with their VLANs.
  package var served: [Served]
  /// What joins it to the bridge once it is in the sandbox, in order.
  package var join: [Command]

  /// An attachment whose DHCP goes out.
  package struct Served: Codable, Sendable, Hashable {
    /// What people call it.
    package var attachment: String
    /// The VLAN of its server; `nil` is untagged.
    package var vlan: VLANID?
  }

  /// The source ports of a server's DHCP: DHCPv4, DHCPv6 (RFC 8415 section 7.2) and PXE's boot
  /// server (PXE 2.1 section 2.2.1).
  static let serverPorts = [67, 547, 4011]
}

extension TrunkPlan {
  /// The port of the lab's bridge: the interface itself, or in Open vSwitch the patch port to the
  /// bridge that the interface is on.
  package func port(on engine: DataplaneEngine) -> String {
    switch engine {
    case .linuxBridge: interface
    case .openVSwitch: DeviceName.uplinkPort(interface)
    }
  }
}

extension LabPlan {
  /// Whether the lab's uplinks are the ones that a request asks for.
  package func has(_ request: UplinkRequest) -> Bool {
    let asked = request.interfaces.map { text -> (bridge: Substring?, interface: Substring) in
      let parts = text.split(separator: "=", maxSplits: 1)
      return parts.count == 2 ? (parts[0], parts[1]) : (nil, parts.first ?? "")
    }
    let areThere = asked.allSatisfy { bridge, interface in
      trunks.contains { trunk in
        trunk.interface == interface
          && (bridge == nil || trunk.bridge[...] == bridge
            || dataplane.bridges.contains { $0.device == trunk.bridge && $0.name[...] == bridge })
      }
    }
    return areThere && Set(asked.map(\.interface)).count == trunks.count
      && Set(request.served) == Set(trunks.flatMap(\.served).map(\.attachment))
  }
}

extension LabPaths {
  /// What keeps the sandbox's network namespace for as long as an uplink is in it.
  package var uplinkNamespace: String { "\(directory)/uplink-sandbox.netns" }
  /// The network namespace that uplinks came from.
  package var uplinkHome: String { "\(directory)/uplink-home.netns" }
}
