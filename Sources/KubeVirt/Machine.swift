import Objects

/// What a VirtualMachine or VirtualMachineInstance says about booting, as a view of the tree of its
/// ``MachineObject``: defaults are filled in there (KubeVirt,
/// staging/src/kubevirt.io/api/core/v1/schema.go).
///
/// Values are as written: a model or bus that does not exist is kept as text.
package struct Machine: Hashable, Sendable {
  /// The kind of the manifest.
  package enum Kind: String, Codable, Hashable, Sendable {
    /// A machine with a run strategy and a template.
    case virtualMachine = "VirtualMachine"
    /// One running machine.
    case virtualMachineInstance = "VirtualMachineInstance"
  }

  /// The kind of the manifest.
  package var kind: Kind
  /// What makes machines of the manifest, when it is in a pool or a replica set.
  package var host: MachineHost?
  /// `metadata.name`.
  package var name: String
  /// `metadata.namespace`, `default` when absent.
  package var namespace: String
  /// The machine's labels; for a VirtualMachine those of its template.
  package var labels: [String: String]
  /// The machine's annotations; for a VirtualMachine those of its template.
  package var annotations: [String: String]
  /// Where the object begins in its file.
  package var location: SourceLocation

  /// `spec.runStrategy` of a VirtualMachine.
  package var runStrategy: String?
  /// The deprecated `spec.running` of a VirtualMachine.
  package var running: Bool?
  /// The DataVolumes that a VirtualMachine brings with it.
  package var dataVolumeTemplates: [DataVolume]
  /// `hostname`; `nil` means that the machine's name is used.
  package var hostname: String?
  /// Whether a VirtualMachine has its `spec.template`; always true for an instance.
  package var hasTemplate: Bool
  /// `startStrategy`: `Paused` holds the machine before its first instruction.
  package var startStrategy: String?
  /// Seconds between the power button and the plug; 180 in KubeVirt when absent.
  package var terminationGracePeriodSeconds: Int?

  /// Firmware and boot loader.
  package var firmware: Firmware
  /// Features of the machine.
  package var features: Features
  /// The machine type, such as `q35`; `nil` leaves it to the cluster.
  package var machineType: String?
  /// CPU model, topology and features.
  package var cpu: CPU
  /// Memory, and the requests and limits of the machine's pod.
  package var resources: Resources

  /// Network interfaces in order.
  package var interfaces: [NetworkInterface]
  /// Networks in order.
  package var networks: [Network]
  /// Disks, CD-ROMs and LUNs in order.
  package var disks: [Disk]
  /// Volumes in order.
  package var volumes: [Volume]
  /// Whether a machine without interfaces gets one on the pod network; true when absent.
  package var autoattachPodInterface: Bool
  /// Whether interfaces get several queues.
  package var networkInterfaceMultiqueue: Bool
  /// Whether the guest has a device that gives random numbers.
  package var hasRandomNumbers: Bool
  /// Whether virtio devices are transitional (virtio 0.9 and 1.0).
  package var useVirtioTransitional: Bool

  /// A machine of which nothing but the name is said.
  package init(
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
    hasRandomNumbers = false
    useVirtioTransitional = false
  }
}

extension Machine {
  /// `kind/name`, for messages.
  package var object: String { "\(host?.kind.rawValue ?? kind.rawValue)/\(name)" }

  /// The path of the machine's own spec in its manifest.
  package var specPath: String { host?.specPath ?? kind.specPath }

  /// The machine's identity.
  package var key: ObjectKey {
    ObjectKey(host?.kind.resource ?? kind.resource, namespace: namespace, name: name)
  }

  /// Whether the manifest asks that the machine runs as soon as it exists.
  package var startsAtOnce: Bool {
    guard kind == .virtualMachine else { return true }
    if let runStrategy { return !["Halted", "Manual", "WaitAsReceiver"].contains(runStrategy) }
    return running ?? false
  }

  /// Whether Secure Boot is asked for: EFI without `secureBoot: false`.
  package var secureBoot: Bool { firmware.bootloader?.efi?.secureBoot ?? false }

  /// Whether the EFI variables outlive the machine.
  package var persistentEFI: Bool { firmware.bootloader?.efi?.persistent ?? false }

  /// The network of an interface: the one of the same name.
  package func network(of interface: NetworkInterface) -> Network? {
    networks.first { $0.name == interface.name }
  }

  /// The networks by their names, the first of a name: for those who look at every interface.
  package var networksByName: [String: Network] {
    Dictionary(networks.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The volume of a disk: the one of the same name.
  package func volume(of disk: Disk) -> Volume? {
    volumes.first { $0.name == disk.name }
  }
}
