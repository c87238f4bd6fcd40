import KubeVirt
import Objects

/// The objects that a placement without a cluster is computed of, out of manifests.
package struct ScheduleInput {
  /// A pod or a machine that asks for a node.
  package struct Subject {
    /// What asks.
    package enum Kind {
      /// A machine, of which there may be several copies.
      case machine(MachineObject)
      /// A pod.
      case pod(ObjectNode)
    }

    package let name: String
    package let namespace: String
    package let kind: Kind
    package let document: ManifestDocument
  }

  /// The nodes, with what bare ones lacked.
  package private(set) var nodes: [ObjectNode] = []
  /// Pods that are on a node.
  package private(set) var boundPods: [ObjectNode] = []
  /// Who asks for a node, in order.
  package private(set) var subjects: [Subject] = []
  /// Labels of namespaces.
  package private(set) var namespaces: [String: [String: String]] = [:]
  /// The priority classes.
  package private(set) var classes: [PriorityClass] = []
  /// The resources of network attachments by `namespace/name`.
  package private(set) var networkResources: [String: String?] = [:]
  /// What is wrong.
  package private(set) var problems: [Problem] = []
  /// What was filled into bare nodes.
  package private(set) var notes: [String] = []
  /// The cluster's settings.
  package private(set) var cluster: ClusterSettings

  private var nodeDocuments: [ManifestDocument] = []

  /// Sorts documents; the order of files counts.
  ///
  /// - Parameters:
  ///   - documents: those of all files.
  ///   - settings: the cluster's settings where no document has them.
  package init(_ documents: [ManifestDocument], cluster settings: ClusterSettings) {
    let log = ProblemLog(object: "")
    cluster = documents.lazy.compactMap { ClusterSettings($0, log: log) }.first ?? settings
    var instancetypes = Instancetypes()
    for document in documents { instancetypes.add(document) }
    for document in documents { add(document, instancetypes) }
    addNodes()
    noteUnknownProcessors()
  }

  private mutating func add(_ document: ManifestDocument, _ instancetypes: Instancetypes) {
    switch (document.group, document.kind) {
    case ("", "Node"): nodeDocuments.append(document)
    case ("", "Pod"): addPod(document)
    case ("", "Namespace"):
      namespaces[document.name] = APIValue(document.root)["metadata"]["labels"].texts
    case ("scheduling.k8s.io", "PriorityClass"):
      check(document, as: "PriorityClass")
      classes.append(PriorityClass(document.root))
    case (_, "NetworkAttachmentDefinition"):
      let name = APIValue(document.root)["metadata"]["annotations"][
        "k8s.v1.cni.cncf.io/resourceName"
      ].string
      networkResources["\(document.namespace)/\(document.name)"] = .some(name.isEmpty ? nil : name)
    default:
      guard
        let machine = MachineObject(document, cluster: cluster, instancetypes: instancetypes)
      else { return }
      addMachine(machine)
    }
  }

  private mutating func addMachine(_ machine: MachineObject) {
    let replicas = APIValue(machine.document.root)["spec"]["replicas"]
    guard machine.host != nil else {
      subjects.append(
        Subject(
          name: machine.document.name, namespace: machine.document.namespace,
          kind: .machine(machine), document: machine.document))
      return
    }
    for index in 0..<min(max(0, replicas.exists ? replicas.integer : 1), 100_000) {
      subjects.append(
        Subject(
          name: "\(machine.document.name)-\(index)", namespace: machine.document.namespace,
          kind: .machine(machine), document: machine.document))
    }
  }

  private mutating func addPod(_ document: ManifestDocument) {
    var object = document.root
    check(document, as: "Pod")
    if object["metadata"]?.isMapping == true {
      object["metadata", "namespace"] = .text(document.namespace)
    }
    let root = APIValue(object)
    let phase = root["status"]["phase"].string
    guard phase != "Succeeded", phase != "Failed" else { return }
    if root["spec"]["nodeName"].string.isEmpty {
      subjects.append(
        Subject(
          name: document.name, namespace: document.namespace, kind: .pod(object),
          document: document))
    } else {
      boundPods.append(object)
    }
  }

  private mutating func addNodes() {
    var places: [String: SourceLocation] = [:]
    let bridges = Set(
      networkResources.values.compactMap { $0 }.filter {
        $0.hasPrefix("bridge.network.kubevirt.io/")
      }
    ).sorted()
    for document in nodeDocuments {
      var isReadable = true
      if let first = places[document.name] {
        problems.append(
          Problem(
            location: document.location(of: "metadata.name"), object: document.object,
            field: "metadata.name",
            message:
              "there is a node \(document.name.debugDescription) at \(first) already; names of"
              + " nodes are unique"))
        isReadable = false
      }
      places[document.name] = document.location
      if !check(document, as: "Node") { isReadable = false }
      guard isReadable else { continue }
      do throws(Refusal) {
        let bare = BareNode(document.root, bridges: bridges)
        nodes.append(try NodeAdmission.admitDecoded(bare.object.canonical))
        if !bare.filled.isEmpty {
          notes.append("\(document.name): \(bare.filled.joined(separator: "; "))")
        }
      } catch {
        report(error, document)
      }
    }
  }

  /// Says why machines that ask for something of a processor get no node, where nodes do not say what
  /// theirs are: that is not filled in, since it would be guessed.
  private mutating func noteUnknownProcessors() {
    let asks = subjects.contains { subject in
      guard case .machine(let object) = subject.kind else { return false }
      let cpu = object.machine.cpu
      if case .named? = cpu.model.map(CPUModel.init) { return true }
      return cpu.features.contains { ["require", ""].contains($0.policy ?? "") }
    }
    let isSaid = nodes.contains { node in
      APIValue(node)["metadata"]["labels"].keys.contains { label in
        NodeLabel.processor.contains { label.hasPrefix($0) }
      }
    }
    guard asks, !nodes.isEmpty, !isSaid else { return }
    notes.append(
      "no node says what processor it has, with labels such as \(NodeLabel.model)Haswell: machines that ask"
        + " for a CPU model or feature get none; take the nodes of a cluster that runs KubeVirt, or write the"
        + " labels")
  }

  // MARK: - Problems

  /// Reports what does not fit a kind's types.
  ///
  /// - Returns: whether all values have theirs.
  @discardableResult
  private mutating func check(_ document: ManifestDocument, as kind: String) -> Bool {
    let decoding = StrictDecoding(document.root, as: kind)
    if let finding = decoding.typeError {
      problems.append(
        Problem(
          location: document.location(of: finding.place), object: document.object,
          field: finding.place, message: finding.message + NodeCheck.wayOut(finding.message)))
    }
    let isRegistered = document.root["metadata", "uid"] != nil
    for finding in decoding.unknown {
      problems.append(
        Problem(
          severity: isRegistered ? .warning : .error,
          location: document.location(of: finding.place),
          object: document.object, field: finding.place,
          message: "strict decoding error: \(finding.message)" + Self.hint(finding.place, kind)))
    }
    return decoding.typeError == nil
  }

  private mutating func report(_ refusal: Refusal, _ document: ManifestDocument) {
    for finding in NodeCheck.findings(refusal) {
      problems.append(
        Problem(
          location: document.location(of: finding.place), object: document.object,
          field: finding.place, message: finding.message))
    }
    if refusal.errors.isEmpty {
      problems.append(
        Problem(
          location: document.location, object: document.object, message: refusal.message))
    }
  }

  /// What was meant by an unknown field, in the structures of a kind.
  private static func hint(_ place: String, _ kind: String) -> String {
    let steps = place.split(separator: ".").map { $0.prefix { $0 != "[" } }
    var structure = kind
    for step in steps.dropLast() {
      switch CoreTypes.structures[structure]?.fields[String(step)]?.type {
      case .structure(let name)?, .list(.structure(let name))?: structure = name
      default: return ""
      }
    }
    let known = CoreTypes.structures[structure]?.fields.keys.sorted() ?? []
    guard let last = steps.last, let near = nearest(to: String(last), among: known) else {
      return ""
    }
    return "; did you mean \(near.debugDescription)?"
  }
}
