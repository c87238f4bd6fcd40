import Objects

extension Defaulting {
  /// Processors that are limited and not requested are requested (setDefaultResourceRequests).
  func fillRequests(_ domain: inout ObjectNode, _ spec: ObjectNode) {
    guard let limit = domain["resources", "limits", "cpu"], let amount = limit.quantity,
      amount.nanos != 0, (domain["resources", "requests", "cpu"]?.quantity?.nanos ?? 0) == 0
    else { return }
    var resources = domain["resources", default: .mapping()]
    var requests = resources["requests", default: .mapping()]
    requests["cpu"] = limit.filled(
      because: place(of: "domain.resources.limits.cpu", in: spec) ?? "default")
    resources["requests"] = requests
    domain["resources"] = resources
  }

  /// The guest's memory: what is requested, else limited, else one huge page (setGuestMemory).
  func fillGuestMemory(_ domain: inout ObjectNode, _ spec: ObjectNode) {
    if let guest = domain["memory", "guest"], !guest.isNull { return }
    let resources = domain["resources"]
    func amount(_ list: String) -> ObjectNode? {
      guard let node = resources?[list, "memory"], let amount = node.quantity, amount.nanos != 0
      else { return nil }
      return node
    }
    let source: ObjectNode
    let reason: String?
    if let requested = amount("requests") {
      source = requested
      reason = place(of: "domain.resources.requests.memory", in: spec)
    } else if let limit = amount("limits") {
      source = limit
      reason = place(
        of: "domain.resources.limits.memory", "domain.memory.hugepages.pageSize", in: spec)
    } else if let page = domain["memory", "hugepages", "pageSize"], page.quantity != nil {
      source = page
      reason = place(of: "domain.memory.hugepages.pageSize", in: spec)
    } else {
      return
    }
    var memory = domain["memory", default: .mapping()]
    memory["guest"] = source.filled(because: reason ?? "default")
    domain["memory"] = memory
  }

  /// Where neither sockets nor cores nor threads are written, as many sockets as processors are
  /// limited or requested (SetDefaultGuestCPUTopology).
  func fillTopology(_ domain: inout ObjectNode, _ spec: ObjectNode) {
    var cpu = domain["cpu", default: .mapping()]
    guard cpu.isMapping,
      ["sockets", "cores", "threads"].allSatisfy({ (cpu[$0]?.wholeNumber ?? 0) == 0 })
    else { return }
    let limit = domain["resources", "limits", "cpu"]?.quantity
    let amount = limit ?? domain["resources", "requests", "cpu"]?.quantity
    let source = limit == nil ? "domain.resources.requests.cpu" : "domain.resources.limits.cpu"
    let reason = place(of: source, in: spec) ?? "default: one processor"
    let sockets = amount.map { Int(UInt32(truncatingIfNeeded: $0.value)) } ?? 1
    cpu["sockets"] = .integer(sockets, because: reason)
    cpu["cores"] = .integer(1, because: reason)
    cpu["threads"] = .integer(1, because: reason)
    domain["cpu"] = cpu
  }

  /// The processor model (setDefaultCPUModel; setDefaultArm64CPUModel, which comes first).
  func fillModel(_ domain: inout ObjectNode, architecture: String) {
    var cpu = domain["cpu", default: .mapping()]
    let model: ObjectNode
    if architecture == "arm64" {
      model = .text("host-passthrough", because: "default: host-passthrough")
    } else if let name = cluster.defaultCPUModel, !name.isEmpty {
      model = .text(name, because: "cluster: defaultCPUModel")
    } else {
      model = .text("host-model", because: "default: host-model")
    }
    if fill("model", model, in: &cpu) { domain["cpu"] = cpu }
  }

  /// The sockets that live updates may fill; where cores or threads are written and sockets are not,
  /// upstream multiplies nothing (setupCPUHotplug).
  func fillMaximumSockets(_ domain: inout ObjectNode) {
    guard var cpu = domain["cpu"], (cpu["maxSockets"]?.wholeNumber ?? 0) == 0 else { return }
    func count(_ key: String) -> Int { cpu[key]?.wholeNumber ?? 0 }
    let sockets = count("sockets")
    let perSocket = count("cores").multipliedReportingOverflow(by: count("threads"))
    let maximum = sockets.multipliedReportingOverflow(by: Self.hotplugRatio)
    // Each machine type has a most of its own; KubeVirt takes 512 for all.
    let limit = 512
    var filled = maximum.overflow ? sockets : maximum.partialValue
    if !maximum.overflow {
      let all = filled.multipliedReportingOverflow(by: perSocket.partialValue)
      if perSocket.overflow {
        filled = sockets
      } else if all.overflow || all.partialValue > limit {
        filled = max(limit / max(1, perSocket.partialValue), sockets)
      }
    }
    guard filled != 0 else { return }
    cpu["maxSockets"] = .integer(
      filled,
      because: "cluster: live updates may fill \(Self.hotplugRatio) times the sockets")
    domain["cpu"] = cpu
  }

  /// The memory that live updates may grow to, where the machine can grow (setupMemoryHotplug).
  func fillMaximumMemory(_ domain: inout ObjectNode, architecture: String) {
    if let maximum = domain["memory", "maxGuest"], !maximum.isNull { return }
    guard var memory = domain["memory"], let guest = memory["guest"]?.quantity,
      (0...Int64.max / Int64(Self.hotplugRatio)).contains(guest.value)
    else { return }
    let maximum = Quantity(bytes: guest.value * Int64(Self.hotplugRatio))
    guard
      memoryHotplugObjection(
        domain: APIValue(domain), maximum: maximum, architecture: architecture) == nil
    else { return }
    memory["maxGuest"] = .text(
      maximum.description,
      because: "cluster: live updates may grow memory to \(Self.hotplugRatio) times")
    domain["memory"] = memory
  }
}

/// Why memory cannot be added while a machine runs; `nil` when it can (pkg/liveupdate/memory,
/// ValidateLiveUpdateMemory).
func memoryHotplugObjection(domain: APIValue, maximum: Quantity, architecture: String) -> String? {
  if domain["cpu"]["realtime"].exists {
    return "Memory hotplug is not compatible with realtime VMs"
  }
  if domain["cpu"]["numa"]["guestMappingPassthrough"].exists {
    return "Memory hotplug is not compatible with guest mapping passthrough"
  }
  if domain["launchSecurity"].exists {
    return "Memory hotplug is not compatible with encrypted VMs"
  }
  let memory = domain["memory"]
  let pageSize = memory["hugepages"]["pageSize"].string
  let alignment: Int64 = pageSize == "1Gi" ? 1 << 30 : 2 << 20
  guard let guest = memory["guest"].quantity else {
    return "Guest memory must be configured when memory hotplug is enabled"
  }
  if guest > maximum { return "Guest memory is greater than the configured maxGuest memory" }
  let aligned = Quantity(bytes: alignment)
  if guest.value % alignment != 0 { return "Guest memory must be \(aligned) aligned" }
  if maximum.value % alignment != 0 { return "MaxGuest must be \(aligned) aligned" }
  if architecture != "amd64" { return "Memory hotplug is only available for x86_64 VMs" }
  if guest.value < 1 << 30 {
    return "Memory hotplug is only available for VMs with at least 1Gi of guest memory"
  }
  return nil
}
