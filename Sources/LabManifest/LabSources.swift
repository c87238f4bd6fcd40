import KubeVirt
import NetworkAttachment
import Objects
import Scheduling

/// The decoded documents of a lab, each with the document and log that later checks report to.
struct LabSources {
  struct Decoded<Value> {
    var value: Value
    var document: ManifestDocument
    var log: ProblemLog
  }

  struct DecodedMachine {
    var value: Machine
    var object: MachineObject
    var log: ProblemLog
  }

  /// The machines, once ``admitMachines()`` has made them.
  private(set) var machines: [DecodedMachine] = []
  private var machineDocuments: [(document: ManifestDocument, log: ProblemLog)] = []
  private(set) var attachments: [Decoded<NetworkAttachmentDefinition>] = []
  private var clusterSource: ClusterSource?
  private(set) var labFile: LabFile?
  /// Objects that nothing is made of.
  private(set) var skipped: [SkippedObject] = []
  private(set) var objects = LabObjects()
  private var quotas: [ResourceQuota] = []
  private(set) var nodeNetworks = NodeNetworks()
  /// The nodes that manifests describe.
  private(set) var nodes: [LabNode] = []
  /// What people should know of what was left out.
  private(set) var notices: [String] = []
  /// Attachments that are there, readable or not.
  private(set) var declaredAttachments: Set<ObjectKey> = []
  private(set) var references = ObjectReferences(judge: .lab)

  /// Attachments that a lab cannot stand for, and why.
  private var unchecked: [(document: ManifestDocument, reason: String)] = []
  private var instancetypes = Instancetypes()
  private let assumed: ClusterSettings
  private var fileProblems: [Problem] = []
  private var logs: [ProblemLog] = []
  private let cniPlugins: CNIPluginsVersion

  var cluster: ClusterSettings? { clusterSource?.settings }
  /// The nodes of Node manifests, then those of lab.yaml.
  var allNodes: [LabNode] {
    (nodes + (labFile?.nodes ?? [])).reduce(into: []) { nodes, node in
      if let index = nodes.firstIndex(where: { $0.name == node.name }) {
        nodes[index].complete(from: node)
      } else {
        nodes.append(node)
      }
    }
  }
  var clusterLocation: SourceLocation? { clusterSource?.document.location }
  var problems: [Problem] { fileProblems + logs.flatMap(\.problems) }

  /// Nothing read yet; a cluster without a HyperConverged has the assumed settings.
  init(assuming settings: ClusterSettings, cniPlugins: CNIPluginsVersion) {
    assumed = settings
    self.cniPlugins = cniPlugins
  }

  mutating func read(_ file: ManifestFile) {
    fileProblems += file.problems
    for document in file.documents {
      let log = ProblemLog(object: document.object)
      if Machine.accepts(document) {
        Machine.checkVersion(of: document, log: log)
        machineDocuments.append((document, log))
      } else if NetworkAttachmentDefinition.accepts(document) {
        declaredAttachments.insert(
          ObjectKey(
            .networkAttachmentDefinitions, namespace: document.namespace, name: document.name))
        let attachment = NetworkAttachmentDefinition(
          document, log: log, plugins: cniPlugins)
        references.add(attachment, document)
        if let reason = NetworkAttachmentDefinition.unchecked(in: document) {
          unchecked.append((document, reason))
        }
        if let attachment {
          attachments.append(Decoded(value: attachment, document: document, log: log))
        }
      } else if let settings = ClusterSettings(document, log: log) {
        readCluster(settings, document, log)
      } else if LabFile.accepts(document) {
        readLab(document, log)
      } else if let quota = ResourceQuota(document, log: log) {
        quotas.append(quota)
        logs.append(log)
        continue
      } else if Instancetypes.accepts(document) {
        Instancetypes.check(document, log: log)
        instancetypes.add(document)
      } else if let network = UserDefinedNetwork(document) {
        read(network, document, log)
      } else if let node = LabNode(document) {
        read(node, document, log)
        continue
      } else if NodeBridge.accepts(document) {
        nodeNetworks.read(document, log: log)
        logs.append(log)
        continue
      } else if objects.read(document, log: log) {
        logs.append(log)
        continue
      } else if ServedKinds.refuse(document, log: log) {
        logs.append(log)
        continue
      } else {
        skipped.append(SkippedObject(document))
        continue
      }
      checkName(document, log)
      logs.append(log)
    }
  }

  /// Counts the machines against the quotas.
  mutating func checkQuotas() {
    var ledger = QuotaLedger(quotas, excess: .warning)
    for machine in machines { ledger.add(machine.value, machine.object.document) }
    fileProblems += ledger.problems
  }

  mutating func report(_ problems: [Problem]) {
    fileProblems += problems
  }

  private mutating func readCluster(
    _ settings: ClusterSettings, _ document: ManifestDocument, _ log: ProblemLog
  ) {
    clusterSource = .prevailing(
      clusterSource, ClusterSource(settings: settings, document: document, log: log))
  }

  private mutating func read(
    _ network: UserDefinedNetwork, _ document: ManifestDocument, _ log: ProblemLog
  ) {
    references.declare(network)
    for attachment in network.attachments {
      references.add(attachment)
      declaredAttachments.insert(attachment.key)
      attachments.append(Decoded(value: attachment, document: document, log: log))
    }
  }

  private mutating func read(_ node: LabNode, _ document: ManifestDocument, _ log: ProblemLog) {
    logs.append(log)
    let place = document.location(of: "metadata.name")
    if let objection = LabNode.objection(toNode: node.name)
      ?? ObjectName.objection(toSubdomain: document)
    {
      return log.report(.error, at: place, field: "metadata.name", objection)
    }
    if nodes.contains(where: { $0.name == node.name }) {
      log.report(
        .error, at: place, field: "metadata.name",
        "Duplicate value: \(node.name.debugDescription): a lab has one node of a name")
    }
    // What comes out of a store has been judged.
    if document.location.line > 0 {
      for finding in NodeCheck(document.root).findings {
        log.report(
          .error, at: document.location(of: finding.place), field: finding.place, finding.message)
      }
    }
    if nodes.count == LabNode.most {
      log.report(
        .error, at: document.location, field: "kind",
        "a lab on one machine has at most \(LabNode.most) nodes: leave nodes out; to place machines on"
          + " more without running them, use `pxelab schedule --nodes FILE`")
    }
    nodes.append(node)
  }

  /// Says which attachments a lab cannot stand for: an error where a machine uses one.
  mutating func checkAttachments() {
    let wanted = references.wanted
    for (document, reason) in unchecked {
      let key = ObjectKey(
        .networkAttachmentDefinitions, namespace: document.namespace, name: document.name)
      if wanted.contains(key) {
        let field = "spec.config"
        fileProblems.append(
          Problem(
            location: document.location(of: field), object: document.object, field: field,
            message:
              "a lab cannot stand for this attachment, which a machine uses: \(reason); a lab"
              + " has bridge, cnv-bridge, ovn-k8s-cni-overlay with topology localnet, and sriov"))
      } else {
        notices.append(
          "left out \(document.object) (\(document.location)), which no machine uses: \(reason)")
      }
    }
  }

  private mutating func readLab(_ document: ManifestDocument, _ log: ProblemLog) {
    if let labFile {
      log.report(
        .error, at: document.location, field: "kind",
        "a folder is one lab; another Lab is at \(labFile.document.location)")
    } else {
      let file = LabFile(document)
      labFile = file
      logs.append(file.log)
    }
  }

  private func checkName(_ document: ManifestDocument, _ log: ProblemLog) {
    guard let objection = ObjectName.objection(to: document.name) else { return }
    log.report(
      .error, at: document.location(of: "metadata.name"), field: "metadata.name", objection)
  }

  /// Takes each machine in as a cluster with the settings of the files does, and checks it as
  /// KubeVirt's webhooks do.
  mutating func admitMachines() {
    for (document, log) in machineDocuments {
      guard
        let object = MachineObject(
          document, cluster: cluster ?? assumed, instancetypes: instancetypes)
      else { continue }
      let machine = object.machine
      references.add(machine, document)
      objects.readTemplates(of: machine)
      object.admit(log: log)
      for (field, name) in object.missingSizing {
        log.report(
          .error, at: document.location(of: field), field: field,
          "\(name) is not in these files: without it the machine cannot be made; add its manifest to the"
            + " lab (kubectl get ... -o yaml, or virtctl and kubevirt/common-instancetypes)")
      }
      machines.append(DecodedMachine(value: machine, object: object, log: log))
    }
    machineDocuments = []
  }
}
