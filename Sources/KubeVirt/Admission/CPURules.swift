extension Machine {
  private static let policies: Set<String> = ["force", "require", "optional", "disable", "forbid"]

  /// CPU feature policies, requests and limits.
  func cpuCauses() -> [Cause] {
    var causes: [Cause] = []
    for (index, feature) in cpu.features.enumerated() {
      guard let policy = feature.policy, !policy.isEmpty, !Self.policies.contains(policy) else {
        continue
      }
      causes.append(
        Cause(
          "\(domainPath).cpu.features[\(index)].policy",
          "CPU feature \(feature.name) uses policy \(policy) that is not supported."))
    }
    let requests = "\(domainPath).resources.requests.cpu"
    let limits = "\(domainPath).resources.limits.cpu"
    for (path, quantity) in [(requests, resources.requestedCPU), (limits, resources.cpuLimit)] {
      if let quantity, quantity.nanos < 0 {
        causes.append(Cause(path, "\(path) '\(quantity)': must be greater than or equal to 0."))
      }
    }
    if let requested = resources.requestedCPU, let limit = resources.cpuLimit, limit.nanos > 0,
      requested > limit
    {
      causes.append(
        Cause(requests, "\(requests) '\(requested)' is greater than \(limits) '\(limit)'"))
    }
    return causes
  }
}
