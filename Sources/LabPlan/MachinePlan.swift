import Addresses
import BootOrder
import Diagnosis

/// A machine of the lab: its domain, its files, and what is expected of its boot.
public struct MachinePlan: Codable, Sendable, Hashable {
  /// An interface of a machine.
  public struct Interface: Codable, Sendable, Hashable {
    /// The name in the manifest.
    public var name: String
    /// The MAC address, the manifest's or one that is stable for this lab.
    public var mac: MACAddress
    /// The network attachment; `nil` is the pod network.
    public var attachment: String?
    /// The VLAN that its port is an access port of.
    public var vlan: VLANID?
    /// The tap on the bridge; `nil` on the pod network.
    public var tap: String?
    /// The virtual function that it is instead.
    public var function: VirtualFunctionPlan?
    /// The MTU that the guest is told, in bytes; `nil` leaves it 1500.
    public var mtu: Int?
    /// The place in the machine's boot order.
    public var bootOrder: Int?
  }

  /// A machine's EFI variable store.
  public struct VariableStore: Codable, Sendable, Hashable {
    /// The file that QEMU maps.
    public var path: String
    /// The folder of that file.
    public var folder: String {
      path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
    /// The file that it begins as.
    public var template: String
    /// Whether it outlives the lab.
    public var persistent: Bool
    /// Whether the manifest asks for Secure Boot.
    public var secureBoot: Bool
    /// What makes the template of the firmware's own store; `nil` where that is the template.
    public var customization: StoreCustomization?
    /// The certificate in DER that its HTTPS boot trusts: the lab's authority, where a server of the
    /// machine's networks boots by HTTPS.
    public var authority: String?
  }

  /// The machine's name in the manifest, also the domain's.
  public var name: String
  /// The domain's XML.
  public var domainXML: String
  /// The machine's folder.
  public var directory: String
  /// The interfaces, in the manifest's order.
  public var interfaces: [Interface]
  /// The files behind its disks.
  public var volumes: [VolumePlan]
  /// The variable store; `nil` under BIOS.
  public var variableStore: VariableStore?
  /// What it needs of a node's processor.
  public var processor: ProcessorDemand
  /// When it runs.
  public var runStrategy: RunStrategy
  /// Whether the machine starts with the lab.
  public var startsAtOnce: Bool
  /// Seconds from its start to its verdict at the latest.
  public var timeoutSeconds: Double
  /// What it is judged by; `nil` when it is not expected to boot from a lab's network.
  public var expectation: MachineExpectation?
  /// Where the manifests have the fields that bear on its boot.
  public var places: [CauseField: ManifestPlace] = [:]
  /// What its manifest says of the boot order, device by device.
  public var bootDevices: [ManifestBootDevice] = []
  /// The id of the finding that must come first, where the lab is broken on purpose.
  public var expectedFinding: String?

  /// The serial console's unix socket.
  public var consoleSocket: String { "\(directory)/console.sock" }

  /// Held by whoever is attached to the console: QEMU serves one at a time, and lets others wait
  /// without a word.
  public var consoleLock: String { "\(directory)/console.lock" }
  /// The VNC server's unix socket, where it has a screen.
  public var vncSocket: String { "\(directory)/vnc.sock" }
  /// What the serial console has said.
  public var consoleLog: String { "\(directory)/console.log" }
}
