extension Admission {
  /// Affinity and spread, which KubeVirt's webhook judges by copies of Kubernetes' rules
  /// (validate-k8s-utils.go).
  func placementCauses() -> [Cause] {
    let validation = PlacementValidation(instance: spec, path: path)
    let affinity = validation.affinityErrors().map { error in
      Cause(error.path, error.text, place: affinityPlace(of: error.path))
    }
    let spread = validation.spreadErrors().map { Cause($0.path, $0.text) }
    return affinity + spread
  }

  /// Where a field is, whose path KubeVirt tells without `affinity`.
  private func affinityPlace(of field: String) -> String {
    "\(path).affinity\(field.dropFirst(path.count))"
  }
}
