extension Machine {
  /// The machine type against those that the cluster allows.
  func machineTypeCauses(_ cluster: ClusterSettings) -> [Cause] {
    guard let type = machineType, !type.isEmpty else { return [] }
    let isAllowed = cluster.machineTypes.contains { pattern in
      pattern.hasSuffix("*") ? type.hasPrefix(pattern.dropLast()) : type == pattern
    }
    if isAllowed { return [] }
    let path = "\(domainPath).machine.type"
    return [
      Cause(
        path,
        "\(path) is not supported: \(type)"
          + " (allowed values: [\(cluster.machineTypes.joined(separator: " "))])")
    ]
  }
}
