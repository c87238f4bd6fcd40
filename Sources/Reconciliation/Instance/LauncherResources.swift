import KubeVirt
import Objects

/// What a launcher pod asks of its node: the guest's memory and processors, and what KubeVirt's own
/// programs take (pkg/virt-controller/services/renderresources.go, pkg/hypervisor/kvm). Devices,
/// pinned processors and encrypted memory are left out.
struct LauncherResources {
  private(set) var requests: [(name: String, quantity: Quantity)] = []
  private(set) var limits: [(name: String, quantity: Quantity)] = []

  /// The resources of an instance with this spec.
  init(_ spec: ObjectNode) {
    let domain = spec["domain"] ?? .mapping()
    func quantity(_ list: String, _ name: String) -> Quantity? {
      domain["resources", list, name].flatMap(Quantity.init)
    }
    let processors = ["cores", "sockets", "threads"].reduce(1) { product, field in
      let count = min(max(1, domain["cpu", field]?.integer ?? 1), 1 << 16)
      return min(product * count, 1 << 20)
    }
    let requested = quantity("requests", "memory")
    let guest = domain["memory", "guest"].flatMap(Quantity.init)
    let memory = requested ?? quantity("limits", "memory") ?? guest ?? Quantity(bytes: 0)
    let overhead = Self.overhead(of: spec, processors: processors, requested: requested)
    let isUncounted = domain["resources", "overcommitGuestOverhead"]?.boolean == true

    requests.append(
      ("cpu", quantity("requests", "cpu") ?? Quantity("\(processors * 100)m") ?? memory))
    requests.append(("ephemeral-storage", Quantity("50M") ?? memory))
    if let size = domain["memory", "hugepages", "pageSize"]?.string {
      let pages = min(memory, guest ?? memory)
      requests.append(("hugepages-\(size)", pages))
      limits.append(("hugepages-\(size)", pages))
      requests.append(("memory", overhead + (memory - pages)))
    } else {
      requests.append(("memory", isUncounted ? memory : memory + overhead))
    }
    if let limit = quantity("limits", "cpu") { limits.append(("cpu", limit)) }
    if let limit = quantity("limits", "memory") { limits.append(("memory", limit + overhead)) }
  }

  private static func overhead(
    of spec: ObjectNode, processors: Int, requested: Quantity?
  ) -> Quantity {
    let mebibyte: Int64 = 1 << 20
    let devices = spec["domain", "devices"]
    func isThere(_ name: String) -> Bool { devices?[name]?.items.isEmpty == false }
    // Monitor, launcher, virtlogd, virtqemud and QEMU; a processor; the thread for disks.
    var bytes = (240 + 8 * Int64(processors) + 8) * mebibyte
    if devices?["autoattachGraphicsDevice"]?.boolean != false { bytes += 32 * mebibyte }
    if let requested, requested.value > 0 {
      // Page tables, of thousands of bytes.
      let kilobytes = (requested.value - 1) / 1000 + 1
      bytes += min(kilobytes, .max / 1000) * 1000 / 512
    }
    if spec["architecture"]?.string == "arm64" { bytes += 128 * mebibyte }
    if let tpm = devices?["tpm"], tpm["enabled"]?.boolean != false { bytes += 53 * mebibyte }
    let hasFunctions = devices?["interfaces"]?.items.contains { $0["sriov"] != nil } == true
    if hasFunctions || isThere("gpus") || isThere("hostDevices") { bytes += 1024 * mebibyte }
    return Quantity(bytes: bytes)
  }

  /// `resources` of the container `compute`.
  var tree: ObjectNode {
    func list(_ resources: [(name: String, quantity: Quantity)]) -> ObjectNode {
      ObjectNode(
        .mapping(
          resources.map {
            ObjectNode.Entry(key: $0.name, value: .text($0.quantity.description))
          }))
    }
    var tree: ObjectNode = ["requests": list(requests)]
    if !limits.isEmpty { tree["limits"] = list(limits) }
    return tree
  }

  /// The pod's class: `Guaranteed` when processors and memory are limited to what is requested.
  var qualityOfService: String {
    let isBounded = ["cpu", "memory"].allSatisfy { name in
      limits.contains { limit in
        limit.name == name
          && requests.contains { $0.name == name && $0.quantity == limit.quantity }
      }
    }
    return isBounded ? "Guaranteed" : "Burstable"
  }
}

extension Quantity {
  /// A quantity that is written as text or as a number.
  fileprivate init?(_ node: ObjectNode) {
    guard let text = node.scalar?.text else { return nil }
    self.init(text)
  }
}
