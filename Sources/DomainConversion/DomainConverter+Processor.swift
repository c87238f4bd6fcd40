import DomainXML
import KubeVirt
import Objects

/// Sockets, cores in each and threads in each of those.
struct Topology {
  var sockets: Int
  var cores: Int
  var threads: Int

  /// All of them; a number that no machine has where the product is too large.
  var processors: Int {
    let (cores, first) = sockets.multipliedReportingOverflow(by: cores)
    let (all, second) = cores.multipliedReportingOverflow(by: threads)
    return first || second ? .max : all
  }

  /// The processors of each socket.
  var processorsPerSocket: Int {
    Topology(sockets: 1, cores: cores, threads: threads).processors
  }
}

extension DomainConverter {
  private var cpuField: Field { domainField["cpu"] }

  /// The topology at boot (pkg/defaults, SetDefaultGuestCPUTopology; vcpu.GetCPUTopology).
  var topology: Topology {
    let cpu = cpuField
    let written = [cpu["sockets"].integer, cpu["cores"].integer, cpu["threads"].integer]
      .map { $0 ?? 0 }
    guard written.allSatisfy({ $0 == 0 }) else {
      return Topology(
        sockets: max(1, written[0]), cores: max(1, written[1]), threads: max(1, written[2]))
    }
    return Topology(sockets: socketsOfResources, cores: 1, threads: 1)
  }

  private var socketsOfResources: Int {
    let resources = domainField["resources"]
    let processors = resources["limits"]["cpu"].quantity ?? resources["requests"]["cpu"].quantity
    return processors.map { Int(clamping: $0.value) } ?? 1
  }

  /// The sockets that live updates may fill; 0 where there is no such place (pkg/defaults,
  /// setupCPUHotplug).
  private var maximumSockets: Int {
    if let written = cpuField["maxSockets"].integer, written > 0 { return written }
    guard cluster.liveUpdate else { return 0 }
    // Where cores or threads are written and sockets are not, the webhook multiplies nothing.
    let hasCounts = ["sockets", "cores", "threads"].contains { (cpuField[$0].integer ?? 0) != 0 }
    if hasCounts, (cpuField["sockets"].integer ?? 0) == 0 { return 0 }
    let cores = hasCounts ? cpuField["cores"].integer ?? 0 : 1
    let threads = hasCounts ? cpuField["threads"].integer ?? 0 : 1
    let sockets = topology.sockets
    let (maximum, overflow) = sockets.multipliedReportingOverflow(by: Self.hotplugRatio)
    guard !overflow else { return sockets }
    let limit = 512
    let full = Topology(sockets: maximum, cores: cores, threads: threads)
    return full.processors > limit ? max(limit / full.processorsPerSocket, sockets) : maximum
  }

  /// The topology with the sockets that may be filled later.
  private var fullTopology: Topology {
    var topology = topology
    if maximumSockets != 0 { topology.sockets = maximumSockets }
    return topology
  }

  private var countOrigin: String {
    let resources = domainField["resources"]
    if [cpuField["sockets"], cpuField["cores"], cpuField["threads"]].contains(where: \.exists) {
      return origin(
        cpuField["sockets"], cpuField["cores"], cpuField["threads"], cpuField["maxSockets"])
    }
    let requested = resources["limits"]["cpu"].exists ? "limits" : "requests"
    return origin(resources[requested]["cpu"], else: "default: one processor")
  }

  /// The number of processors, and which of them are there at boot (compute/cpu.go).
  var processors: [DomainElement] {
    let full = fullTopology
    let count = DomainElement(
      "vcpu", ["placement": "static"], text: "\(full.processors)", origin: countOrigin)
    guard maximumSockets != 0 else { return [count] }
    let atBoot = topology.processors
    let fixed = topology.processorsPerSocket
    // Beyond what QEMU has room for the list says nothing, and would only fill memory.
    let listed = (0..<min(full.processors, 4096)).map { id in
      DomainElement(
        "vcpu",
        [
          "id": "\(id)", "enabled": id < atBoot ? "yes" : "no",
          "hotpluggable": id >= fixed ? "yes" : "no",
        ])
    }
    return [
      count,
      DomainElement(
        "vcpus", [:],
        origin: origin(
          cpuField["maxSockets"],
          else: "cluster: live updates may fill \(Self.hotplugRatio) times the sockets"),
        listed),
    ]
  }

  /// Model, features and topology (compute/cpu.go).
  var processor: DomainElement {
    let choice = CPUModelChoice(machine: cpuField["model"].string, cluster: cluster.defaultCPUModel)
    let choiceOrigin =
      switch choice.source {
      case .machine: origin(cpuField["model"])
      case .cluster: "cluster: defaultCPUModel"
      case .default: "default: host-model"
      }
    var mode = "custom"
    var children: [DomainElement] = []
    switch choice.model {
    case .hostModel: mode = "host-model"
    case .hostPassthrough: mode = "host-passthrough"
    case .named(let name):
      children.append(DomainElement("model", text: name, origin: choiceOrigin))
    }
    children.append(topologyElement)
    children += processorFeatures(isNamed: mode == "custom")
    children += syntheticNUMA(processors: fullTopology.processors)
    return DomainElement("cpu", ["mode": mode], origin: choiceOrigin, children)
  }

  private var topologyElement: DomainElement {
    let full = fullTopology
    return DomainElement(
      "topology",
      ["sockets": "\(full.sockets)", "cores": "\(full.cores)", "threads": "\(full.threads)"],
      origin: countOrigin)
  }

  private func processorFeatures(isNamed: Bool) -> [DomainElement] {
    var elements = cpuField["features"].items.map { item in
      DomainElement(
        "feature",
        [
          "name": item["name"].string ?? "", "policy": item["policy"].string.flatMap(nonEmpty),
        ], origin: origin(item))
    }
    // Nested Hyper-V needs VMX (pkg/defaults/hyperv.go, setEVMCSDependency).
    let nested = domainField["features"]["hyperv"]["evmcs"]
    if nested.exists, nested["enabled"].isOn(default: true) {
      let required = DomainElement(
        "feature", ["name": "vmx", "policy": "require"], origin: origin(nested))
      if let index = elements.firstIndex(where: { $0[attribute: "name"] == "vmx" }) {
        elements[index] = required
      } else {
        elements.append(required)
      }
    }
    if isNamed, !elements.contains(where: { $0[attribute: "name"] == "mpx" }) {
      elements.append(
        DomainElement(
          "feature", ["name": "mpx", "policy": "disable"],
          origin: "KubeVirt: libvirt's models list it, processors no longer have it"))
    }
    return elements
  }

  func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }
}
