import KubeVirt
import NetworkAttachment
import Objects

/// What a cluster says against manifests, and a lab against a lab's.
///
/// An error is what a cluster refuses, a warning what it takes and a person may not have meant.
/// Restrictions that only a lab has count where there is a `Lab` among the objects. Without one,
/// a document is read, judged and dropped after the other; only what others may refer to is kept.
package struct ManifestValidation: Sendable {
  /// How manifests are judged.
  package struct Options: Sendable {
    /// The cluster's settings when the files have none.
    package var cluster: ClusterSettings
    /// The namespace of the request, which objects get that name none.
    package var namespace: String?
    /// Whether fields that nothing knows are errors, as strict decoding has them.
    package var isStrict: Bool

    /// KubeVirt's defaults, no namespace, unknown fields as warnings.
    package init(
      cluster: ClusterSettings = ClusterSettings(), namespace: String? = nil, isStrict: Bool = false
    ) {
      self.cluster = cluster
      self.namespace = namespace
      self.isStrict = isStrict
    }
  }

  /// Every error and warning, in the order of the files.
  package private(set) var problems: [Problem] = []
  /// The objects of kinds that are not checked, in the order of the files.
  package private(set) var skipped: [SkippedObject] = []
  /// What is no problem, in the order in which it was found.
  package private(set) var notes: [ManifestNote] = []
  /// The files that hold something that was checked.
  package private(set) var checkedFiles: Set<String> = []
  /// Where the settings of the cluster are, if the files have them.
  package private(set) var clusterLocation: SourceLocation?

  private var references = ObjectReferences(judge: .cluster)
  private var ledger = QuotaLedger([])
  private var nodes = NodeNetworks()
  private var attachments: [(value: NetworkAttachmentDefinition, document: ManifestDocument)] = []
  private var instancetypes = Instancetypes()

  /// Judges the objects of files, which are one cluster's.
  ///
  /// - Parameters:
  ///   - files: each file's path, as messages shall show it, and its bytes.
  ///   - folderName: the folder's name, for messages about a lab.
  ///   - settings: the cluster's settings when the files have none.
  package init(
    files: [(path: String, bytes: [UInt8])], folderName: String,
    cluster settings: ClusterSettings = ClusterSettings()
  ) {
    self.init(files: files, folderName: folderName, options: Options(cluster: settings))
  }

  /// Judges the objects of files, which are one cluster's.
  ///
  /// - Parameters:
  ///   - files: each file's path, as messages shall show it, and its bytes.
  ///   - folderName: the folder's name, for messages about a lab.
  ///   - found: the paths of those files that nobody named, because they are in a folder: what is no
  ///     Kubernetes object in them is left alone.
  ///   - options: how they are judged.
  package init(
    files: [(path: String, bytes: [UInt8])], folderName: String, found: Set<String> = [],
    options: Options
  ) {
    let files = admit(files, found: found)
    if Self.holdsLab(files) {
      let lab = LabInput(
        files: files.map { (path: $0.path, text: String(decoding: $0.bytes, as: UTF8.self)) },
        folderName: folderName, cluster: options.cluster)
      problems += lab.problems
      skipped = lab.skipped
      checkedFiles = Set(files.map(\.path))
      clusterLocation = lab.clusterLocation
    } else {
      judge(files, options)
    }
    if options.isStrict { refuseUnknownFields() }
  }

  /// Whether nothing would be refused.
  package var accepted: Bool { !problems.contains { $0.severity == .error } }

  /// Whether a `Lab` is among the objects of files.
  package static func holdsLab(_ files: [(path: String, bytes: [UInt8])]) -> Bool {
    // Not by the API group, which may be forgotten.
    ManifestScan.documents(of: files, mentioning: "Lab").contains(where: LabFile.accepts)
  }

  /// The files that are read: what other programs read is noted, or refused when it was named.
  private mutating func admit(
    _ files: [(path: String, bytes: [UInt8])], found: Set<String>
  ) -> [(path: String, bytes: [UInt8])] {
    let foreign = ForeignFile.among(files.filter { found.contains($0.path) })
    return files.filter { file in
      if found.contains(file.path) {
        guard let foreign = foreign[file.path] else { return true }
        notes.append(
          ManifestNote(
            location: foreign.location, object: "", message: "skipped: \(foreign.reason)"))
        return false
      }
      guard let foreign = ForeignFile(named: file.path, bytes: file.bytes) else { return true }
      problems.append(Problem(location: foreign.location, message: foreign.reason))
      return false
    }
  }

  private mutating func judge(_ files: [(path: String, bytes: [UInt8])], _ options: Options) {
    func requested(_ document: ManifestDocument) -> ManifestDocument {
      options.namespace.map(document.requested) ?? document
    }
    ledger = QuotaLedger(
      ManifestScan.documents(of: files, mentioning: "ResourceQuota").compactMap { document in
        ResourceQuota(requested(document), log: ProblemLog(object: document.object))
      })
    for document in ManifestScan.documents(of: files, mentioning: Instancetypes.group) {
      instancetypes.add(requested(document))
    }
    let source = ManifestScan.clusterSource(of: files)
    clusterLocation = source?.document.location
    let cluster = source?.settings ?? options.cluster
    for file in files {
      for element in ManifestReader(path: file.path, bytes: file.bytes) {
        switch element {
        case .document(let document): judge(requested(document), cluster, from: source)
        case .problem(let problem): problems.append(problem)
        }
      }
    }
    var networks = LocalnetNetworks()
    for (attachment, document) in attachments {
      problems +=
        [networks.add(attachment, document)].compactMap { $0 }
        + nodes.problems(of: attachment, document)
    }
    problems = (problems + references.problems + ledger.problems).inOrder(of: files.map(\.path))
  }

  private mutating func judge(
    _ document: ManifestDocument, _ cluster: ClusterSettings, from source: ClusterSource?
  ) {
    let log = ProblemLog(object: document.object)
    if let object = MachineObject(document, cluster: cluster, instancetypes: instancetypes) {
      judge(
        object, log, hasMACPool: source?.document.kind == "HyperConverged", cluster.obsoleteModels)
    } else if NetworkAttachmentDefinition.accepts(document) {
      judge(attachment: document, log)
    } else if let settings = ClusterSettings(document, log: log) {
      if let source, source.document.location != document.location {
        ClusterSource(settings: settings, document: document, log: log).yield(to: source)
      }
    } else if Instancetypes.accepts(document) {
      Instancetypes.check(document, log: log)
    } else if let network = UserDefinedNetwork(document) {
      for attachment in network.attachments { references.add(attachment) }
      references.declare(network)
      if let localnet = network.localnet { attachments.append((localnet, document)) }
    } else if NodeBridge.accepts(document) {
      nodes.read(document, log: log)
    } else if ServedKinds.refuse(document, log: log) {
      problems += log.problems
      checkedFiles.insert(document.location.file)
      return
    } else if ResourceQuota(document, log: log) == nil {
      skipped.append(SkippedObject(document))
      return
    }
    checkedFiles.insert(document.location.file)
    if let objection = ObjectName.objection(toSubdomain: document) {
      log.report(
        .error, at: document.location(of: "metadata.name"), field: "metadata.name", objection)
    }
    problems += log.problems
  }

  private mutating func judge(
    _ object: MachineObject, _ log: ProblemLog, hasMACPool: Bool, _ obsoleteModels: Set<String>
  ) {
    let document = object.document
    Machine.checkVersion(of: document, log: log)
    let machine = object.admittedMachine
    references.add(machine, document)
    ledger.add(machine, document)
    for (field, name) in object.missingSizing {
      notes.append(
        ManifestNote(
          location: document.location(of: field), object: document.object,
          message: "\(name) is not in these files: what it says of the machine is not checked"))
    }
    object.admit(log: log)
    if !log.hasErrors {
      MachineRemarks(
        machine: machine, document: document, log: log, obsoleteModels: obsoleteModels
      ).report(
        hasMACPool: hasMACPool,
        lacksPreference: object.missingSizing.contains { $0.field.hasSuffix("preference") })
    }
  }

  private mutating func judge(attachment document: ManifestDocument, _ log: ProblemLog) {
    let attachment = NetworkAttachmentDefinition(document, log: log, isLab: false)
    references.add(attachment, document)
    if let attachment { attachments.append((attachment, document)) }
    if let reason = NetworkAttachmentDefinition.unchecked(in: document) {
      notes.append(
        ManifestNote(location: document.location, object: document.object, message: reason))
    }
  }

  private mutating func refuseUnknownFields() {
    problems = problems.map { problem in
      guard problem.isUnknownField else { return problem }
      var problem = problem
      problem.severity = .error
      return problem
    }
  }
}
