import Addresses
import Objects

extension NetworkAttachmentDefinition {
  /// Whether a document is a NetworkAttachmentDefinition.
  package static func accepts(_ document: ManifestDocument) -> Bool {
    document.kind == "NetworkAttachmentDefinition"
      && ["", "k8s.cni.cncf.io"].contains(document.group)
  }

  /// Decodes a NetworkAttachmentDefinition and the CNI configuration in its `spec.config`.
  ///
  /// Problems are reported in the words of the CNI plugin, at their place in the YAML file.
  ///
  /// - Parameters:
  ///   - plugins: the release of the CNI plugins that the nodes have.
  ///   - onNode: whether a node's plugin is the judge, and not a lab, which gives a bridge whose
  ///     name is too long for Linux a shorter one.
  ///   - isLab: whether it is for a lab, which has not all that a cluster has.
  /// - Returns: `nil` for another kind of document, and when the configuration cannot be read or is
  ///   ``unchecked(in:)``.
  package init?(
    _ document: ManifestDocument, log: ProblemLog, plugins: CNIPluginsVersion = .newest,
    onNode: Bool = false, isLab: Bool = true
  ) {
    guard Self.accepts(document) else { return nil }
    document.checkAPIVersion(served: ["k8s.cni.cncf.io/v1"], log: log)
    let root = document.fields(log)
    root.warnUnknown(except: ManifestDocument.objectKeys)
    root["spec"].warnUnknown(except: ["config"])
    guard root["spec"]["config"].exists,
      let configuration = CNIConfiguration(root["spec"]["config"], isLab: isLab)
    else { return nil }
    self.init(
      configuration,
      identity: Identity(
        name: document.name, namespace: document.namespace,
        isNamespaceKnown: document.isNamespaceKnown,
        resourceName: root["metadata"]["annotations"].strings[Self.resourceNameKey]),
      location: document.location, plugins: plugins, onNode: onNode, isLab: isLab)
    checkResource(root["metadata"]["annotations"][Self.resourceNameKey])
  }

  /// Why nothing is said of an attachment's configuration, and no lab can stand for it: a plugin or a
  /// topology that is not known here, or no configuration; `nil` when it is read.
  package static func unchecked(in document: ManifestDocument) -> String? {
    let field = document.fields(ProblemLog(object: document.object))["spec"]["config"]
    guard field.exists else {
      return "no spec.config: the configuration is a file of the nodes that is named"
        + " \(document.name) (/etc/cni/multus/net.d), and not checked"
    }
    guard let plugin = CNIConfiguration(field)?.plugin, let type = plugin["type"].node?.goString,
      !type.isEmpty
    else { return nil }
    if type == "ovn-k8s-cni-overlay" {
      let topology = plugin["topology"].node?.goString ?? "layer3"
      return ["layer2", "layer3"].contains(topology)
        ? "\(type) with topology \(topology) is not checked" : nil
    }
    guard !CNIConfiguration.types.contains(type),
      nearest(to: type, among: CNIConfiguration.types) == nil
    else { return nil }
    return "\(type) is not checked"
  }

  /// The annotation that names the device resource.
  package static let resourceNameKey = "k8s.v1.cni.cncf.io/resourceName"

  /// What the object around a configuration says.
  struct Identity {
    var name: String
    var namespace: String
    /// Whether the namespace is written, or that of the request.
    var isNamespaceKnown: Bool
    var resourceName: String?
  }

  /// Decodes a configuration.
  ///
  /// - Parameter identity: of the object around it; `nil` for a configuration without one.
  init?(
    _ configuration: CNIConfiguration, identity: Identity?, location: SourceLocation,
    plugins: CNIPluginsVersion, onNode: Bool, isLab: Bool = true
  ) {
    let plugin = configuration.plugin
    configuration.checkHeader(attachment: identity?.name, plugins: plugins)
    let written = configuration.field["name"].node?.goString ?? ""
    let networkName = written.isEmpty ? identity?.name ?? "" : written
    let name = identity?.name ?? networkName
    let namespace = identity?.namespace ?? "default"
    let type = plugin["type"].node?.goString ?? ""
    func warnUnknown(_ structure: GoStructure) {
      plugin.warnUnknown(except: Set(structure.fields.map(\.name)))
    }
    let cniVersion = configuration.field["cniVersion"].node?.goString ?? ""
    func bridgeConfig() -> BridgeConfig {
      BridgeConfig(
        plugin, cniVersion: cniVersion, plugins: plugins, onNode: onNode, isLab: isLab)
    }
    let config: Config
    switch type {
    case "bridge", "cnv-bridge":
      let bridge = bridgeConfig()
      warnUnknown(BridgeConfig.structure)
      configuration.checkResult(hasIPAM: bridge.hasIPAM)
      config = .bridge(bridge)
    case "ovn-k8s-cni-overlay":
      guard
        let localnet = LocalnetConfig(
          plugin, networkName: networkName,
          attachment: identity.map { "\($0.namespace)/\($0.name)" },
          isNamespaceKnown: identity?.isNamespaceKnown ?? true)
      else { return nil }
      warnUnknown(LocalnetConfig.structure)
      config = .localnet(localnet)
    case "sriov":
      let sriov = SRIOVConfig(plugin)
      warnUnknown(SRIOVConfig.structure)
      if let identity, identity.resourceName == nil, !plugin["deviceID"].exists {
        plugin["type"].error(
          "LoadConf(): VF pci addr is required: the attachment needs the annotation"
            + " \(Self.resourceNameKey), which names the resource that virtual functions come from")
      }
      config = .sriov(sriov)
    case "" where plugin["type"].exists && plugin["type"].node?.goString == nil:
      // Every plugin decodes its own type; the bridge's words stand for all.
      _ = bridgeConfig()
      return nil
    case "":
      plugin["type"].error(
        "the configuration names no CNI plugin; write \"type\": \"bridge\"")
      return nil
    default:
      if let near = nearest(to: type, among: CNIConfiguration.types) {
        plugin["type"].error(
          "failed to find plugin \(type.debugDescription) in path; did you mean"
            + " \(near.debugDescription)?")
      }
      return nil
    }
    self.init(
      name: name, namespace: namespace,
      cniVersion: cniVersion,
      networkName: networkName, type: type, resourceName: identity?.resourceName, config: config,
      location: location)
  }
}
