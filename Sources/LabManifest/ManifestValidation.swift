import KubeVirt
import NetworkAttachment
import Objects

/// What a cluster says against manifests, and a lab against a lab's.
///
/// An error is what a cluster refuses, a warning what it takes and a person may not have meant.
/// Restrictions that only a lab has count where there is a `Lab` among the objects. Without one,
/// a document is read, judged and dropped after the other; only what others may refer to is kept.
package struct ManifestValidation: Sendable {
  /// Every error and warning, in the order of the files.
  package private(set) var problems: [Problem] = []
  /// The objects of kinds that are not checked, in the order of the files.
  package private(set) var skipped: [SkippedObject] = []
  /// Where the settings of the cluster are, if the files have them.
  package private(set) var clusterLocation: SourceLocation?

  private var references = ObjectReferences(judge: .cluster)
  private var ledger = QuotaLedger([])

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
    if Self.holdsLab(files) {
      let lab = LabInput(
        files: files.map { (path: $0.path, text: String(decoding: $0.bytes, as: UTF8.self)) },
        folderName: folderName, cluster: settings)
      problems = lab.problems
      skipped = lab.skipped
      clusterLocation = lab.clusterLocation
      return
    }
    ledger = QuotaLedger(
      Self.documents(of: files, mentioning: "ResourceQuota").compactMap { document in
        ResourceQuota(document, log: ProblemLog(object: document.object))
      })
    let source = Self.clusterSource(of: files)
    clusterLocation = source?.document.location
    var cluster = source?.settings ?? settings
    // Whether EFI variables persist is the cluster's to say, and here none says no.
    let isPersistenceOpen = clusterLocation == nil && !cluster.persistentState
    if isPersistenceOpen { cluster.featureGates.insert("VMPersistentState") }
    for file in files {
      for element in ManifestReader(path: file.path, bytes: file.bytes) {
        switch element {
        case .document(let document):
          judge(document, cluster, from: source, isPersistenceOpen: isPersistenceOpen)
        case .problem(let problem): problems.append(problem)
        }
      }
    }
    problems = (problems + references.problems + ledger.problems).inOrder(of: files.map(\.path))
  }

  /// Whether nothing would be refused.
  package var accepted: Bool { !problems.contains { $0.severity == .error } }

  /// Whether a `Lab` is among the objects of files.
  package static func holdsLab(_ files: [(path: String, bytes: [UInt8])]) -> Bool {
    // Not by the API group, which may be forgotten.
    documents(of: files, mentioning: "Lab").contains(where: LabFile.accepts)
  }

  /// The objects of those files that have a word in them, at its beginning or not; the others are not read.
  private static func documents(
    of files: [(path: String, bytes: [UInt8])], mentioning word: String
  ) -> some Sequence<ManifestDocument> {
    files.lazy.filter { contains($0.bytes, Array(word.utf8)) }
      .flatMap { ManifestReader(path: $0.path, bytes: $0.bytes) }
      .compactMap { element in
        guard case .document(let document) = element else { return nil }
        return document
      }
  }

  /// The settings may stand after the machines that they bear on.
  private static func clusterSource(
    of files: [(path: String, bytes: [UInt8])]
  ) -> ClusterSource? {
    for kind in ["HyperConverged", "KubeVirt"] {
      for document in documents(of: files, mentioning: kind) where document.kind == kind {
        // What is wrong with them is said when it is their turn.
        let log = ProblemLog(object: document.object)
        guard let settings = ClusterSettings(document, log: log) else { continue }
        return ClusterSource(settings: settings, document: document, log: log)
      }
    }
    return nil
  }

  private mutating func judge(
    _ document: ManifestDocument, _ cluster: ClusterSettings, from source: ClusterSource?,
    isPersistenceOpen: Bool
  ) {
    let log = ProblemLog(object: document.object)
    if let object = MachineObject(document, cluster: cluster) {
      Machine.checkVersion(of: document, log: log)
      let machine = object.admittedMachine
      references.add(machine, document)
      ledger.add(machine, document)
      if isPersistenceOpen, machine.persistentEFI {
        let path = "\(machine.specPath).domain.firmware.bootloader.efi.persistent"
        log.report(
          .warning, at: document.location(of: path), field: path,
          "EFI variables persist only on a cluster whose feature gate VMPersistentState is on; no"
            + " HyperConverged among these files says so (--feature-gates VMPersistentState does)")
      }
      object.admit(log: log)
    } else if NetworkAttachmentDefinition.accepts(document) {
      references.add(NetworkAttachmentDefinition(document, log: log), document)
    } else if let settings = ClusterSettings(document, log: log) {
      if let source, source.document.location != document.location {
        ClusterSource(settings: settings, document: document, log: log).yield(to: source)
      }
    } else if ServedKinds.refuse(document, log: log) {
      problems += log.problems
      return
    } else if ResourceQuota(document, log: log) == nil {
      skipped.append(SkippedObject(document))
      return
    }
    if let objection = ObjectName.objection(toSubdomain: document) {
      log.report(
        .error, at: document.location(of: "metadata.name"), field: "metadata.name", objection)
    }
    problems += log.problems
  }
}

/// Whether bytes are among others, and no letter after them.
private func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
  guard let first = wanted.first else { return true }
  return bytes.withUnsafeBytes { bytes in
    var rest = bytes[...]
    while rest.count >= wanted.count, let start = rest.firstIndex(of: first) {
      if rest[start...].starts(with: wanted),
        !isLetter(rest[start...].dropFirst(wanted.count).first)
      {
        return true
      }
      rest = rest[(start + 1)...]
    }
    return false
  }
}

private func isLetter(_ byte: UInt8?) -> Bool {
  byte.map { (0x41...0x5a).contains($0 & 0xdf) } ?? false
}
