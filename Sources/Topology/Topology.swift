import Addresses
import Planning

/// A lab as a drawing has it: what is connected to what, on which VLANs.
///
/// Encoded as JSON it is what `pxelab topology --format json` prints; docs/topology.md names the
/// fields, which stay as they are.
package struct Topology: Codable, Sendable, Hashable {
  /// The lab's name.
  package var lab: String
  /// How far a running lab is; `nil` for one that is only planned.
  package var phase: String?
  /// Where bridges and ports are from.
  package var source: Source
  /// What carries the frames: `linux-bridge` or `open-vswitch`.
  package var engine: String
  /// The kinds of namespace that the sandbox is made of.
  package var sandbox: [String]
  /// The names of its nodes; `nil` of a lab of one.
  package var nodes: [String]?
  /// The bridges: of several nodes the fabric's first, then each node's.
  package var bridges: [Bridge]
  /// The machines, in the order of the manifests.
  package var machines: [Machine]
  /// The servers.
  package var servers: [Server]
  /// Interfaces of the host's that join a bridge.
  package var uplinks: [Uplink]
  /// Whether machines are on the pod network, and so reach the host's network through pasta.
  package var podNetwork: Bool

  /// Where a drawing's bridges and ports are from.
  package enum Source: String, Codable, Sendable {
    /// What the lab has planned.
    case plan
    /// What the engine and the kernel have, read back; what is not as planned says so.
    case dataplane
  }

  /// A port's VLAN table.
  package struct Table: Codable, Sendable, Hashable {
    /// The VLAN of untagged frames that come in; `nil` when they are dropped.
    package var pvid: VLANID?
    /// The VLANs that leave untagged, ascending.
    package var untagged: [VLANID]
    /// The VLANs that leave tagged, ascending.
    package var tagged: [VLANID]
  }

  /// A bridge.
  package struct Bridge: Codable, Sendable, Hashable {
    /// Its name in the attachments.
    package var name: String
    /// Its device in the sandbox.
    package var device: String
    /// The node of several that has it; `nil` of the fabric's, and in a lab of one node.
    package var node: String?
    /// Where its frames are captured, tags and all.
    package var capture: Capture
    /// Its ports.
    package var ports: [Port]
    /// The node's own addresses on it.
    package var gateways: [Gateway]
  }

  /// Addresses that the node itself has on a VLAN of a bridge (`isGateway`).
  package struct Gateway: Codable, Sendable, Hashable {
    /// The device that has them.
    package var device: String
    /// The VLAN; `nil` is the bridge's untagged one.
    package var vlan: VLANID?
    /// The addresses, each with its network.
    package var addresses: [String]
    /// The planned ones, where those that are there are others.
    package var planned: [String]?
  }

  /// A place where frames are captured.
  package struct Capture: Codable, Sendable, Hashable {
    /// The device listened on.
    package var device: String
    /// The file that they are written to.
    package var file: String
  }

  /// A port of a bridge.
  package struct Port: Codable, Sendable, Hashable {
    /// What is at a port's other end.
    package enum Kind: String, Codable, Sendable {
      /// An interface of a machine.
      case machine
      /// A server's namespace.
      case server
      /// The namespace of what hands out the addresses of an `ipam`.
      case addressServer = "address-server"
      /// A namespace that `pxelab exec` has made.
      case program
      /// On a node's bridge: the fabric.
      case fabric
      /// On the fabric: a node.
      case node
    }

    /// Its device.
    package var device: String
    /// The VLAN of untagged frames that come in; `nil` when they are dropped.
    package var pvid: VLANID?
    /// The VLANs that leave untagged, ascending.
    package var untagged: [VLANID]
    /// The VLANs that leave tagged, ascending.
    package var tagged: [VLANID]
    /// The planned table, where the one that is there is another.
    package var planned: Table?
    /// Whether the port is planned and not there; `nil` where it is.
    package var isMissing: Bool?
    /// What is at the other end.
    package var kind: Kind
    /// The machine's name, or the attachment that a namespace is on.
    package var name: String
    /// The machine's interface.
    package var interface: String?
    /// The namespace at the other end.
    package var namespace: String?
    /// The namespace's address and network.
    package var address: IPv4Network?
  }

  /// A machine.
  package struct Machine: Codable, Sendable, Hashable {
    /// Its name.
    package var name: String
    /// The node of several that it is on; `nil` while it is on none.
    package var node: String?
    /// The stage that a running machine's boot has reached.
    package var stage: String?
    /// Its interfaces.
    package var interfaces: [Interface]
  }

  /// An interface of a machine.
  package struct Interface: Codable, Sendable, Hashable {
    /// Its name in the manifest.
    package var name: String
    /// Its MAC address.
    package var mac: MACAddress
    /// The network attachment; `nil` is the pod network.
    package var attachment: String?
    /// The bridge's device, of several nodes after `NODE/`; `nil` on the pod network, and while the
    /// machine is on no node.
    package var bridge: String?
    /// The port's device; `nil` on the pod network.
    package var port: String?
    /// Its place in the boot order.
    package var bootOrder: Int?
    /// The address that a server of a running lab has leased to it.
    package var address: IPv4Address?
  }

  /// A server on an attachment.
  package struct Server: Codable, Sendable, Hashable {
    /// The attachment.
    package var attachment: String
    /// The network namespace.
    package var namespace: String
    /// The address.
    package var address: IPv4Network
    /// The VLAN of its port; `nil` is untagged.
    package var vlan: VLANID?
    /// The program: `dnsmasq`, or the user's own.
    package var program: String
    /// The image served.
    package var image: String?
    /// The bridge's device.
    package var bridge: String
    /// The port's device.
    package var port: String
  }

  /// An interface of the host's that joins a bridge as a trunk.
  package struct Uplink: Codable, Sendable, Hashable {
    /// The interface.
    package var interface: String
    /// The bridge's device.
    package var bridge: String
    /// The VLAN of untagged frames; `nil` when they are dropped.
    package var pvid: VLANID?
    /// The VLANs that it carries tagged, ascending.
    package var tagged: [VLANID]
    /// The planned table, where the one that is there is another.
    package var planned: Table?
    /// The attachments whose servers answer beyond it.
    package var served: [String]
  }
}

/// What a running lab says beyond its plan.
package struct TopologyState: Sendable, Hashable {
  /// How far it is.
  package var phase: String
  /// The stages of the machines' boots, by name.
  package var stages: [String: String]
  /// The addresses that servers have leased.
  package var addresses: [MACAddress: IPv4Address]
  /// The bridges and ports as they are; `nil` where they could not be asked for.
  package var dataplane: DataplaneState?
  /// The same of several nodes and the fabric, by their agents' names.
  package var dataplanes: [String: DataplaneState] = [:]
  /// The namespaces that programs run in.
  package var programs: [ProgramPort]

  /// A state.
  package init(
    phase: String, stages: [String: String], addresses: [MACAddress: IPv4Address],
    dataplane: DataplaneState? = nil, programs: [ProgramPort] = []
  ) {
    self.phase = phase
    self.stages = stages
    self.addresses = addresses
    self.dataplane = dataplane
    self.programs = programs
  }
}
