import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  private var memoryField: Field { domainField["memory"] }
  var hugepages: Field { memoryField["hugepages"] }

  /// The guest's memory.
  var guestMemory: Quantity? { memoryField["guest"].quantity }

  /// Memory, the most that it may grow to, and what is behind it (compute/memory.go,
  /// compute/memory_backing.go).
  var memory: [XMLElement] {
    var elements = [
      XMLElement(
        "memory", ["unit": "b"], text: "\(guestMemory.map(wholeBytes) ?? 0)",
        origin: origin(memoryField["guest"]))
    ]
    let maximum = memoryField["maxGuest"]
    if let guestMemory, let most = maximum.quantity, most != guestMemory {
      elements.append(
        XMLElement(
          "maxMemory", ["unit": "b", "slots": "0"], text: "\(wholeBytes(most))",
          origin: origin(maximum)))
    }
    return elements + memoryBacking
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

  private var memoryBacking: [XMLElement] {
    guard hugepages.exists || needsSharedMemory else { return [] }
    var children: [XMLElement] = []
    if hugepages.exists {
      children.append(XMLElement("hugepages", origin: origin(hugepages)))
    }
    if needsMemoryFile {
      children.append(XMLElement("source", ["type": "memfd"]))
    }
    if needsSharedMemory {
      children.append(
        XMLElement(
          "access", ["mode": "shared"],
          origin: origin(devicesField["filesystems"], else: "passt binding")))
    }
    return [XMLElement("memoryBacking", children)]
  }

  /// The NUMA node of memory that is a memfd (compute/cpu.go, configureSyntheticNUMA).
  func syntheticNUMA(processors: Int) -> [XMLElement] {
    guard needsMemoryFile, !domainField["cpu"]["numa"].exists else { return [] }
    let kibibytes = (guestMemory?.value ?? 0) / 1024
    return [
      XMLElement(
        "numa", origin: "KubeVirt: memory that is a file needs a node",
        [
          XMLElement(
            "cell",
            [
              "id": "0", "cpus": "0-\(processors - 1)", "memory": "\(kibibytes)", "unit": "KiB",
            ])
        ])
    ]
  }
}
