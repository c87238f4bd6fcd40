import Addresses
import LabPlan

/// A lab as a drawing has it: what is connected to what, on which VLANs.
///
/// Encoded as JSON it is what `pxelab topology --format json` prints; docs/topology.md names the
/// fields, which stay as they are.
public struct Topology: Codable, Sendable, Hashable {
  /// The lab's name.
  public var lab: String
  /// How far a running lab is; `nil` for one that is only planned.
  public var phase: String?
  /// Where bridges and ports are from.
  public var source: Source
  /// What carries the frames: `linux-bridge` or `open-vswitch`.
  public var engine: String
  /// The kinds of namespace that the sandbox is made of.
  public var sandbox: [String]
  /// The bridges.
  public var bridges: [Bridge]
  /// The machines, in the order of the manifests.
  public var machines: [Machine]
  /// The servers.
  public var servers: [Server]
  /// Interfaces of the host's that join a bridge.
  public var uplinks: [Uplink]
  /// Whether machines are on the pod network, and so reach the host's network through pasta.
  public var podNetwork: Bool

  /// Where a drawing's bridges and ports are from.
  public enum Source: String, Codable, Sendable {
    /// What the lab has planned.
    case plan
    /// What the engine and the kernel have, read back; what is not as planned says so.
    case dataplane
  }

  /// A port's VLAN table.
  public struct Table: Codable, Sendable, Hashable {
    /// The VLAN of untagged frames that come in; `nil` when they are dropped.
    public var pvid: VLANID?
    /// The VLANs that leave untagged, ascending.
    public var untagged: [VLANID]
    /// The VLANs that leave tagged, ascending.
    public var tagged: [VLANID]
  }

  /// A bridge.
  public struct Bridge: Codable, Sendable, Hashable {
    /// Its name in the attachments.
    public var name: String
    /// Its device in the sandbox.
    public var device: String
    /// Where its frames are captured, tags and all.
    public var capture: Capture
    /// Its ports.
    public var ports: [Port]
    /// The node's own addresses on it.
    public var gateways: [Gateway]
  }

  /// Addresses that the node itself has on a VLAN of a bridge (`isGateway`).
  public struct Gateway: Codable, Sendable, Hashable {
    /// The device that has them.
    public var device: String
    /// The VLAN; `nil` is the bridge's untagged one.
    public var vlan: VLANID?
    /// The addresses, each with its network.
    public var addresses: [String]
    /// The planned ones, where those that are there are others.
    public var planned: [String]?
  }

  /// A place where frames are captured.
  public struct Capture: Codable, Sendable, Hashable {
    /// The device listened on.
    public var device: String
    /// The file that they are written to.
    public var file: String
  }

  /// A port of a bridge.
  public struct Port: Codable, Sendable, Hashable {
    /// What is at a port's other end.
    public enum Kind: String, Codable, Sendable {
      /// An interface of a machine.
      case machine
      /// A server's namespace.
      case server
      /// The namespace of what hands out the addresses of an `ipam`.
      case addressServer = "address-server"
      /// A namespace that `pxelab exec` has made.
      case program
    }

    /// Its device.
    public var device: String
    /// The VLAN of untagged frames that come in; `nil` when they are dropped.
    public var pvid: VLANID?
    /// The VLANs that leave untagged, ascending.
    public var untagged: [VLANID]
    /// The VLANs that leave tagged, ascending.
    public var tagged: [VLANID]
    /// The planned table, where the one that is there is another.
    public var planned: Table?
    /// Whether the port is planned and not there; `nil` where it is.
    public var isMissing: Bool?
    /// What is at the other end.
    public var kind: Kind
    /// The machine's name, or the attachment that a namespace is on.
    public var name: String
    /// The machine's interface.
    public var interface: String?
    /// The namespace at the other end.
    public var namespace: String?
    /// The namespace's address and network.
    public var address: IPv4Network?
  }

  /// A machine.
  public struct Machine: Codable, Sendable, Hashable {
    /// Its name.
    public var name: String
    /// The stage that a running machine's boot has reached.
    public var stage: String?
    /// Its interfaces.
    public var interfaces: [Interface]
  }

  /// An interface of a machine.
  public struct Interface: Codable, Sendable, Hashable {
    /// Its name in the manifest.
    public var name: String
    /// Its MAC address.
    public var mac: MACAddress
    /// The network attachment; `nil` is the pod network.
    public var attachment: String?
    /// The bridge's device; `nil` on the pod network.
    public var bridge: String?
    /// The port's device; `nil` on the pod network.
    public var port: String?
    /// Its place in the boot order.
    public var bootOrder: Int?
    /// The address that a server of a running lab has leased to it.
    public var address: IPv4Address?
  }

  /// A server on an attachment.
  public struct Server: Codable, Sendable, Hashable {
    /// The attachment.
    public var attachment: String
    /// The network namespace.
    public var namespace: String
    /// The address.
    public var address: IPv4Network
    /// The VLAN of its port; `nil` is untagged.
    public var vlan: VLANID?
    /// The program: `dnsmasq`, or the user's own.
    public var program: String
    /// The image served.
    public var image: String?
    /// The bridge's device.
    public var bridge: String
    /// The port's device.
    public var port: String
  }

  /// An interface of the host's that joins a bridge as a trunk.
  public struct Uplink: Codable, Sendable, Hashable {
    /// The interface.
    public var interface: String
    /// The bridge's device.
    public var bridge: String
    /// The VLAN of untagged frames; `nil` when they are dropped.
    public var pvid: VLANID?
    /// The VLANs that it carries tagged, ascending.
    public var tagged: [VLANID]
    /// The planned table, where the one that is there is another.
    public var planned: Table?
    /// The attachments whose servers answer beyond it.
    public var served: [String]
  }
}

/// What a running lab says beyond its plan.
public struct TopologyState: Sendable, Hashable {
  /// How far it is.
  public var phase: String
  /// The stages of the machines' boots, by name.
  public var stages: [String: String]
  /// The addresses that servers have leased.
  public var addresses: [MACAddress: IPv4Address]
  /// The bridges and ports as they are; `nil` where they could not be asked for.
  public var dataplane: DataplaneState?
  /// The namespaces that programs run in.
  public var programs: [ProgramPort]

  /// A state.
  public init(
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
