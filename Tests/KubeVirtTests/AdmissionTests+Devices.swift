import KubeVirt
import Manifest
import Testing

extension AdmissionTests {
  static let resources = "spec.domain.resources"
  static let memory: [Case] = [
    Case(
      "none",
      ": no memory requested, at least one of 'spec.domain.memory.guest',"
        + " 'spec.domain.memory.hugepages.pageSize' or 'spec.domain.resources.requests.memory'"
        + " must be set"
    ) { $0.domain = "cpu: {cores: 1}" },
    Case(
      "requests over limits",
      "\(resources).requests.memory: \(resources).requests.memory '2Gi' is greater than"
        + " \(resources).limits.memory '1Gi'"
    ) { $0.domain = "resources: {requests: {memory: 2048Mi}, limits: {memory: 1Gi}}" },
    Case(
      "guest over the limit",
      "spec.domain.memory.guest: spec.domain.memory.guest '2Gi' must be equal to or less than the"
        + " memory limit \(resources).limits.memory '1Gi'",
      cluster: ClusterSettings(liveUpdate: false)
    ) { $0.domain = "memory: {guest: 2Gi}\nresources: {limits: {memory: 1Gi}}" },
    Case(
      "too little",
      "\(resources).requests.memory: \(resources).requests.memory '100k': must be greater than or"
        + " equal to 1M."
    ) { $0.domain = "resources: {requests: {memory: 100k}}" },
    Case(
      "negative",
      "\(resources).requests.memory: \(resources).requests.memory '-1Gi': must be greater than or"
        + " equal to 0."
    ) { $0.domain = "resources: {requests: {memory: -1Gi}}" },
    Case(
      "CPU over its limit",
      "\(resources).requests.cpu: \(resources).requests.cpu '4' is greater than"
        + " \(resources).limits.cpu '2'"
    ) { $0.domain += "\nresources: {requests: {cpu: 4}, limits: {cpu: '2'}}" },
    Case(
      "no quantity",
      "spec.domain.memory.guest: quantities must match the regular expression"
        + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    ) { $0.domain = "memory: {guest: much}\nresources: {requests: {memory: 1Gi}}" },
  ]

  @Test(arguments: memory)
  func refusesMemory(row: Case) throws { try check(row) }

  static let disks: [Case] = [
    Case("ide", "\(disk)[0].disk.bus: IDE bus is not supported") {
      $0.disks = $0.disks.replacing("virtio", with: "ide")
    },
    Case(
      "unknown bus",
      "\(disk)[0].disk.bus: \(disk)[0] is set with an unrecognized bus nvme, must be one of:"
        + " [virtio scsi sata usb]"
    ) { $0.disks = $0.disks.replacing("virtio", with: "nvme") },
    Case("virtio CD-ROM", "\(disk)[0].cdrom.bus: Bus type virtio is invalid for CD-ROM device") {
      $0.disks = $0.disks.replacing("disk:", with: "cdrom:")
    },
    Case("read-only sata", "\(disk)[0].disk.bus: sata hard-disks do not support read-only.") {
      $0.disks = $0.disks.replacing("bus: virtio", with: "bus: sata, readonly: true")
    },
    Case(
      "serial's characters",
      "\(disk)[0].serial: \(disk)[0] must be made up of the following characters"
        + " [A-Za-z0-9_.+-], if specified"
    ) { $0.disks = $0.disks.replacing("name: root", with: "name: root, serial: 'a b'") },
    Case(
      "serial's length",
      "\(disk)[0].serial: \(disk)[0] must be less than or equal to 256 in length, if specified"
    ) {
      let serial = String(repeating: "x", count: 257)
      $0.disks = $0.disks.replacing("name: root", with: "name: root, serial: \(serial)")
    },
    Case("no volume", "\(disk)[0].name: \(disk)[0].Name 'a' not found.") {
      $0.disks = $0.disks.replacing("name: root", with: "name: a")
    },
    Case(
      "one name for two disks",
      "\(disk)[1].name: \(disk)[1] and \(disk)[0] must not have the same Name."
    ) { $0.disks += "\n- {name: root, disk: {}}" },
    Case(
      "one name for two volumes",
      "spec.volumes[1].name: spec.volumes[1] and spec.volumes[0] must not have the same Name."
    ) { $0.volumes += "\n- {name: root, emptyDisk: {}}" },
    Case("no source", "spec.volumes[0]: spec.volumes[0] must have exactly one source type set") {
      $0.volumes = "- {name: root}"
    },
    Case("two sources", "spec.volumes[0]: spec.volumes[0] must have exactly one source type set") {
      $0.volumes = "- {name: root, emptyDisk: {}, configMap: {name: x}}"
    },
    Case("hostDisk", "spec.volumes[0]: HostDisk feature gate is not enabled") {
      $0.volumes = "- {name: root, hostDisk: {path: /x, type: Disk}}"
    },
  ]

  @Test(arguments: disks)
  func refusesDisks(row: Case) throws { try check(row) }

  static let virtualMachines: [Case] = [
    Case(
      "running and runStrategy",
      "spec.running: Running and RunStrategy are mutually exclusive. Note that Running is"
        + " deprecated, please use RunStrategy instead"
    ) { $0.outer = "running: true\nrunStrategy: Always" },
    Case("neither", "spec.running: RunStrategy must be specified") {
      $0.outer = "dataVolumeTemplates: []"
    },
    Case(
      "a strategy behind a gate",
      "spec.runStrategy: Invalid RunStrategy (WaitAsReceiver), DecentralizedLiveMigration feature"
        + " gate is not enabled in kubevirt resource"
    ) { $0.outer = "runStrategy: WaitAsReceiver" },
    Case("unknown strategy", "spec.runStrategy: Invalid RunStrategy (Sometimes)") {
      $0.outer = "runStrategy: Sometimes"
    },
  ]

  @Test(arguments: virtualMachines)
  func refusesVirtualMachines(row: Case) throws {
    let change = row.change
    var row = row
    row.change = { text in
      text.kind = "VirtualMachine"
      change(&text)
    }
    try check(row)
  }
}
