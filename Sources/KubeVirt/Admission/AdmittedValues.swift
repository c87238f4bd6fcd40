/// A disk after defaults: one is added for each volume that neither a disk nor a filesystem shows
/// (pkg/util, SetDefaultVolumeDisk), and on an instance it has a target and a bus.
struct AdmittedDisk {
  let value: APIValue
  let name: String
  /// `disk`, `lun` or `cdrom`; empty when none is named.
  let target: String
  let targetCount: Int
  let bus: String

  static func all(_ devices: APIValue, volumes: [APIValue], defaultBus: String) -> [AdmittedDisk] {
    var disks = devices["disks"].items.map { AdmittedDisk($0, defaultBus: defaultBus) }
    var shown = Set(disks.map(\.name))
    for filesystem in devices["filesystems"].items { shown.insert(filesystem["name"].string) }
    for volume in volumes where !shown.contains(volume["name"].string) {
      disks.append(
        AdmittedDisk(APIValue(nil), name: volume["name"].string, defaultBus: defaultBus))
    }
    return disks
  }

  private init(_ value: APIValue, name: String? = nil, defaultBus: String) {
    self.value = value
    self.name = name ?? value["name"].string
    let targets = ["disk", "lun", "cdrom"].filter { value[$0].exists }
    targetCount = targets.count
    target = targets.first ?? (defaultBus.isEmpty ? "" : "disk")
    let written = targets.first.map { value[$0]["bus"].string } ?? ""
    bus = written.isEmpty ? defaultBus : written
  }
}

/// Memory after defaults (pkg/defaults, setGuestMemory).
struct AdmittedMemory {
  let requests: Quantity?
  let limits: Quantity?
  let guest: Quantity?
  let hasHugepages: Bool
  let pageSizeText: String
  let pageSize: Quantity?

  init(_ domain: APIValue) {
    let memory = domain["memory"]
    requests = domain["resources"]["requests"]["memory"].quantity
    limits = domain["resources"]["limits"]["memory"].quantity
    hasHugepages = memory["hugepages"].exists
    pageSizeText = memory["hugepages"]["pageSize"].string
    pageSize = Quantity(pageSizeText)
    if let guest = memory["guest"].quantity {
      self.guest = guest
    } else if let requests, requests.nanos != 0 {
      guest = requests
    } else if let limits, limits.nanos != 0 {
      guest = limits
    } else {
      guest = hasHugepages ? pageSize : nil
    }
  }
}

/// CPU requests, limits and topology after defaults (pkg/defaults).
struct AdmittedCPU {
  let requests: Quantity?
  let limits: Quantity?
  let cores: Int
  let sockets: Int
  let threads: Int

  init(_ domain: APIValue) {
    let cpu = domain["cpu"]
    limits = domain["resources"]["limits"]["cpu"].quantity
    var requests = domain["resources"]["requests"]["cpu"].quantity
    if let limits, limits.nanos != 0, (requests?.nanos ?? 0) == 0 { requests = limits }
    self.requests = requests
    let written = (cpu["cores"].integer, cpu["sockets"].integer, cpu["threads"].integer)
    if written == (0, 0, 0) {
      cores = 1
      threads = 1
      sockets = Int((limits ?? requests).map { UInt32(truncatingIfNeeded: $0.value) } ?? 1)
    } else {
      (cores, sockets, threads) = written
    }
  }

  /// The number of virtual CPUs, factors of zero left out (pkg/util/hardware, GetNumberOfVCPUs).
  var count: Int64 {
    [cores, sockets, threads].filter { $0 != 0 }.reduce(nil) { count, factor in
      UInt32(truncatingIfNeeded: factor) &* (count ?? 1)
    }.map(Int64.init) ?? 0
  }
}

/// The text of a quantity in messages; `0` when absent.
func text(_ quantity: Quantity?) -> String { quantity?.description ?? "0" }
