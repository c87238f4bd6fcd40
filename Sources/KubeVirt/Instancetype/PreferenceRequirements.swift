import Objects

extension InstancetypeApplication {
  /// What the machine lacks of what its preference requires, defaults being filled in (KubeVirt,
  /// pkg/instancetype/preference/requirements); the first that is found.
  ///
  /// - Parameter spec: the instance's spec as the webhook sees it.
  func requirementCause(_ spec: APIValue) -> Cause? {
    let requirements = APIValue(preference)["requirements"]
    return cpuCause(spec, requirements["cpu"]) ?? memoryCause(spec, requirements["memory"])
      ?? architectureCause(spec, requirements["architecture"].string)
  }

  private func failure(_ field: String, _ message: String) -> Cause {
    Cause(field, "failure checking preference requirements: \(message)")
  }

  private func cpuCause(_ spec: APIValue, _ requirement: APIValue) -> Cause? {
    let required = requirement["guest"].integer
    guard required > 0 else { return nil }
    let resources = "insufficient CPU resources of"
    if let instancetype {
      let provided = instancetype["cpu", "guest"]?.wholeNumber ?? 0
      guard provided < required else { return nil }
      return failure(
        "spec.instancetype",
        "\(resources) \(provided) vCPU provided by instance type, preference requires \(required)"
          + " vCPU")
    }
    let cpu = spec["domain"]["cpu"]
    let counted = CPUTopologyPreference(preference).counted(
      sockets: cpu["sockets"].integer, cores: cpu["cores"].integer, threads: cpu["threads"].integer)
    guard counted.count < required else { return nil }
    return failure(
      "\(path).domain.cpu",
      "\(resources) \(counted.count) vCPU provided by VirtualMachine, preference requires"
        + " \(required) vCPU provided as \(counted.name)")
  }

  private func memoryCause(_ spec: APIValue, _ requirement: APIValue) -> Cause? {
    guard let required = requirement["guest"].quantity else { return nil }
    let provided = spec["domain"]["memory"]["guest"].quantity
    guard (provided?.value ?? 0) < required.value else { return nil }
    let source = instancetype == nil ? "VirtualMachine" : "instance type"
    return failure(
      instancetype == nil ? "\(path).domain.memory" : "spec.instancetype",
      "insufficient Memory resources of \(provided?.description ?? "0") provided by \(source),"
        + " preference requires \(required)")
  }

  private func architectureCause(_ spec: APIValue, _ required: String) -> Cause? {
    let architecture = spec["architecture"].string
    guard !required.isEmpty, architecture != required else { return nil }
    return failure(
      "\(path).architecture",
      "preference requires architecture \(required) but \(architecture) is being requested")
  }
}
