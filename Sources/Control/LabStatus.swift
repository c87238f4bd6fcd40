import Addresses
import Foundation
import LabPlan

/// What `pxelab status` knows of one lab.
public struct LabStatus: Codable, Sendable, Hashable {
  /// How far the lab is.
  public enum Phase: String, Codable, Sendable {
    /// Being made.
    case starting
    /// Made; machines run or have run.
    case running
    /// Its processes live, and its supervisor does not answer.
    case silent
    /// Its processes are gone, its folder is not.
    case dead
  }

  /// The lab's name.
  public var lab: String
  /// How far it is.
  public var phase: Phase
  /// What carries the frames.
  public var dataplane: Reasoned<DataplaneEngine>
  /// What runs the guests' code: `kvm` or `tcg`.
  public var acceleration: Reasoned<String>
  /// The machines.
  public var machines: [MachineStatus]
  /// The servers.
  public var servers: [ServerStatus]
  /// The host's interfaces that it has borrowed, each with its bridge; `nil` means none.
  public var uplinks: [String: String]?
  /// Where virsh and virt-manager connect.
  public var libvirtURI: String
  /// The lab's folder.
  public var directory: String

  /// A status.
  public init(
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

/// What is known of one machine.
public struct MachineStatus: Codable, Sendable, Hashable {
  /// One of its interfaces.
  public struct Interface: Codable, Sendable, Hashable {
    /// The interface's name in the manifest.
    public var name: String
    /// Its MAC address.
    public var mac: MACAddress
    /// The network attachment, or `pod`.
    public var network: String
    /// The VLAN it is an access port of.
    public var vlan: VLANID?
    /// The address that a DHCP server of the lab acknowledged.
    public var address: IPv4Address?

    /// An interface.
    public init(
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
  public var name: String
  /// The stage that its boot has reached, in words.
  public var stage: String
  /// Whether its processors run: `running`, `paused`, `off`, `crashed`.
  public var power: String?
  /// When it runs, as KubeVirt has it; what `pxelab power` has made of it.
  public var runStrategy: String?
  /// How often it was started.
  public var starts: Int?
  /// Why it is not started; `nil` when it is, or its run strategy says so.
  public var reason: String?
  /// `pass` or `fail` when it has been judged.
  public var verdict: String?
  /// Its interfaces.
  public var interfaces: [Interface]
  /// The serial console's unix socket.
  public var console: String
  /// What the console has said so far.
  public var consoleLog: String

  /// A machine's status.
  public init(
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
public struct ServerStatus: Codable, Sendable, Hashable {
  /// The network attachment that it serves.
  public var attachment: String
  /// Its address.
  public var address: IPv4Network
  /// The VLAN it is on.
  public var vlan: VLANID?
  /// The user's own program that serves; `nil` for the built-in server.
  public var command: String?
  /// Why it serves no more; `nil` while it does.
  public var failure: String?

  /// A server's status.
  public init(
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
