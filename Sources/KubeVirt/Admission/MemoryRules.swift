import Objects

extension Admission {
  private var memoryRequestsPath: String { "\(path).domain.resources.requests.memory" }
  private var memoryLimitsPath: String { "\(path).domain.resources.limits.memory" }

  /// Guest memory, requests, limits and huge pages.
  func memoryCauses() -> [Cause] {
    var causes: [Cause] = []
    let requested = memory.requests?.value ?? 0
    let limit = memory.limits?.value ?? 0
    if requested < 0 {
      causes.append(notNegative(memoryRequestsPath, memory.requests))
    } else if requested > 0, let requests = memory.requests,
      requests.nanos < 1_000_000 * 1_000_000_000
    {
      causes.append(
        Cause(
          memoryRequestsPath,
          "\(memoryRequestsPath) '\(requests)': must be greater than or equal to 1M."))
    }
    if limit < 0 { causes.append(notNegative(memoryLimitsPath, memory.limits)) }
    if limit > 0, requested > limit {
      causes.append(
        Cause(
          memoryRequestsPath,
          "\(memoryRequestsPath) '\(text(memory.requests))' is greater than"
            + " \(memoryLimitsPath) '\(text(memory.limits))'"))
    }
    causes += hugepagesCauses()
    if !cluster.liveUpdate, let guest = memory.guest, limit != 0, limit < guest.value {
      let field = "\(domainPath).memory.guest"
      causes.append(
        Cause(
          field,
          "\(field) '\(guest)' must be equal to or less than the memory limit"
            + " \(memoryLimitsPath) '\(text(memory.limits))'"))
    }
    if domain["memory"]["reservedOverhead"].exists, !cluster.isOn("ReservedOverheadMemlock") {
      causes.append(
        Cause(
          "\(domainPath).memory.reservedOverhead",
          "Reserved overhead memlock feature gate is not enabled in kubevirt-config"))
    }
    return causes
  }

  func notNegative(_ field: String, _ quantity: Quantity?) -> Cause {
    Cause(field, "\(field) '\(text(quantity))': must be greater than or equal to 0.")
  }

  private func hugepagesCauses() -> [Cause] {
    guard memory.hasHugepages else { return [] }
    let field = "\(domainPath).memory.hugepages.pageSize"
    guard let size = memory.pageSize else {
      return [Cause(field, "\(field) '\(memory.pageSizeText)': \(Quantity.syntaxMessage)")]
    }
    let amounts = [memory.requests, memory.guest, memory.limits].map { $0?.value ?? 0 }
    let total = amounts.first { $0 != 0 } ?? 0
    let pageSize = "\(field) '\(memory.pageSizeText)'"
    let requests = "\(memoryRequestsPath) '\(text(memory.requests))'"
    if total != 0, total < size.value {
      return [
        Cause(
          memoryRequestsPath,
          "\(requests) must be equal to or larger than page size \(pageSize)")
      ]
    }
    if size.value != 0, total % size.value != 0 {
      return [
        Cause(memoryRequestsPath, "\(requests) is not a multiple of the page size \(pageSize)")
      ]
    }
    return []
  }

  /// An instance needs memory. A VirtualMachine is admitted without, but no instance is made of it.
  func missingMemoryCauses(severity: Problem.Severity) -> [Cause] {
    if (memory.requests?.value ?? 0) != 0 || memory.guest != nil || memory.hasHugepages {
      return []
    }
    return [
      Cause(
        "",
        "no memory requested, at least one of '\(domainPath).memory.guest',"
          + " '\(domainPath).memory.hugepages.pageSize' or '\(memoryRequestsPath)' must be set",
        place: domainPath, severity: severity)
    ]
  }

  /// What a VirtualMachine must keep to so that changes can reach it while it runs.
  func liveUpdateCauses() -> [Cause] {
    guard cluster.liveUpdate else { return [] }
    var causes: [Cause] = []
    let maximum = domain["cpu"]["maxSockets"].integer
    if cpu.sockets != 0, maximum != 0, cpu.sockets > maximum {
      causes.append(
        Cause(
          "\(domainPath).cpu.sockets",
          "Number of sockets in CPU topology is greater than the maximum sockets allowed"))
    }
    if let maximum = domain["memory"]["maxGuest"].quantity,
      let message = memoryHotplugObjection(
        domain: domain, maximum: maximum, architecture: architecture)
    {
      causes.append(Cause("\(domainPath).memory.guest", message))
    }
    return causes
  }
}
