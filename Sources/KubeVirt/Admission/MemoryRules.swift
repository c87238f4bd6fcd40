extension Machine {
  /// Guest memory, requests and limits.
  func memoryCauses(_ cluster: ClusterSettings) -> [Cause] {
    var causes: [Cause] = []
    let requests = "\(domainPath).resources.requests.memory"
    let limits = "\(domainPath).resources.limits.memory"
    let guest = "\(domainPath).memory.guest"
    if let requested = resources.requestedMemory {
      if requested.nanos < 0 {
        causes.append(
          Cause(requests, "\(requests) '\(requested)': must be greater than or equal to 0."))
      } else if requested.value < 1_000_000 {
        causes.append(
          Cause(requests, "\(requests) '\(requested)': must be greater than or equal to 1M."))
      }
      if let limit = resources.memoryLimit, limit.nanos > 0, requested > limit {
        causes.append(
          Cause(
            requests, "\(requests) '\(requested)' is greater than \(limits) '\(limit)'"))
      }
    }
    if let limit = resources.memoryLimit, limit.nanos < 0 {
      causes.append(
        Cause(limits, "\(limits) '\(limit)': must be greater than or equal to 0."))
    }
    if let memory = resources.guestMemory, let limit = resources.memoryLimit,
      !cluster.liveUpdate, memory > limit
    {
      causes.append(
        Cause(
          guest,
          "\(guest) '\(memory)' must be equal to or less than the memory limit"
            + " \(limits) '\(limit)'"))
    }
    if resources.guestMemory == nil, resources.hugepageSize == nil,
      resources.requestedMemory == nil
    {
      // A VirtualMachine is admitted without memory; the instance made from it is not.
      causes.append(
        Cause(
          "",
          "no memory requested, at least one of '\(guest)',"
            + " '\(domainPath).memory.hugepages.pageSize' or '\(requests)' must be set",
          place: domainPath, severity: kind == .virtualMachine ? .warning : .error))
    }
    return causes
  }
}
