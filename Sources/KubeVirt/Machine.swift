import Manifest

/// What a VirtualMachine or VirtualMachineInstance says about booting
/// (KubeVirt, staging/src/kubevirt.io/api/core/v1/schema.go).
///
/// Values are as written, so that admission can judge them: a model or bus that does not exist is
/// kept as text.
public struct Machine: Hashable, Sendable {
  /// The kind of the manifest.
  public enum Kind: String, Codable, Hashable, Sendable {
    /// A machine with a run strategy and a template.
    case virtualMachine = "VirtualMachine"
    /// One running machine.
    case virtualMachineInstance = "VirtualMachineInstance"
  }

  /// The kind of the manifest.
  public var kind: Kind
  /// `metadata.name`.
  public var name: String
  /// `metadata.namespace`, `default` when absent.
  public var namespace: String
  /// The machine's labels; for a VirtualMachine those of its template.
  public var labels: [String: String]
  /// The machine's annotations; for a VirtualMachine those of its template.
  public var annotations: [String: String]
  /// Where the object begins in its file.
  public var location: SourceLocation

  /// `spec.runStrategy` of a VirtualMachine.
  public var runStrategy: String?
  /// The deprecated `spec.running` of a VirtualMachine.
  public var running: Bool?
  /// The DataVolumes that a VirtualMachine brings with it.
  public var dataVolumeTemplates: [DataVolume]
  /// `hostname`; `nil` means that the machine's name is used.
  public var hostname: String?
  /// Whether a VirtualMachine has its `spec.template`; always true for an instance.
  public var hasTemplate: Bool
  /// `startStrategy`: `Paused` holds the machine before its first instruction.
  public var startStrategy: String?
  /// Seconds between the power button and the plug; 180 in KubeVirt when absent.
  public var terminationGracePeriodSeconds: Int?

  /// Firmware and boot loader.
  public var firmware: Firmware
  /// Features of the machine.
  public var features: Features
  /// The machine type, such as `q35`; `nil` leaves it to the cluster.
  public var machineType: String?
  /// CPU model, topology and features.
  public var cpu: CPU
  /// Memory, and the requests and limits of the machine's pod.
  public var resources: Resources

  /// Network interfaces in order.
  public var interfaces: [NetworkInterface]
  /// Networks in order.
  public var networks: [Network]
  /// Disks, CD-ROMs and LUNs in order.
  public var disks: [Disk]
  /// Volumes in order.
  public var volumes: [Volume]
  /// Whether a machine without interfaces gets one on the pod network; true when absent.
  public var autoattachPodInterface: Bool
  /// Whether interfaces get several queues.
  public var networkInterfaceMultiqueue: Bool
  /// Whether virtio devices are transitional (virtio 0.9 and 1.0).
  public var useVirtioTransitional: Bool

  /// A machine of which nothing but the name is said.
  public init(
    kind: Kind, name: String, namespace: String = "default", location: SourceLocation
  ) {
    self.kind = kind
    self.name = name
    self.namespace = namespace
    self.location = location
    labels = [:]
    annotations = [:]
    dataVolumeTemplates = []
    hasTemplate = true
    firmware = Firmware()
    features = Features()
    cpu = CPU()
    resources = Resources()
    interfaces = []
    networks = []
    disks = []
    volumes = []
    autoattachPodInterface = true
    networkInterfaceMultiqueue = false
    useVirtioTransitional = false
  }
}

extension Machine {
  /// `kind/name`, for messages.
  public var object: String { "\(kind.rawValue)/\(name)" }

  /// The path of the machine's own spec in its manifest.
  public var specPath: String {
    kind == .virtualMachine ? "spec.template.spec" : "spec"
  }

  /// Whether the manifest asks that the machine runs as soon as it exists.
  public var startsAtOnce: Bool {
    guard kind == .virtualMachine else { return true }
    if let runStrategy { return !["Halted", "Manual", "WaitAsReceiver"].contains(runStrategy) }
    return running ?? false
  }

  /// Whether Secure Boot is asked for: EFI without `secureBoot: false`.
  public var secureBoot: Bool { firmware.bootloader?.efi?.secureBoot ?? false }

  /// Whether the EFI variables outlive the machine.
  public var persistentEFI: Bool { firmware.bootloader?.efi?.persistent ?? false }

  /// The network of an interface: the one of the same name.
  public func network(of interface: NetworkInterface) -> Network? {
    networks.first { $0.name == interface.name }
  }

  /// The networks by their names, the first of a name: for those who look at every interface.
  public var networksByName: [String: Network] {
    Dictionary(networks.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The volume of a disk: the one of the same name.
  public func volume(of disk: Disk) -> Volume? {
    volumes.first { $0.name == disk.name }
  }
}
