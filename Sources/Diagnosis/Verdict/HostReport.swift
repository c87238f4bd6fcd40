import Addresses

/// What the host says of a machine: its running domain's XML and its ports in the dataplane.
package struct HostReport: Codable, Hashable, Sendable {
  /// The dataplane's engine: `linux-bridge` or `open-vswitch`.
  package var engine: String
  /// The domain's machine type.
  package var machineType: String
  /// Whether the loader is a secure one (`<loader secure='yes'>`).
  package var secureLoader: Bool
  /// Whether SMM is on.
  package var smm: Bool
  /// The path of the variable store.
  package var nvram: String?
  /// The network interfaces in the domain's order.
  package var interfaces: [Interface]
  /// The disks in the domain's order.
  package var disks: [Disk]
  /// The dataplane's ports.
  package var ports: [Port]
  /// The dataplane's bridges.
  package var bridges: [Bridge] = []
  /// `<boot dev>` of the domain, which BIOS reads and UEFI firmware does not.
  package var bootDevices: [String] = []
  /// How many disks have `<boot order>`.
  package var disksInBootOrder: Int = 0
  /// Whether the domain has a virtio-rng (`<rng>`); `nil` when that is not known.
  package var hasRandomNumberGenerator: Bool?
  /// The CPU model of the domain.
  package var processor: String?
  /// Whether that model is known to lack RDRAND; `nil` when it is not known.
  package var processorLacksRDRAND: Bool?
  /// What the kernel does with frames that it bridges; `nil` where it has no such filter.
  package var bridgeFilter: BridgeFilter?

  /// A network interface of the domain.
  package struct Interface: Codable, Hashable, Sendable {
    /// Its MAC address.
    package var mac: MACAddress
    /// Its tap device; `nil` when it is no tap.
    package var tap: String?
    /// `<boot order>`.
    package var bootOrder: Int?
    /// `<rom enabled>`; `nil` without the element.
    package var rom: Bool?
    /// The model, `virtio` or another.
    package var model: String?
    /// Other interfaces on the same VLAN with this address, as `machine/interface`.
    package var namesakes: [String] = []

    /// An interface of the domain.
    package init(
      mac: MACAddress, tap: String? = nil, bootOrder: Int? = nil, rom: Bool? = nil,
      model: String? = nil
    ) {
      self.mac = mac
      self.tap = tap
      self.bootOrder = bootOrder
      self.rom = rom
      self.model = model
    }
  }

  /// A disk of the domain.
  package struct Disk: Codable, Hashable, Sendable {
    /// Its name in the manifest.
    package var name: String
    /// `<boot order>`.
    package var bootOrder: Int?

    /// A disk of the domain.
    package init(name: String, bootOrder: Int?) {
      self.name = name
      self.bootOrder = bootOrder
    }
  }

  /// A port's row in the dataplane's VLAN table.
  package struct Port: Codable, Hashable, Sendable {
    /// The port's name, which for a machine is its tap.
    package var name: String
    /// The VLAN given to untagged frames that come in.
    package var pvid: VLANID?
    /// VLANs that leave untagged.
    package var untagged: [VLANID]
    /// VLANs that leave tagged.
    package var tagged: [VLANID]
    /// The bridge that it is on.
    package var bridge: String?
    /// Frames that `macspoofchk` dropped; `nil` where sources are not checked.
    package var spoofedFrames: Int?

    /// A row of the VLAN table.
    package init(name: String, pvid: VLANID?, untagged: [VLANID], tagged: [VLANID] = []) {
      self.name = name
      self.pvid = pvid
      self.untagged = untagged
      self.tagged = tagged
    }
  }

  /// A bridge.
  package struct Bridge: Codable, Hashable, Sendable {
    /// Its device.
    package var name: String
    /// Where it speaks the spanning tree protocol: seconds for which a new port listens, and as
    /// many for which it learns, before it forwards.
    package var forwardDelay: Int?

    /// A bridge.
    package init(name: String, forwardDelay: Int? = nil) {
      self.name = name
      self.forwardDelay = forwardDelay
    }
  }

  /// What joins a machine's bridge to the network outside of its node.
  package struct Uplink: Codable, Hashable, Sendable {
    /// The node.
    package var node: String
    /// The bridge's name in network attachments.
    package var bridge: String
    /// The port; `nil` where the bridge has no uplink.
    package var port: Port?
    /// Why it has none, as the policies of the nodes' networks have it.
    package var absence: Absence?
    /// The MTU of the port in bytes; `nil` where that is not known.
    package var mtu: Int?
    /// The MTU of the machine's interface in bytes.
    package var machineMTU: Int = 1500
    /// The bridge whose resource brought the machine to the node, where the attachment names another than
    /// it uses.
    package var resourceBridge: String?

    /// Why a node's bridge has no uplink.
    package enum Absence: Codable, Hashable, Sendable {
      /// A policy makes the bridge without a port.
      case noPort
      /// Policies make the bridge on other nodes only.
      case otherNodes
      /// Policies make no bridge of that name; the nearest that they make.
      case otherName(String)
      /// OVN does not reach the physical network there: why.
      case unmapped(String)
    }

    /// A bridge's uplink.
    package init(node: String, bridge: String, port: Port?, absence: Absence? = nil) {
      self.node = node
      self.bridge = bridge
      self.port = port
      self.absence = absence
    }
  }

  /// The packet filter's hold on bridged frames.
  package struct BridgeFilter: Codable, Hashable, Sendable {
    /// Whether bridged frames go through the IP packet filter (`bridge-nf-call-iptables`).
    package var callsIPTables: Bool
    /// Whether that drops what is forwarded and nothing else takes.
    package var dropsForwarded: Bool

    /// A packet filter's hold.
    package init(callsIPTables: Bool, dropsForwarded: Bool) {
      self.callsIPTables = callsIPTables
      self.dropsForwarded = dropsForwarded
    }
  }

  /// What joins the bridge of the machine's boot interface to the network outside of its node; `nil` in a
  /// lab of one node, whose servers are on that bridge.
  package var uplink: Uplink?

  /// A report of the host.
  package init(
    engine: String, machineType: String, secureLoader: Bool, smm: Bool, nvram: String? = nil,
    interfaces: [Interface], disks: [Disk] = [], ports: [Port]
  ) {
    self.engine = engine
    self.machineType = machineType
    self.secureLoader = secureLoader
    self.smm = smm
    self.nvram = nvram
    self.interfaces = interfaces
    self.disks = disks
    self.ports = ports
  }

  /// The interface with a MAC address.
  package func interface(_ mac: MACAddress) -> Interface? { interfaces.first { $0.mac == mac } }

  /// The port of the interface with a MAC address.
  package func port(of mac: MACAddress) -> Port? {
    guard let tap = interface(mac)?.tap else { return nil }
    return ports.first { $0.name == tap }
  }

  /// The bridge that the interface with a MAC address is on.
  package func bridge(of mac: MACAddress) -> Bridge? {
    guard let name = port(of: mac)?.bridge else { return nil }
    return bridges.first { $0.name == name }
  }
}
