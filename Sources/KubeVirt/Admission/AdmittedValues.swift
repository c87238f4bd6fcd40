/// A disk as admission reads it.
struct AdmittedDisk {
  let value: APIValue
  let name: String
  /// `disk`, `lun` or `cdrom`; empty when none is named.
  let target: String
  let targetCount: Int
  let bus: String

  init(_ value: APIValue) {
    self.value = value
    name = value["name"].string
    let targets = ["disk", "lun", "cdrom"].filter { value[$0].exists }
    targetCount = targets.count
    target = targets.first ?? ""
    bus = targets.first.map { value[$0]["bus"].string } ?? ""
  }
}

/// Memory as admission reads it.
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
    guest = memory["guest"].quantity
  }
}

/// CPU requests, limits and topology as admission reads them.
struct AdmittedCPU {
  let requests: Quantity?
  let limits: Quantity?
  let cores: Int
  let sockets: Int
  let threads: Int

  init(_ domain: APIValue) {
    let cpu = domain["cpu"]
    requests = domain["resources"]["requests"]["cpu"].quantity
    limits = domain["resources"]["limits"]["cpu"].quantity
    cores = cpu["cores"].integer
    sockets = cpu["sockets"].integer
    threads = cpu["threads"].integer
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
