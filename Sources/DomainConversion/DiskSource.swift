import Objects

/// A disk, CD-ROM or LUN of the instance.
struct DiskSource {
  /// The name, which is that of its volume.
  var name: String
  /// The disk's field.
  var field: Field
  /// `disk`, `lun` or `cdrom`.
  var kind: String
  /// The field of that name.
  var target: Field
  /// The bus.
  var bus: String

  /// Whether the disk asks for a thread of its own.
  var hasThreadOfItsOwn: Bool {
    field["dedicatedIOThread"].isOn(default: false)
  }
}

extension DomainConverter {
  /// The disks in order.
  var diskSources: [DiskSource] {
    devicesField["disks"].items.map { field in
      let kind = ["disk", "lun", "cdrom"].first { field[$0].exists } ?? "disk"
      return DiskSource(
        name: field["name"].string ?? "", field: field, kind: kind, target: field[kind],
        bus: field[kind]["bus"].string ?? "")
    }
  }
}
