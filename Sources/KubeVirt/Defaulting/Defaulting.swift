import Objects

/// What a cluster fills into the spec of an instance before it judges it: tree to tree, in the order
/// of KubeVirt's webhooks (pkg/defaults/defaults.go, v1.9).
///
/// Each value says why it is there. What has the wrong type is left as it is: the check against the
/// API's types says so.
struct Defaulting {
  /// How far a cluster lets a machine grow by live updates (virt-config, DefaultMaxHotplugRatio).
  static let hotplugRatio = 4

  /// The settings that defaults come from.
  let cluster: ClusterSettings
  /// The path of the instance's spec in its object: `spec` or `spec.template.spec`.
  let path: String

  /// Fills in what the validating webhook of a VirtualMachine sees in its template
  /// (SetDefaultVirtualMachineInstanceSpec).
  func fillTemplate(_ spec: inout ObjectNode) {
    var domain = spec["domain", default: .mapping()]
    guard spec.isMapping, domain.isMapping else { return }
    var fields: [(key: String, value: ObjectNode)] = []
    var architecture = spec["architecture"]?.text ?? ""
    if architecture.isEmpty {
      architecture = "amd64"
      fields.append(
        ("architecture", .text(architecture, because: "cluster: architecture \(architecture)")))
    }
    var machine = domain["machine", default: .mapping()]
    let type = Self.machineType(for: architecture)
    if fill("type", .text(type, because: "cluster: machine type \(type)"), in: &machine) {
      domain["machine"] = machine
    }
    fillRequests(&domain, spec)
    fillGuestMemory(&domain, spec)
    fillTopology(&domain, spec)
    if let networks = fillInterface(&domain, spec) { fields.append(("networks", networks)) }
    fillDisks(&domain, spec)
    fields.append(("domain", domain))
    spec.set(fields)
  }

  /// Fills in what an instance's own mutating webhook does beyond that, before another judges it
  /// (SetDefaultVirtualMachineInstance).
  func fillInstance(_ spec: inout ObjectNode) {
    fillTemplate(&spec)
    guard var domain = spec["domain"], domain.isMapping else { return }
    fillDevices(&domain)
    fillTimers(&domain)
    fillFeatures(&domain)
    fillModel(&domain, architecture: spec["architecture"]?.text ?? "")
    if spec["architecture"]?.text != "arm64", cluster.liveUpdate {
      fillMaximumSockets(&domain)
      fillMaximumMemory(&domain, architecture: spec["architecture"]?.text ?? "")
    }
    spec["domain"] = domain
  }

  /// The machine type of a machine that names none (virt-config, GetMachineType).
  static func machineType(for architecture: String) -> String {
    switch architecture {
    case "arm64": "virt"
    case "s390x": "s390-ccw-virtio"
    default: "q35"
    }
  }

  /// Sets a field that is missing, null or an empty text.
  ///
  /// - Returns: whether it was.
  @discardableResult
  func fill(_ key: String, _ value: ObjectNode, in mapping: inout ObjectNode) -> Bool {
    guard mapping.isMapping else { return false }
    if let written = mapping[key], !written.isNull, written.text != "" { return false }
    mapping[key] = value
    return true
  }

  /// Where fields of the spec that are written are, as people are told it:
  /// `vm.yaml:12 domain.memory.guest`.
  func place(of paths: String..., in spec: ObjectNode) -> String? {
    let places = paths.compactMap { path -> String? in
      guard let location = spec.place(of: path) else { return nil }
      return "\(location.file):\(location.line) \(path)"
    }
    return places.isEmpty ? nil : places.joined(separator: ", ")
  }
}
