import FoundationEssentials
import KubeVirt
import LabManifest
import Objects

/// Finds the file behind each of a machine's volumes.
struct VolumePlanner {
  /// The size of a disk that nothing gives a size to: 1 GiB, sparse.
  static let defaultSize: Int64 = 1 << 30

  let machine: Machine
  /// What the machine is called in the lab.
  let title: String
  let objects: LabObjects
  let facts: PlanningFacts
  let paths: LabPaths
  /// The machine's UUID.
  let uuid: String

  /// The files of the machine's disks, in the manifest's order, and what a person should know of
  /// them. A volume that has no meaning in a lab has a notice and no file.
  ///
  /// - Throws: ``PlanningError`` for a file that the lab cannot reach.
  func plan() throws -> (volumes: [VolumePlan], notices: [String]) {
    var volumes: [VolumePlan] = []
    var notices: [String] = []
    for (index, disk) in machine.disks.enumerated() {
      guard let source = machine.volume(of: disk)?.source else { continue }
      let title = "\(title): disk \(disk.name)"
      if disk.target == .lun {
        notices.append(
          "\(title): no LUN is passed through in a lab, so it is a disk on the same bus")
      }
      let planned = try plan(source, name: disk.name, index: index)
      if let volume = planned.volume { volumes.append(volume) }
      notices += planned.notices.map { "\(title): \($0)" }
    }
    return (volumes, notices)
  }

  private struct Planned {
    var volume: VolumePlan?
    var notices: [String] = []
  }

  private func plan(_ source: Volume.Source, name: String, index: Int) throws -> Planned {
    let file = "\(paths.machine(title))/\(Self.fileName(name) ?? "disk-\(index)")"
    func volume(
      _ content: VolumePlan.Content, format: VolumePlan.Format = .raw, suffix: String = "img"
    ) -> VolumePlan {
      VolumePlan(
        name: name, path: "\(file).\(suffix)", format: format, content: content, owner: .lab)
    }
    func leftOut(_ why: String) -> Planned { Planned(volume: nil, notices: [why]) }
    switch source {
    case .containerDisk(let reference):
      guard let image = facts.diskImages[reference] else {
        return Planned(
          volume: volume(.empty(size: Self.defaultSize)),
          notices: [
            "no local file stands for the container disk \(reference), so it is an empty disk of"
              + " \(size(Self.defaultSize)) (spec.diskImages in lab.yaml can name one)"
          ])
      }
      return Planned(
        volume: volume(.overlay(image), format: .qcow2, suffix: "qcow2"),
        notices: ["\(image.path) stands for the container disk \(reference)"])
    case .emptyDisk(let capacity):
      return Planned(volume: volume(.empty(size: capacity?.value ?? Self.defaultSize)))
    case .hostDisk(let path, let type, let capacity):
      return try hostDisk(name, path: path, type: type, capacity: capacity)
    case .cloudInitNoCloud(let source):
      let seed = seed(source)
      return Planned(
        volume: volume(.seed(try seed.noCloud()), suffix: "iso"), notices: notices(seed))
    case .cloudInitConfigDrive(let source):
      let seed = seed(source)
      return Planned(
        volume: volume(.seed(try seed.configDrive()), suffix: "iso"), notices: notices(seed))
    case .persistentVolumeClaim(let claim), .dataVolume(let claim):
      return self.claim(claim, name: name)
    case .configMap(let map, let label):
      guard let values = objects.configMaps[key(.configMaps, map)] else {
        return leftOut("no ConfigMap \(map) in this folder, so it is left out")
      }
      return files(values, label: label, volume: { volume(.seed($0), suffix: "iso") })
    case .secret(let secret, let label):
      guard let values = objects.secrets[key(.secrets, secret)] else {
        return leftOut("no Secret \(secret) in this folder, so it is left out")
      }
      return files(values, label: label, volume: { volume(.seed($0), suffix: "iso") })
    case .other(let kind):
      return leftOut("volumes of type \(kind) have no meaning in a lab, so it is left out")
    }
  }

  // MARK: Kinds of volumes

  private func hostDisk(_ name: String, path: String, type: String, capacity: Quantity?) throws
    -> Planned
  {
    let absolute =
      URL(
        fileURLWithPath: path,
        relativeTo: URL(fileURLWithPath: facts.manifestFolder, isDirectory: true)
      ).standardizedFileURL.path
    try DiskImage.checkVisible(absolute)
    let size = capacity?.value
    let isMade = type == "DiskOrCreate"
    if isMade, size == nil {
      throw PlanningError(
        description: "\(title): the host disk \(name) is to be made at \(absolute) if it"
          + " is missing, so it needs a capacity")
    }
    return Planned(
      volume: VolumePlan(
        name: name, path: absolute, format: .raw,
        content: isMade ? .empty(size: size ?? Self.defaultSize) : .existing, owner: .user))
  }

  private func seed(_ source: Volume.CloudInit) -> CloudInitSeed {
    CloudInitSeed(machine: machine, source: source, objects: objects, uuid: uuid)
  }

  private func notices(_ seed: CloudInitSeed) -> [String] {
    seed.missing.map { "no \($0) in this folder, so the seed is without it" }
  }

  private func files(
    _ values: [String: Data], label: String?, volume: (SeedImage) -> VolumePlan
  ) -> Planned {
    let unsafe = values.keys.filter { Self.fileName($0) == nil }.sorted()
    let label = label.flatMap { $0.isEmpty ? nil : $0 } ?? "cfgdata"
    return Planned(
      volume: volume(
        SeedImage(label: label, files: values.filter { Self.fileName($0.key) != nil })),
      notices: unsafe.map { "the key \($0.debugDescription) is no file name, so it is left out" })
  }

  private func claim(_ claim: String, name: String) -> Planned {
    let dataVolume = objects.dataVolumes[key(.dataVolumes, claim)]
    let asked =
      dataVolume?.size?.value
      ?? objects.claims[key(.persistentVolumeClaims, claim)].flatMap { $0 }
    let path = paths.claim(namespace: machine.namespace, name: claim)
    func kept(_ content: VolumePlan.Content) -> VolumePlan {
      VolumePlan(name: name, path: path, format: .raw, content: content, owner: .stores)
    }
    func empty(_ why: String?) -> Planned {
      let bytes = asked ?? Self.defaultSize
      return Planned(
        volume: kept(.empty(size: bytes)),
        notices: why.map { ["\($0), so it is an empty disk of \(size(bytes))"] } ?? [])
    }
    let mapped = facts.diskImages[claim].map { (claim, $0) }
    switch dataVolume?.source {
    case .url(let url):
      guard let (reference, image) = facts.diskImages[url].map({ (url, $0) }) ?? mapped else {
        return empty(
          "nothing is fetched, and no local file stands for \(url), from which \(claim) is filled"
            + " (spec.diskImages in lab.yaml can name one)")
      }
      return copy(image, of: reference, asked: asked, kept)
    case .blank: return empty(nil)
    case .other(let kind):
      if let (reference, image) = mapped { return copy(image, of: reference, asked: asked, kept) }
      return empty(
        "a lab does not fill \(claim)" + (kind.map { " from \($0)" } ?? ": it names no source"))
    case nil:
      if let (reference, image) = mapped { return copy(image, of: reference, asked: asked, kept) }
      return objects.claims[key(.persistentVolumeClaims, claim)] != nil
        ? empty(asked == nil ? "the claim \(claim) asks for no size" : nil)
        : empty("no PersistentVolumeClaim and no DataVolume \(claim) in this folder")
    }
  }

  private func copy(
    _ image: DiskImage, of reference: String, asked: Int64?,
    _ kept: (VolumePlan.Content) -> VolumePlan
  ) -> Planned {
    var notices = ["a copy of \(image.path) stands for \(reference)"]
    if let asked, asked < image.virtualSize {
      notices.append(
        "it is \(size(image.virtualSize)), as that image, and not \(size(asked)) as asked for:"
          + " a cluster would refuse to fill it")
    }
    return Planned(
      volume: kept(.copy(image, size: max(asked ?? 0, image.virtualSize))), notices: notices)
  }

  private func key(_ resource: GroupResource, _ name: String) -> ObjectKey {
    ObjectKey(resource, namespace: machine.namespace, name: name)
  }

  private func size(_ bytes: Int64) -> String { Quantity(bytes: bytes).description }

  /// A name as one that is safe in a path; `nil` when it is not.
  static func fileName(_ name: String) -> String? {
    let isSafe = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isSafe, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 200 else { return nil }
    return name
  }
}

extension DiskImage {
  /// The folders that the sandbox covers with its own.
  private static let covered: [String] = ["/run/", "/var/run/", "/var/lib/libvirt/"]

  /// Checks that the sandbox shows a file where it is.
  ///
  /// - Throws: ``PlanningError`` for a file that it covers.
  package static func checkVisible(_ path: String) throws(PlanningError) {
    guard let folder = covered.first(where: path.hasPrefix) else { return }
    throw PlanningError(
      description: "the disk image \(path) cannot be used from below \(folder), which a lab's"
        + " sandbox covers with its own: move it to another folder")
  }
}

extension LabPaths {
  /// The disk of a claim, which outlives the lab.
  func claim(namespace: String, name: String) -> String {
    let file =
      VolumePlanner.fileName("\(namespace).\(name)")
      ?? StableIdentity.hexadecimal(StableIdentity.digest("\(namespace)/\(name)"))
    return "\(stores)/claims/\(file).img"
  }
}
