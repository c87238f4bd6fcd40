import DomainXML
import KubeVirt
import Objects

/// The threads of disks' input and output.
struct InputOutputThreadPool {
  /// All of them.
  var count: Int
  /// Those that disks without a thread of their own share, the first ones.
  var automatic: Int
}

extension DomainConverter {
  private var policy: Field { domainField["ioThreadsPolicy"] }

  /// The number of the pool that all virtio disks use together; 0 without such a pool.
  var supplementalThreads: Int {
    guard policy.string == "supplementalPool" else { return 0 }
    let count = domainField["ioThreads"]["supplementalPoolThreadCount"].integer ?? 0
    // More would only fill memory with their list.
    return min(max(0, count), 4096)
  }

  /// `nil` where disks have no threads (converter/iothreads).
  var inputOutputThreadPool: InputOutputThreadPool? {
    let disks = diskSources
    guard policy.exists || disks.contains(where: \.hasThreadOfItsOwn) else { return nil }
    if supplementalThreads > 0 {
      return InputOutputThreadPool(count: supplementalThreads, automatic: 0)
    }
    let dedicated = disks.count(where: \.hasThreadOfItsOwn)
    var automatic = disks.count - dedicated
    if disks.count > threadLimit { automatic = max(1, threadLimit - dedicated) }
    return InputOutputThreadPool(count: automatic + dedicated, automatic: automatic)
  }

  private var threadLimit: Int {
    switch policy.string {
    case nil, "shared": return 1
    case "auto":
      let cpu = domainField["cpu"]
      if cpu["dedicatedCpuPlacement"].isOn(default: false),
        cpu["isolateEmulatorThread"].isOn(default: false)
      {
        return 1
      }
      let resources = domainField["resources"]
      let processors = resources["requests"]["cpu"].quantity ?? resources["limits"]["cpu"].quantity
      return 2 * Int(clamping: min(processors?.value ?? 1, 1 << 20))
    default: return 0
    }
  }

  var inputOutputThreads: [XMLElement] {
    guard let pool = inputOutputThreadPool, pool.count > 0 else { return [] }
    return [
      XMLElement(
        "iothreads", text: "\(pool.count)",
        origin: origin(policy, else: "disks with dedicatedIOThread"))
    ]
  }
}
