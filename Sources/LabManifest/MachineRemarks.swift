import KubeVirt
import Objects

/// What a cluster takes and costs people days: said before anything boots.
struct MachineRemarks {
  /// The machine as the webhook sees it.
  let machine: Machine
  /// Its manifest.
  let document: ManifestDocument
  let log: ProblemLog
  /// The CPU models that no node of the cluster is labelled with.
  let obsoleteModels: Set<String>

  private var devices: String { "\(machine.specPath).domain.devices" }

  /// Reports what there is.
  ///
  /// - Parameters:
  ///   - hasMACPool: whether KubeMacPool gives machines lasting MAC addresses, which a HyperConverged
  ///     installs.
  ///   - lacksPreference: whether a preference is not there that may bring devices.
  func report(hasMACPool: Bool, lacksPreference: Bool) {
    if !lacksPreference { remarkEntropy() }
    remarkEmptyDisks()
    remarkModel()
    if !hasMACPool { remarkAddresses() }
  }

  private func warn(_ field: String, _ message: String) {
    log.report(.warning, at: document.location(of: field), field: field, message)
  }

  /// OVMF needs random numbers to boot by network since edk2-stable202405 (edk2, issue 9530).
  private func remarkEntropy() {
    guard machine.firmware.bootloader?.efi != nil, !machine.hasRandomNumbers,
      let index = machine.interfaces.firstIndex(where: { $0.bootOrder != nil })
    else { return }
    warn(
      "\(devices).interfaces[\(index)].bootOrder",
      "UEFI network boot without devices.rng: OVMF of 2024-05 and later has no network boot entry where"
        + " it finds no random numbers, which a CPU model without rdrand does not give it; write"
        + " rng: {} in devices")
  }

  /// KubeVirt has the machine's pod go to a node with the model's label, and its nodes are labelled by
  /// libvirt's CPU map (pkg/virt-controller/services/nodeselectorrenderer.go).
  private func remarkModel() {
    let field = "\(machine.specPath).domain.cpu.model"
    // What the cluster or an instance type says is not the machine's own.
    guard let model = document.text(at: field), case .named = CPUModel(model),
      ["amd64", nil].contains(document.text(at: "\(machine.specPath).architecture"))
    else { return }
    guard !obsoleteModels.contains(model) else {
      warn(
        field,
        "the cluster calls the CPU model \(model) obsolete (obsoleteCPUModels): no node has its label, and"
          + " the machine never starts; name a newer model, such as Nehalem, or host-model")
      return
    }
    guard !CPUModelMap.has(model) else { return }
    let near = CPUModelMap.nearest(to: model)
    warn(
      field,
      "pxelab's list of libvirt's x86 CPU models (of libvirt \(CPUModelMap.release)) has no"
        + " \(model.debugDescription)"
        + (near.map { "; did you mean \($0.debugDescription)?" } ?? ".")
        + " Unless the nodes have a newer libvirt that knows it, a cluster finds no node for the machine,"
        + " and it never starts; host-model and host-passthrough always have one")
  }

  /// Of the devices with a place in the boot order, none has anything to boot.
  private func remarkEmptyDisks() {
    let ordered = machine.bootDevices
    guard let first = ordered.first, !ordered.contains(where: { $0.kind == .interface }),
      !machine.interfaces.isEmpty,
      ordered.allSatisfy({ device in
        machine.disks.first { $0.name == device.name }.map(isEmpty) ?? false
      }), let index = machine.disks.firstIndex(where: { $0.name == first.name })
    else { return }
    warn(
      "\(devices).disks[\(index)].bootOrder",
      "nothing will boot: the disk is empty, and an interface without a bootOrder is never tried where"
        + " another device has one; give the interface a bootOrder")
  }

  private func isEmpty(_ disk: Disk) -> Bool {
    guard let volume = machine.volume(of: disk) else { return false }
    switch volume.source {
    case .emptyDisk: return true
    case .dataVolume(let name):
      return machine.dataVolumeTemplates.contains { $0.name == name && $0.source == .blank }
    default: return false
    }
  }

  /// A lasting machine whose MAC address does not last.
  private func remarkAddresses() {
    guard machine.kind == .virtualMachine, isLasting else { return }
    let networks = machine.networksByName
    for (index, interface) in machine.interfaces.enumerated()
    where interface.macAddressText == nil && networks[interface.name]?.multus != nil {
      warn(
        "\(devices).interfaces[\(index)]",
        "without macAddress the interface gets another MAC address at each start, unless the cluster has"
          + " KubeMacPool: what the disk or the EFI variables keep of it no longer holds; write a"
          + " macAddress")
    }
  }

  private var isLasting: Bool {
    machine.persistentEFI
      || machine.volumes.contains { volume in
        switch volume.source {
        case .persistentVolumeClaim, .dataVolume: true
        default: false
        }
      }
  }
}

extension ManifestDocument {
  /// A text without list indices on its way; `nil` where there is none or an empty one.
  fileprivate func text(at path: String) -> String? {
    let node = path.split(separator: ".").reduce(root as ObjectNode?) { $0?[String($1)] }
    return node?.scalar.flatMap { $0.text.isEmpty ? nil : $0.text }
  }
}
