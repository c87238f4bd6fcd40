extension Admission {
  private static let policies: Set<String> = [
    "", "force", "require", "optional", "disable", "forbid",
  ]

  private var requestsPath: String { "\(path).domain.resources.requests.cpu" }
  private var limitsPath: String { "\(path).domain.resources.limits.cpu" }

  /// CPU requests and limits, features, placement and topology.
  func cpuCauses() -> [Cause] {
    var causes: [Cause] = []
    let requests = cpu.requests?.milliValue ?? 0
    let limits = cpu.limits?.milliValue ?? 0
    if requests < 0 { causes.append(notNegative(requestsPath, cpu.requests)) }
    if limits < 0 { causes.append(notNegative(limitsPath, cpu.limits)) }
    if limits > 0, requests > limits {
      causes.append(
        Cause(
          requestsPath,
          "\(requestsPath) '\(text(cpu.requests))' is greater than"
            + " \(limitsPath) '\(text(cpu.limits))'"))
    }
    let field = domain["cpu"]
    guard field.exists else { return causes }
    let isDedicated = field["dedicatedCpuPlacement"].boolean ?? false
    if isDedicated { causes += dedicatedCauses() }
    causes += numaCauses(isDedicated: isDedicated)
    if field["isolateEmulatorThread"].boolean == true, !isDedicated {
      causes.append(
        Cause(
          "\(domainPath).cpu.isolateEmulatorThread",
          "IsolateEmulatorThread should be only set in combination with DedicatedCPUPlacement"))
    }
    for (index, feature) in field["features"].items.enumerated() {
      let policy = feature["policy"].string
      guard !Self.policies.contains(policy) else { continue }
      causes.append(
        Cause(
          "\(domainPath).cpu.features[\(index)].policy",
          "CPU feature \(feature["name"].string) uses policy \(policy) that is not supported."))
    }
    let maximum = field["maxSockets"].integer
    if maximum != 0, cpu.sockets > maximum {
      causes.append(
        Cause(
          "\(domainPath).cpu.sockets",
          "Number of sockets in CPU topology is greater than the maximum sockets allowed"))
    }
    return causes + realtimeCauses(isDedicated: isDedicated)
  }

  private func dedicatedCauses() -> [Cause] {
    let requests = cpu.requests?.value ?? 0
    let limits = cpu.limits?.value ?? 0
    let placement = "\(domainPath).cpu.dedicatedCpuPlacement"
    let cores = "\(domainPath).cpu.cores"
    var causes: [Cause] = []
    let memoryPath = "\(path).domain.resources"
    let hasMemory =
      [memory.limits, memory.requests, memory.guest].contains { ($0?.nanos ?? 0) != 0 }
      || memory.hasHugepages
    if !hasMemory {
      causes.append(
        Cause(
          "\(memoryPath).limits.memory",
          "\(memoryPath).requests.memory, \(memoryPath).limits.memory,"
            + " \(domainPath).memory.hugepages or \(domainPath).memory.guest should be provided"))
    }
    if requests > 0, requests * 1000 != cpu.requests?.milliValue {
      causes.append(Cause(requestsPath, "provided resources CPU requests must be an interger"))
    }
    if limits > 0, limits * 1000 != cpu.limits?.milliValue {
      causes.append(Cause(limitsPath, "provided resources CPU limits must be an interger"))
    }
    let requestedMemory = memory.requests?.value ?? 0
    let memoryLimit = memory.limits?.value ?? 0
    if requestedMemory > 0, memoryLimit > 0, requestedMemory != memoryLimit {
      causes.append(
        Cause(
          "\(memoryPath).requests.memory",
          "\(memoryPath).requests.memory must be equal to \(memoryPath).limits.memory"))
    }
    if requests == 0, limits == 0, cpu.count == 0 {
      causes.append(
        Cause(
          placement,
          "either \(requestsPath) or \(limitsPath) or \(cores) must be provided"
            + " when DedicatedCPUPlacement is true "))
    }
    if requests > 0, limits > 0, requests != limits {
      causes.append(
        Cause(
          placement,
          "\(requestsPath) or \(limitsPath) must be equal when DedicatedCPUPlacement is true "))
    }
    if requests > 0 || limits > 0, cpu.count > 0, requests != cpu.count, limits != cpu.count {
      causes.append(
        Cause(
          placement,
          "\(requestsPath) or \(limitsPath) must not be provided at the same time with \(cores)"
            + " when DedicatedCPUPlacement is true "))
    }
    if cpu.threads > 1, architecture == "arm64" {
      causes.append(
        Cause(
          "\(path).architecture",
          "threads must not be greater than 1 at \(domainPath).cpu.threads (got \(cpu.threads))"
            + " when \(path).architecture is arm64"))
    }
    if cpu.threads > 2 {
      causes.append(
        Cause(
          placement,
          "Not more than two threads must be provided at \(domainPath).cpu.threads"
            + " (got \(cpu.threads)) when DedicatedCPUPlacement is true"))
    }
    return causes
  }

  private func numaCauses(isDedicated: Bool) -> [Cause] {
    guard domain["cpu"]["numa"]["guestMappingPassthrough"].exists else { return [] }
    let field = "\(domainPath).cpu.numa.guestMappingPassthrough"
    var causes: [Cause] = []
    if !isDedicated {
      causes.append(
        Cause(
          field,
          "\(domainPath).cpu.dedicatedCpuPlacement must be set to true when NUMA topology"
            + " strategy is set in \(field)"))
    }
    if !memory.hasHugepages {
      causes.append(
        Cause(
          field,
          "\(domainPath).memory.hugepages must be requested when NUMA topology strategy is set"
            + " in \(field)"))
    }
    return causes
  }

  private func realtimeCauses(isDedicated: Bool) -> [Cause] {
    guard domain["cpu"]["realtime"].exists else { return [] }
    let realtime = "\(domainPath).cpu.realtime"
    var causes: [Cause] = []
    if !isDedicated {
      let field = "\(domainPath).cpu.dedicatedCpuPlacement"
      causes.append(Cause(field, "\(field) must be set to true when \(realtime) is used"))
    }
    if !domain["cpu"]["numa"]["guestMappingPassthrough"].exists {
      let field = "\(domainPath).cpu.numa.guestMappingPassthrough"
      causes.append(Cause(field, "\(field) must be defined when \(realtime) is used"))
    }
    return causes
  }
}
