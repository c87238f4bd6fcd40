import KubeVirt
import NetworkAttachment
import Objects

/// What plugins and people would say against the network attachments of files.
package struct NetworkAttachmentCheck: Sendable {
  /// Every error and warning, in the order of the files.
  package private(set) var problems: [Problem] = []
  /// How many attachments there are, readable or not.
  package private(set) var count = 0
  /// What is not checked.
  package private(set) var notes: [ManifestNote] = []

  private var networks = LocalnetNetworks()
  private var nodes = NodeNetworks()

  private var ipam: [ObjectKey: (location: SourceLocation, object: String)] = [:]

  /// Checks files; machines in them say how an attachment is used.
  ///
  /// - Parameters:
  ///   - files: each file's path, as messages shall show it, and its text.
  ///   - found: the paths of those files that nobody named, because they are in a folder: what is
  ///     neither an object nor a CNI configuration in them is left alone.
  ///   - plugins: the release of the CNI plugins; `nil` for that of a lab.yaml among the files,
  ///     else the newest.
  package init(
    files: [(path: String, text: String)], found: Set<String> = [], plugins: CNIPluginsVersion?
  ) {
    var manifests: [ManifestFile] = []
    var bare: [(path: String, text: String)] = []
    let foreign = ForeignFile.among(
      files.filter { found.contains($0.path) }.map { ($0.path, Array($0.text.utf8)) })
    for file in files {
      if NetworkAttachmentReview(path: file.path, text: file.text, plugins: .newest) != nil {
        bare.append(file)
      } else if let foreign = foreign[file.path] {
        notes.append(
          ManifestNote(
            location: foreign.location, object: "", message: "skipped: \(foreign.reason)"))
      } else {
        manifests.append(ManifestFile(path: file.path, text: file.text))
      }
    }
    let plugins = plugins ?? LabFile.cniPlugins(of: manifests) ?? .newest
    for file in bare {
      guard
        let review = NetworkAttachmentReview(path: file.path, text: file.text, plugins: plugins)
      else { continue }
      count += 1
      problems += review.problems
    }
    let documents = manifests.flatMap(\.documents)
    for document in documents where NodeBridge.accepts(document) {
      let log = ProblemLog(object: document.object)
      nodes.read(document, log: log)
      problems += log.problems
    }
    let isLab = documents.contains(where: LabFile.accepts)
    problems += manifests.flatMap(\.problems)
    for document in documents { check(document, plugins, isLab: isLab) }
    for file in manifests {
      for document in file.documents { checkBindings(document) }
    }
    problems = problems.inOrder(of: files.map(\.path))
  }

  private mutating func check(
    _ document: ManifestDocument, _ plugins: CNIPluginsVersion, isLab: Bool
  ) {
    guard let review = NetworkAttachmentReview(document, plugins: plugins, isLab: isLab) else {
      return
    }
    count += 1
    problems += review.problems
    if let reason = NetworkAttachmentDefinition.unchecked(in: document) {
      notes.append(
        ManifestNote(location: document.location, object: document.object, message: reason))
    }
    if let attachment = review.attachment {
      problems +=
        [networks.add(attachment, document)].compactMap { $0 }
        + nodes.problems(of: attachment, document)
    }
    if let objection = ObjectName.objection(toSubdomain: document) {
      problems.append(
        Problem(
          location: document.location(of: "metadata.name"), object: document.object,
          field: "metadata.name", message: objection))
    }
    if let location = review.ipamLocation {
      let key = ObjectKey(
        .networkAttachmentDefinitions, namespace: document.namespace, name: document.name)
      ipam[key] = (location, document.object)
    }
  }

  /// With `ipam`, KubeVirt's bridge binding serves the pod's address to the guest by DHCP.
  private mutating func checkBindings(_ document: ManifestDocument) {
    guard !ipam.isEmpty,
      let machine = MachineObject(document, cluster: ClusterSettings())?.admittedMachine
    else { return }
    let networks = machine.networksByName
    for interface in machine.interfaces where interface.bindings.contains(.bridge) {
      guard let multus = networks[interface.name]?.multus,
        let place = ipam[multus.key(from: machine.namespace)]
      else { continue }
      problems.append(
        Problem(
          severity: .warning, location: place.location, object: place.object,
          field: "spec.config.ipam",
          message: "\(machine.object) binds interface \(interface.name) to this network with"
            + " bridge: with ipam its pod answers the machine's DHCP requests itself, so a PXE"
            + " server on the network does not boot it; leave ipam out"))
    }
  }
}
