import Objects

/// What a machine's instance type and preference make of its template (KubeVirt,
/// pkg/instancetype/apply and pkg/instancetype/preference/apply).
struct InstancetypeApplication {
  /// The instance type's spec; `nil` when the machine names none.
  let instancetype: ObjectNode?
  /// The preference's spec; `nil` when the machine names none.
  let preference: ObjectNode?
  /// The path of the instance's spec in its object.
  let path: String

  /// What the template has that the instance type decides, and what cannot be spread.
  ///
  /// - Parameters:
  ///   - spec: the instance's spec.
  ///   - metadata: the template's metadata.
  func conflicts(_ spec: ObjectNode, metadata: ObjectNode?) -> [Cause] {
    if let cause = spreadCause { return [cause] }
    guard let instancetype else { return [] }
    return Self.conflicts(APIValue(spec), with: instancetype, path: path)
      + annotationConflicts(metadata, instancetype)
  }

  /// What every instance type decides: the processors and the memory.
  static func unconditionalConflicts(_ spec: ObjectNode, path: String) -> [Cause] {
    conflicts(APIValue(spec), with: .mapping(), path: path)
  }

  /// The message of a conflict (pkg/instancetype/conflict).
  static func conflict(_ field: String, place: String? = nil) -> Cause {
    Cause(
      field, "VM field(s) \(field) conflicts with selected instance type", place: place ?? field)
  }

  private static func conflicts(
    _ spec: APIValue, with instancetype: ObjectNode, path: String
  ) -> [Cause] {
    let type = APIValue(instancetype)
    let domain = spec["domain"]
    var causes: [Cause] = []
    func add(_ field: String, place: String? = nil, if isConflict: Bool) {
      guard isConflict else { return }
      causes.append(conflict("\(path).\(field)", place: place.map { "\(path).\($0)" }))
    }
    let cpu = domain["cpu"]
    let (requests, limits) = (domain["resources"]["requests"], domain["resources"]["limits"])
    add("nodeSelector", if: type["nodeSelector"].exists && spec["nodeSelector"].exists)
    add(
      "schedulerName",
      if: !type["schedulerName"].string.isEmpty && !spec["schedulerName"].string.isEmpty)
    add("domain.resources.requests.cpu", if: requests["cpu"].exists)
    add("domain.resources.limits.cpu", if: limits["cpu"].exists)
    for key in ["sockets", "cores", "threads"] {
      add("domain.cpu.\(key)", if: cpu[key].integer != 0)
    }
    add("domain.cpu.model", if: !cpu["model"].string.isEmpty && type["cpu"]["model"].exists)
    add(
      "domain.cpu.dedicatedCPUPlacement", place: "domain.cpu.dedicatedCpuPlacement",
      if: cpu["dedicatedCpuPlacement"].boolean == true
        && type["cpu"]["dedicatedCPUPlacement"].exists)
    add(
      "domain.cpu.isolateEmulatorThread",
      if: cpu["isolateEmulatorThread"].boolean == true
        && type["cpu"]["isolateEmulatorThread"].exists)
    for key in ["numa", "realtime"] {
      add("domain.cpu.\(key)", if: cpu[key].exists && type["cpu"][key].exists)
    }
    // Of memory the first conflict is named alone.
    let memory = domain["memory"]
    let first =
      memory["guest"].exists
      ? "domain.memory.guest"
      : ["hugepages", "maxGuest"].first { memory[$0].exists && type["memory"][$0].exists }
        .map { "domain.memory.\($0)" }
        ?? (requests["memory"].exists
          ? "domain.resources.requests.memory"
          : limits["memory"].exists ? "domain.resources.limits.memory" : nil)
    if let first { add(first, if: true) }
    let threads = "supplementalPoolThreadCount"
    add(
      "domain.ioThreads.\(threads)",
      if: type["ioThreads"][threads].exists && domain["ioThreads"][threads].exists)
    for key in ["ioThreadsPolicy", "launchSecurity"] {
      add("domain.\(key)", if: type[key].exists && domain[key].exists)
    }
    for key in ["gpus", "hostDevices"] {
      add(
        "domain.devices.\(key)",
        if: !type[key].items.isEmpty && !domain["devices"][key].items.isEmpty)
    }
    return causes
  }

  private func annotationConflicts(
    _ metadata: ObjectNode?, _ instancetype: ObjectNode
  ) -> [Cause] {
    let written = APIValue(metadata)["annotations"]
    return (instancetype["annotations"]?.entries ?? []).compactMap { entry in
      guard written[entry.key].exists,
        written[entry.key].string != entry.value.scalar?.text
      else { return nil }
      return Self.conflict("annotations.\(entry.key)", place: path)
    }
  }

  /// Fills the template's metadata: its own annotations come first, then the instance type's.
  func fill(metadata: inout ObjectNode) {
    for source in [instancetype, preference] {
      for entry in source?["annotations"]?.entries ?? [] {
        metadata.fill(["annotations", entry.key], with: entry.value)
      }
    }
  }

  /// Fills the instance's spec.
  func fill(_ spec: inout ObjectNode) {
    guard spec.isMapping, spec["domain"].map({ $0.isMapping || $0.isNull }) ?? true else { return }
    if let instancetype { fill(&spec, from: instancetype) }
    if let preference {
      PreferenceApplication(preference: preference).fill(&spec)
    }
  }

  private func fill(_ spec: inout ObjectNode, from type: ObjectNode) {
    spec.fill(["nodeSelector"], with: type["nodeSelector"])
    spec.fill(["schedulerName"], with: type["schedulerName"])
    let fields = [
      ("model", "model"), ("dedicatedCPUPlacement", "dedicatedCpuPlacement"),
      ("isolateEmulatorThread", "isolateEmulatorThread"), ("numa", "numa"),
      ("realtime", "realtime"), ("maxSockets", "maxSockets"),
    ]
    for (key, field) in fields { spec.fill(["domain", "cpu", field], with: type["cpu", key]) }
    fillTopology(&spec, type)
    for key in ["guest", "hugepages", "maxGuest"] {
      spec.fill(["domain", "memory", key], with: type["memory", key])
    }
    if let percent = type["memory", "overcommitPercent"]?.wholeNumber, percent > 0,
      let guest = type["memory", "guest"]?.quantity
    {
      // In 32-bit floating point, as upstream counts.
      let requested = Float(guest.value) * (1 - Float(percent) / 100)
      spec.fill(
        ["domain", "resources", "requests", "memory"],
        with: Int64(exactly: requested.rounded(.towardZero)).map {
          .text(Quantity(bytes: $0).description, because: "the instance type's overcommitPercent")
        })
    }
    let threads = "supplementalPoolThreadCount"
    spec.fill(["domain", "ioThreads", threads], with: type["ioThreads", threads])
    for key in ["ioThreadsPolicy", "launchSecurity"] {
      spec.fill(["domain", key], with: type[key])
    }
    for key in ["gpus", "hostDevices"] where !(type[key]?.items.isEmpty ?? true) {
      spec.fill(["domain", "devices", key], with: type[key])
    }
  }

  private func fillTopology(_ spec: inout ObjectNode, _ type: ObjectNode) {
    let count = type["cpu", "guest"]?.wholeNumber ?? 1
    let topology = CPUTopologyPreference(preference)
    let parts = topology.parts(of: count)
    let reason = "the instance type's cpu.guest \(count), as \(topology.name)"
    for (key, value) in [
      ("sockets", parts.sockets), ("cores", parts.cores), ("threads", parts.threads),
    ] {
      spec["domain", "cpu", key] = .integer(value, because: reason)
    }
  }

  /// Processors that cannot be spread evenly (pkg/instancetype/preference/validation, spread.go).
  private var spreadCause: Cause? {
    guard let instancetype, let count = instancetype["cpu", "guest"]?.wholeNumber,
      let remainder = CPUTopologyPreference(preference).remainder(of: count)
    else { return nil }
    return Cause("instancetype.spec.cpu.guest", remainder, place: outerPlace("instancetype"))
  }

  /// A field of the VirtualMachine's own spec.
  private func outerPlace(_ name: String) -> String {
    path.hasSuffix(".template.spec") ? "\(path.dropLast(".template.spec".count)).\(name)" : name
  }
}

extension ObjectNode {
  /// Sets a field where it is missing, null or an empty text, and makes the mappings on the way.
  mutating func fill(_ path: [String], with value: ObjectNode?) {
    guard let value, !value.isNull, isMapping || isNull else { return }
    fill(path[...], value)
  }

  private mutating func fill(_ path: ArraySlice<String>, _ value: ObjectNode) {
    guard let key = path.first else { return }
    let rest = path.dropFirst()
    if rest.isEmpty {
      if let written = self[key], !written.isNull, written.text != "" { return }
      self[key] = value
      return
    }
    var child = self[key, default: .mapping()]
    guard child.isMapping else { return }
    child.fill(rest, value)
    self[key] = child
  }
}
