import KubeVirt
import NetworkAttachment
import Objects

/// Everything that the files of a lab's folder say, with every default filled in, and everything
/// that is wrong with it.
///
/// Pure: texts in, values out. When `hasErrors` is true the values are still as complete as they
/// can be, but must not be applied.
package struct LabInput: Sendable {
  /// The lab, every default filled in; `lab.notices` names each default.
  package private(set) var lab: Lab
  /// The machines in the order of the files, as KubeVirt's defaults leave them.
  package private(set) var machines: [Machine]
  /// The objects of those machines, in the same order.
  package private(set) var machineObjects: [MachineObject]
  /// The network attachments in the order of the files.
  package private(set) var attachments: [NetworkAttachmentDefinition]
  /// The manifests of those attachments, in the same order.
  package private(set) var attachmentManifests: [ManifestDocument]
  /// The lab.yaml, if there is one.
  package private(set) var labManifest: ManifestDocument?
  /// The nodes' networks, as policies configure them.
  package private(set) var nodeNetworks: NodeNetworks
  /// The lab's nodes: those of Node manifests, then those of lab.yaml, or one.
  package private(set) var nodes: [LabNode]
  /// The cluster's settings, from the HyperConverged if there is one.
  package private(set) var cluster: ClusterSettings
  /// Where those settings are, if the files have them.
  package private(set) var clusterLocation: SourceLocation?
  /// The objects that nothing is made of, in the order of the files.
  package private(set) var skipped: [SkippedObject]
  /// What machines refer to: claims, DataVolumes, Secrets, ConfigMaps.
  package private(set) var objects: LabObjects
  /// Every error and warning, in the order of the files.
  package private(set) var problems: [Problem]

  /// Whether anything is wrong that keeps the lab from coming up.
  package var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// Puts the files of a folder together.
  ///
  /// - Parameters:
  ///   - files: each file's path, as messages shall show it, and its text.
  ///   - folderName: the folder's name, which names a lab without a `lab.yaml`.
  ///   - name: a name that overrides all others.
  ///   - cluster: the cluster's settings when the files have none.
  ///   - cniPlugins: the release of the CNI plugins, instead of lab.yaml's.
  package init(
    files: [(path: String, text: String)], folderName: String, name: String? = nil,
    cluster settings: ClusterSettings = ClusterSettings(), cniPlugins: CNIPluginsVersion? = nil
  ) {
    // One file was named; of a folder's files, some may be other programs'.
    let skipped =
      files.count > 1 ? ForeignFile.among(files.map { ($0.path, Array($0.text.utf8)) }) : [:]
    let foreign = files.compactMap { skipped[$0.path] }
    let skippedPaths = Set(skipped.keys)
    self.init(
      files.filter { !skippedPaths.contains($0.path) }
        .map { ManifestFile(path: $0.path, text: $0.text) }, foreign: foreign,
      folderName: folderName, name: name, cluster: settings, cniPlugins: cniPlugins)
  }

  /// Puts the objects of a lab's store together, in an order that does not matter.
  ///
  /// - Parameter name: the lab's.
  package init(objects: [ObjectNode], name: String) {
    self.init(
      [ManifestFile(path: name, documents: objects.map(ManifestDocument.init(object:)))],
      foreign: [], folderName: name, name: name, cluster: ClusterSettings(), cniPlugins: nil)
  }

  private init(
    _ manifests: [ManifestFile], foreign: [ForeignFile], folderName: String, name: String?,
    cluster settings: ClusterSettings, cniPlugins: CNIPluginsVersion?
  ) {
    let plugins = cniPlugins ?? LabFile.cniPlugins(of: manifests) ?? .newest
    var sources = LabSources(assuming: settings, cniPlugins: plugins)
    for file in manifests { sources.read(file) }
    sources.admitMachines()
    sources.checkReferences()
    sources.checkQuotas()
    var defaults = LabDefaults(sources, folderName: folderName, name: name)
    lab = defaults.fill()
    lab.cniPlugins = plugins
    lab.notices += foreign.map { "skipped \($0.location.file): \($0.reason)" }
    machines = sources.machines.map(\.value)
    machineObjects = sources.machines.map(\.object)
    attachments = sources.attachments.map(\.value)
    attachmentManifests = sources.attachments.map(\.document)
    labManifest = sources.labFile?.document
    nodeNetworks = sources.nodeNetworks
    nodes = sources.allNodes
    if nodes.isEmpty { nodes = [LabNode(name: LabNode.usualName)] }
    cluster = sources.cluster ?? settings
    clusterLocation = sources.clusterLocation
    skipped = sources.skipped
    problems = (sources.problems + defaults.problems).inOrder(of: manifests.map(\.path))
    objects = sources.objects
  }

  /// How a node joins an attachment's bridge to the network outside of it.
  ///
  /// - Parameter node: `nil` asks for the policies of any node.
  package func connection(
    of attachment: NetworkAttachmentDefinition, on node: LabNode?
  ) -> NodeConnection {
    nodeNetworks.connection(of: attachment, labels: node?.labels)
  }

  /// The network attachment behind a machine's interface; `nil` on the pod network and when it
  /// does not exist.
  package func attachment(
    of interface: NetworkInterface, in machine: Machine
  ) -> NetworkAttachmentDefinition? {
    guard let multus = machine.network(of: interface)?.multus else { return nil }
    let wanted = multus.key(from: machine.namespace)
    return attachments.first { $0.key == wanted }
  }
}

extension Network.Multus {
  /// The network attachment that it names.
  ///
  /// - Parameter namespace: the machine's.
  func key(from namespace: String) -> ObjectKey {
    ObjectKey(.networkAttachmentDefinitions, reference: networkName, from: namespace)
  }
}
