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

  /// The topology at boot (vcpu.GetCPUTopology).
  var topology: Topology {
    func count(_ name: String) -> Int { max(1, cpuField[name].integer ?? 0) }
    return Topology(sockets: count("sockets"), cores: count("cores"), threads: count("threads"))
  }

  /// The sockets that live updates may fill; 0 where there is no such place.
  private var maximumSockets: Int { max(0, cpuField["maxSockets"].integer ?? 0) }

  /// The topology with the sockets that may be filled later.
  private var fullTopology: Topology {
    var topology = topology
    if maximumSockets != 0 { topology.sockets = maximumSockets }
    return topology
  }

  private var countOrigin: String {
    if cpuField["sockets"].reason != nil { return origin(cpuField["sockets"]) }
    return origin(
      cpuField["sockets"], cpuField["cores"], cpuField["threads"], cpuField["maxSockets"])
  }

  /// The number of processors, and which of them are there at boot (compute/cpu.go).
  var processors: [XMLElement] {
    let full = fullTopology
    let count = XMLElement(
      "vcpu", ["placement": "static"], text: "\(full.processors)", origin: countOrigin)
    guard maximumSockets != 0 else { return [count] }
    let atBoot = topology.processors
    let fixed = topology.processorsPerSocket
    // Beyond what QEMU has room for the list says nothing, and would only fill memory.
    let listed = (0..<min(full.processors, 4096)).map { id in
      XMLElement(
        "vcpu",
        [
          "id": "\(id)", "enabled": id < atBoot ? "yes" : "no",
          "hotpluggable": id >= fixed ? "yes" : "no",
        ])
    }
    return [
      count,
      XMLElement(
        "vcpus", [:],
        origin: origin(cpuField["maxSockets"]), listed),
    ]
  }

  /// Model, features and topology (compute/cpu.go).
  var processor: XMLElement {
    let modelOrigin = origin(cpuField["model"])
    var mode = "custom"
    var children: [XMLElement] = []
    switch CPUModel(cpuField["model"].string ?? "") {
    case .hostModel: mode = "host-model"
    case .hostPassthrough: mode = "host-passthrough"
    case .named(let name):
      children.append(XMLElement("model", text: name, origin: modelOrigin))
    }
    children.append(topologyElement)
    children += processorFeatures(isNamed: mode == "custom")
    children += syntheticNUMA(processors: fullTopology.processors)
    return XMLElement("cpu", ["mode": mode], origin: modelOrigin, children)
  }

  private var topologyElement: XMLElement {
    let full = fullTopology
    return XMLElement(
      "topology",
      ["sockets": "\(full.sockets)", "cores": "\(full.cores)", "threads": "\(full.threads)"],
      origin: countOrigin)
  }

  private func processorFeatures(isNamed: Bool) -> [XMLElement] {
    var elements = cpuField["features"].items.map { item in
      XMLElement(
        "feature",
        [
          "name": item["name"].string ?? "", "policy": item["policy"].string.flatMap(nonEmpty),
        ], origin: origin(item))
    }
    if isNamed, !elements.contains(where: { $0[attribute: "name"] == "mpx" }) {
      elements.append(
        XMLElement(
          "feature", ["name": "mpx", "policy": "disable"],
          origin: "KubeVirt: libvirt's models list it, processors no longer have it"))
    }
    return elements
  }

  func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }
}
