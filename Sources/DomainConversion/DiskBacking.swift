import DomainXML
import Objects

/// What KubeVirt puts behind a disk, by the kind of its volume (storage/volume.go).
struct DiskBacking {
  /// The volume's field with its source; `nil` for a drive without a medium.
  var field: Field?
  /// The kind of volume, such as `containerDisk`; empty without a volume.
  var kind: String
  /// libvirt's type of disk: `file` or `block`.
  var type = "file"
  /// The image's format.
  var format = "raw"
  /// The attributes of `<source>`.
  var source: [XMLElement.Attribute] = []
  /// What an image that only holds changes is based on.
  var store: XMLElement?
  /// Whether even a CD-ROM's volume lets go of what is trimmed.
  var discards = false

  private static let kinds = [
    "containerDisk", "cloudInitNoCloud", "cloudInitConfigDrive", "sysprep", "hostDisk",
    "persistentVolumeClaim", "dataVolume", "ephemeral", "emptyDisk", "configMap", "secret",
    "downwardAPI", "serviceAccount", "downwardMetrics",
  ]

  /// What is behind a volume; `index` is its place among all volumes.
  init(of volume: Field?, index: Int, name: String, machine: String, namespace: String) {
    kind = volume.flatMap { volume in Self.kinds.first { volume[$0].exists } } ?? ""
    field = volume.map { kind.isEmpty ? $0 : $0[kind] }
    let privateFolder = "/var/run/kubevirt-private"
    let claim = "\(privateFolder)/vmi-disks/\(name)/disk.img"
    let overlay = "/var/run/kubevirt-ephemeral-disks/disk-data/\(name)/disk.qcow2"
    let seeds = "/var/run/libvirt/cloud-init-dir/\(namespace)/\(machine)"
    var file: String?
    switch kind {
    case "containerDisk":
      format = "qcow2"
      discards = true
      file = overlay
      store = Self.store(
        format: "qcow2", file: "/var/run/kubevirt/container-disks/disk_\(index).img")
    case "ephemeral":
      format = "qcow2"
      discards = true
      file = overlay
      store = Self.store(format: "raw", file: claim)
    case "emptyDisk":
      format = "qcow2"
      discards = true
      file = "/var/run/libvirt/empty-disks/\(name).qcow2"
    case "hostDisk":
      let path = volume?["hostDisk"]["path"].string ?? ""
      let base = path.split(separator: "/").last ?? "disk.img"
      file = "\(privateFolder)/vmi-disks/\(name)/\(base)"
    case "persistentVolumeClaim", "dataVolume":
      discards = true
      file = claim
    case "cloudInitNoCloud": file = "\(seeds)/noCloud.iso"
    case "cloudInitConfigDrive": file = "\(seeds)/configdrive.iso"
    case "configMap": file = "\(privateFolder)/config-map-disks/\(name).iso"
    case "secret": file = "\(privateFolder)/secret-disks/\(name).iso"
    case "sysprep": file = "\(privateFolder)/sysprep-disks/\(name).iso"
    case "downwardAPI": file = "\(privateFolder)/downwardapi-disks/\(name).iso"
    case "serviceAccount": file = "\(privateFolder)/service-account-disk/service-account.iso"
    case "downwardMetrics": file = "\(privateFolder)/downwardapi-disks/vhostmd0"
    default:
      type = "block"
      discards = true
    }
    source = file.map { [XMLElement.Attribute(name: "file", value: $0)] } ?? []
  }

  private static func store(format: String, file: String) -> XMLElement {
    XMLElement(
      "backingStore", ["type": "file"],
      [XMLElement("format", ["type": format]), XMLElement("source", ["file": file])])
  }
}
