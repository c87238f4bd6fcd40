import Addresses
import Planning

/// What `pxelab status` knows of one lab.
package struct LabStatus: Codable, Sendable, Hashable {
  /// How far the lab is.
  package enum Phase: String, Codable, Sendable {
    /// Being made.
    case starting
    /// Made; machines run or have run.
    case running
    /// Made, and a program that it depends on does not run.
    case degraded
    /// Its processes live, and its supervisor does not answer.
    case silent
    /// Its processes are gone, its folder is not.
    case dead
  }

  /// The lab's name.
  package var lab: String
  /// How far it is.
  package var phase: Phase
  /// What carries the frames; `nil` of a lab that does not say.
  package var dataplane: Reasoned<DataplaneEngine>?
  /// What runs the guests' code: `kvm` or `tcg`; `nil` of a lab that does not say.
  package var acceleration: Reasoned<String>?
  /// The machines.
  package var machines: [MachineStatus]
  /// The servers.
  package var servers: [ServerStatus]
  /// The programs that it depends on; `nil` where it does not say.
  package var parts: [PartStatus]?
  /// The host's interfaces that it has borrowed, each with its bridge; `nil` means none.
  package var uplinks: [String: String]?
  /// Where virsh and virt-manager connect.
  package var libvirtURI: String
  /// Its nodes, where there are several; `nil` of a lab with one.
  package var nodes: [NodeStatus]?
  /// The lab's folder.
  package var directory: String

  /// The status of a lab that does not answer.
  init(lab: String, phase: Phase, paths: LabPaths) {
    self.lab = lab
    self.phase = phase
    machines = []
    servers = []
    libvirtURI = paths.files(of: .lab).libvirtURI
    directory = paths.directory
  }

  /// A status.
  package init(
    lab: String, phase: Phase, dataplane: Reasoned<DataplaneEngine>,
    acceleration: Reasoned<String>, machines: [MachineStatus], servers: [ServerStatus],
    libvirtURI: String, directory: String
  ) {
    self.lab = lab
    self.phase = phase
    self.dataplane = dataplane
    self.acceleration = acceleration
    self.machines = machines
    self.servers = servers
    self.libvirtURI = libvirtURI
    self.directory = directory
  }
}

/// What is known of one of a lab's programs.
package struct PartStatus: Codable, Sendable, Hashable {
  /// What people call it: `dnsmasq of pxe-net-conf`.
  package var name: String
  /// `starting`, `running`, `hung`, `restarting`, `failed`.
  package var state: String
  /// How often it was started again.
  package var restarts: Int
  /// What is wrong with it, with its last words.
  package var message: String?

  /// A program's status.
  package init(name: String, state: String, restarts: Int, message: String?) {
    self.name = name
    self.state = state
    self.restarts = restarts
    self.message = message
  }
}

/// What is known of one of several nodes.
package struct NodeStatus: Codable, Sendable, Hashable {
  /// Its name.
  package var name: String
  /// Whether it is heard of: `Ready`, `NotReady`, `Unknown`.
  package var state: String
  /// Where virsh and virt-manager connect.
  package var libvirtURI: String

  /// A node's status.
  package init(name: String, state: String, libvirtURI: String) {
    self.name = name
    self.state = state
    self.libvirtURI = libvirtURI
  }
}

/// What is known of one machine.
package struct MachineStatus: Codable, Sendable, Hashable {
  /// One of its interfaces.
  package struct Interface: Codable, Sendable, Hashable {
    /// The interface's name in the manifest.
    package var name: String
    /// Its MAC address.
    package var mac: MACAddress
    /// The network attachment, or `pod`.
    package var network: String
    /// The VLAN it is an access port of.
    package var vlan: VLANID?
    /// The address that a DHCP server of the lab acknowledged.
    package var address: IPv4Address?

    /// An interface.
    package init(
      name: String, mac: MACAddress, network: String, vlan: VLANID?, address: IPv4Address?
    ) {
      self.name = name
      self.mac = mac
      self.network = network
      self.vlan = vlan
      self.address = address
    }
  }

  /// The machine's name.
  package var name: String
  /// The stage that its boot has reached, in words.
  package var stage: String
  /// Whether its processors run: `running`, `paused`, `off`, `crashed`.
  package var power: String?
  /// When it runs, as KubeVirt has it; what `pxelab power` has made of it.
  package var runStrategy: String?
  /// The node that it runs on.
  package var node: String?
  /// How often it was started.
  package var starts: Int?
  /// Why it is not started; `nil` when it is, or its run strategy says so.
  package var reason: String?
  /// `pass` or `fail` when it has been judged.
  package var verdict: String?
  /// Its interfaces.
  package var interfaces: [Interface]
  /// The serial console's unix socket.
  package var console: String
  /// What the console has said so far.
  package var consoleLog: String

  /// A machine's status.
  package init(
    name: String, stage: String, verdict: String?, interfaces: [Interface], console: String,
    consoleLog: String
  ) {
    self.name = name
    self.stage = stage
    self.verdict = verdict
    self.interfaces = interfaces
    self.console = console
    self.consoleLog = consoleLog
  }
}

/// What is known of one server.
package struct ServerStatus: Codable, Sendable, Hashable {
  /// The network attachment that it serves.
  package var attachment: String
  /// Its address.
  package var address: IPv4Network
  /// The VLAN it is on.
  package var vlan: VLANID?
  /// The user's own program that serves; `nil` for the built-in server.
  package var command: String?
  /// Why it serves no more; `nil` while it does.
  package var failure: String?

  /// A server's status.
  package init(
    attachment: String, address: IPv4Network, vlan: VLANID?, command: String? = nil,
    failure: String? = nil
  ) {
    self.attachment = attachment
    self.address = address
    self.vlan = vlan
    self.command = command
    self.failure = failure
  }
}
