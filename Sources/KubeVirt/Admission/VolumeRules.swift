extension Machine {
  /// Volumes (pkg/storage/admitters).
  func volumeCauses(_ cluster: ClusterSettings) -> [Cause] {
    var causes: [Cause] = []
    var names: [String: Int] = [:]
    for (index, volume) in volumes.enumerated() {
      let path = "\(specPath).volumes[\(index)]"
      if let first = names[volume.name] {
        causes.append(
          Cause(
            "\(path).name",
            "\(path) and \(specPath).volumes[\(first)] must not have the same Name."))
      } else {
        names[volume.name] = index
      }
      if case .hostDisk? = volume.source, !cluster.featureGates.contains("HostDisk") {
        causes.append(Cause(path, "HostDisk feature gate is not enabled"))
      }
      if volume.sourceCount != 1 {
        causes.append(Cause(path, "\(path) must have exactly one source type set"))
      }
    }
    return causes
  }
}
