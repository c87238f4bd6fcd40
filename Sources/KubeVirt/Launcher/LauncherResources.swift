/// What the container `compute` of a launcher pod requests and is limited to
/// (pkg/virt-controller/services/renderresources.go).
struct LauncherResources {
  /// What the instance says, changed; it counts before what is calculated.
  private var own: ContainerResources
  private var calculated = ContainerResources(requests: ResourceList(), limits: ResourceList())
  private let traits: LauncherTraits

  /// The resources of an instance.
  ///
  /// - Parameter networks: the resources of its network attachments, one for each.
  init(
    _ traits: LauncherTraits, settings: LauncherSettings, overhead: Quantity, networks: [String],
    annotations: Set<String>
  ) {
    self.traits = traits
    let written = traits.domain["resources"]
    own = ContainerResources(
      requests: ResourceList(written["requests"]), limits: ResourceList(written["limits"]))
    addStorage()
    addDevices(usesEmulation: settings.usesEmulation)
    requestMemory(overcommit: settings.memoryOvercommit)
    if traits.isDedicated {
      pinProcessors(annotations)
    } else {
      shareProcessors(ratio: settings.cpuAllocationRatio)
    }
    let page = traits.domain["memory"]["hugepages"]["pageSize"]
    if page.exists {
      requestPages(page.string, overhead)
    } else {
      addOverhead(overhead)
    }
    for name in networks + passedDevices { addOne(name) }
    if traits.isSEV { addOne("devices.kubevirt.io/sev") }
    if traits.isTDX { addOne("devices.kubevirt.io/tdx") }
    if traits.hasReservation { addOne("devices.kubevirt.io/pr-helper") }
  }

  /// What the container has in the end.
  var resources: ContainerResources {
    ContainerResources(
      requests: calculated.requests.merging(own.requests),
      limits: calculated.limits.merging(own.limits))
  }

  private var passedDevices: [String] {
    (traits.devices["gpus"].items + traits.devices["hostDevices"].items).map {
      $0["deviceName"].string
    }.filter { !$0.isEmpty }
  }

  private mutating func addOne(_ name: String) {
    var all = resources
    all.requests.add(one: name)
    all.limits.add(one: name)
    calculated.requests[name] = all.requests[name]
    calculated.limits[name] = all.limits[name]
  }

  private mutating func addStorage() {
    guard let added = Quantity("50M") else { return }
    let name = "ephemeral-storage"
    own.requests[name] = own.requests[name].map { $0 + added } ?? added
    if let limit = own.limits[name] { own.limits[name] = limit + added }
  }

  private mutating func addDevices(usesEmulation: Bool) {
    var names: [String] = []
    if traits.needsTun { names.append("tun") }
    if traits.wantsVirtio, !usesEmulation { names.append("vhost-net") }
    if !usesEmulation { names.append("kvm") }
    if traits.devices["autoattachVSOCK"].boolean == true { names.append("vhost-vsock") }
    for name in names { calculated.limits.add(one: "devices.kubevirt.io/\(name)") }
  }

  /// What the instance does not request: its limit, else the guest's memory.
  private mutating func requestMemory(overcommit: Int) {
    if let limit = own.limits["memory"], limit.nanos != 0, (own.requests["memory"]?.nanos ?? 0) == 0
    {
      own.requests["memory"] = limit
    }
    guard own.requests["memory"] == nil else { return }
    let memory = traits.domain["memory"]
    let page = memory["hugepages"]["pageSize"]
    guard let guest = memory["guest"].quantity ?? page.quantity, guest.value > 0 else { return }
    if overcommit == 100 || page.exists || traits.isDedicated {
      own.requests["memory"] = guest
    } else {
      let bytes = Int64(clamping: Int128(guest.value) * 100 / Int128(overcommit))
      own.requests["memory"] = Quantity(whole: bytes, like: guest)
    }
  }

  private mutating func pinProcessors(_ annotations: Set<String>) {
    var count = traits.processors + traits.supplementalThreads
    if traits.domain["cpu"]["isolateEmulatorThread"].boolean == true {
      let isEven = (count + traits.supplementalThreads) % 2 == 0
      let fillsUp = annotations.contains("alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity")
      count += fillsUp && isEven ? 2 : 1
    }
    own.limits["cpu"] = Quantity("\(count)")
    own.requests["cpu"] = own.limits["cpu"]
    if let memory = own.requests["memory"] { own.limits["memory"] = memory }
  }

  private mutating func shareProcessors(ratio: Int) {
    let count = traits.processors + traits.supplementalThreads
    guard count != 0, ratio > 0 else { return }
    let share = Double(count) / Double(ratio)
    calculated.requests["cpu"] = Quantity(share < 1 ? "\(share * 1000)m" : "\(share)")
  }

  private mutating func requestPages(_ size: String, _ overhead: Quantity) {
    let zero = Quantity(bytes: 0)
    var pages = own.requests["memory"] ?? zero
    var rest = zero
    var limitRest = zero
    if let guest = traits.domain["memory"]["guest"].quantity {
      if pages > guest {
        rest = pages - guest
        pages = guest
      }
      if let limit = own.limits["memory"], limit > guest { limitRest = limit - guest }
    }
    calculated.requests["hugepages-\(size)"] = pages
    calculated.limits["hugepages-\(size)"] = pages
    own.requests["memory"] = rest + overhead
    if own.limits["memory"] != nil { own.limits["memory"] = limitRest + overhead }
  }

  private mutating func addOverhead(_ overhead: Quantity) {
    let request = own.requests["memory"] ?? Quantity(bytes: 0)
    let isUncounted = traits.domain["resources"]["overcommitGuestOverhead"].boolean == true
    own.requests["memory"] = isUncounted ? request : request + overhead
    if let limit = own.limits["memory"] { own.limits["memory"] = limit + overhead }
  }
}
