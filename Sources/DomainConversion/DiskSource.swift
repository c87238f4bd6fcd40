import Objects

/// A disk, CD-ROM or LUN of the manifest, or the disk that a volume without one gets.
struct DiskSource {
  /// The name, which is that of its volume.
  var name: String
  /// The disk's field; its volume's where the manifest has no disk.
  var field: Field
  /// `disk`, `lun` or `cdrom`.
  var kind: String
  /// The field of that name; absent where nothing is said.
  var target: Field
  /// The bus; sata where none is named.
  var bus: String
  /// Whether the disk itself is in the manifest.
  var isWritten: Bool

  /// Whether the disk asks for a thread of its own.
  var hasThreadOfItsOwn: Bool {
    isWritten && field["dedicatedIOThread"].isOn(default: false)
  }
}

extension DomainConverter {
  /// The disks in order: the manifest's, then one for each volume that has none
  /// (pkg/util, SetDefaultVolumeDisk).
  var diskSources: [DiskSource] {
    let written = devicesField["disks"].items.map { field in
      let kind = ["disk", "lun", "cdrom"].first { field[$0].exists } ?? "disk"
      return DiskSource(
        name: field["name"].string ?? "", field: field, kind: kind, target: field[kind],
        bus: field[kind]["bus"].string.flatMap(nonEmpty) ?? "sata", isWritten: true)
    }
    let taken = Set(
      written.map(\.name) + devicesField["filesystems"].items.compactMap { $0["name"].string })
    let volumes = spec["volumes"].items.compactMap { volume -> DiskSource? in
      guard let name = volume["name"].string, !taken.contains(name) else { return nil }
      let absent = Field(node: nil, path: "", location: volume.location, log: volume.log)
      return DiskSource(
        name: name, field: volume, kind: "disk", target: absent, bus: "sata", isWritten: false)
    }
    return written + volumes
  }
}
