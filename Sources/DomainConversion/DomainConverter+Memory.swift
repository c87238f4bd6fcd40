import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  private var memoryField: Field { domainField["memory"] }
  var hugepages: Field { memoryField["hugepages"] }

  /// The guest's memory: what it says, else what is requested, limited, or one huge page
  /// (pkg/defaults, setGuestMemory).
  var guestMemory: Quantity? {
    let resources = domainField["resources"]
    let candidates = [
      memoryField["guest"].quantity, resources["requests"]["memory"].quantity.flatMap(nonZero),
      resources["limits"]["memory"].quantity.flatMap(nonZero), hugepages["pageSize"].quantity,
    ]
    return candidates.lazy.compactMap { $0 }.first
  }

  private func nonZero(_ quantity: Quantity) -> Quantity? { quantity.nanos == 0 ? nil : quantity }

  /// Memory, the most that it may grow to, and what is behind it (compute/memory.go,
  /// compute/memory_backing.go).
  var memory: [DomainElement] {
    let resources = domainField["resources"]
    let memoryOrigin: String
    if memoryField["guest"].exists {
      memoryOrigin = origin(memoryField["guest"])
    } else if resources["requests"]["memory"].exists {
      memoryOrigin = origin(resources["requests"]["memory"])
    } else {
      memoryOrigin = origin(resources["limits"]["memory"], hugepages["pageSize"])
    }
    var elements = [
      DomainElement(
        "memory", ["unit": "b"], text: "\(guestMemory.map(wholeBytes) ?? 0)", origin: memoryOrigin)
    ]
    if let maximumMemory {
      elements.append(
        DomainElement(
          "maxMemory", ["unit": "b", "slots": "0"], text: "\(wholeBytes(maximumMemory))",
          origin: origin(
            memoryField["maxGuest"],
            else: "cluster: live updates may grow memory to \(Self.hotplugRatio) times")))
    }
    return elements + memoryBacking
  }

  /// How far a cluster lets a machine grow by live updates (virt-config, DefaultMaxHotplugRatio).
  static let hotplugRatio = 4

  /// `maxMemory`; `nil` where the machine cannot grow (pkg/defaults, setupMemoryHotplug).
  private var maximumMemory: Quantity? {
    guard let guest = guestMemory else { return nil }
    if let maximum = memoryField["maxGuest"].quantity {
      return maximum == guest ? nil : maximum
    }
    guard cluster.liveUpdate, canHotplugMemory(guest) else { return nil }
    return Quantity(bytes: guest.value * Int64(Self.hotplugRatio))
  }

  /// pkg/liveupdate/memory, ValidateLiveUpdateMemory.
  private func canHotplugMemory(_ guest: Quantity) -> Bool {
    let cpu = domainField["cpu"]
    if cpu["realtime"].exists || cpu["numa"]["guestMappingPassthrough"].exists
      || domainField["launchSecurity"].exists
    {
      return false
    }
    let alignment: Int64 = hugepages["pageSize"].string == "1Gi" ? 1 << 30 : 1 << 21
    return guest.value % alignment == 0 && guest.value >= 1 << 30
      && guest.value <= .max / Int64(Self.hotplugRatio)
  }

  /// The bytes of a quantity, without the part of one.
  private func wholeBytes(_ quantity: Quantity) -> Int64 {
    Int64(clamping: quantity.nanos / 1_000_000_000)
  }

  private var hasSharedFilesystem: Bool {
    devicesField["filesystems"].items.contains { $0["virtiofs"].exists }
  }

  private var needsSharedMemory: Bool {
    hasSharedFilesystem
      || devicesField["interfaces"].items.contains { $0["passtBinding"].exists }
  }

  /// Whether guest memory is a memfd, which needs a NUMA node (compute/memory_backing.go).
  var needsMemoryFile: Bool {
    if hugepages.exists, annotations["kubevirt.io/memfd"].string != "false" { return true }
    return needsSharedMemory
  }

  private var memoryBacking: [DomainElement] {
    guard hugepages.exists || needsSharedMemory else { return [] }
    var children: [DomainElement] = []
    if hugepages.exists {
      children.append(DomainElement("hugepages", origin: origin(hugepages)))
    }
    if needsMemoryFile {
      children.append(DomainElement("source", ["type": "memfd"]))
    }
    if needsSharedMemory {
      children.append(
        DomainElement(
          "access", ["mode": "shared"],
          origin: origin(devicesField["filesystems"], else: "passt binding")))
    }
    return [DomainElement("memoryBacking", children)]
  }

  /// The NUMA node of memory that is a memfd (compute/cpu.go, configureSyntheticNUMA).
  func syntheticNUMA(processors: Int) -> [DomainElement] {
    guard needsMemoryFile, !domainField["cpu"]["numa"].exists else { return [] }
    let kibibytes = (guestMemory?.value ?? 0) / 1024
    return [
      DomainElement(
        "numa", origin: "KubeVirt: memory that is a file needs a node",
        [
          DomainElement(
            "cell",
            [
              "id": "0", "cpus": "0-\(processors - 1)", "memory": "\(kibibytes)", "unit": "KiB",
            ])
        ])
    ]
  }
}
