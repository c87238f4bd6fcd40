import Addresses
import Manifest

extension NetworkAttachmentDefinition {
  /// Whether a document is a NetworkAttachmentDefinition.
  public static func accepts(_ document: ManifestDocument) -> Bool {
    document.kind == "NetworkAttachmentDefinition"
      && ["", "k8s.cni.cncf.io"].contains(document.group)
  }

  /// Decodes a NetworkAttachmentDefinition and the CNI configuration in its `spec.config`.
  ///
  /// Problems are reported in the words and the order of the CNI plugin, at their place in the
  /// YAML file.
  ///
  /// - Returns: `nil` for another kind of document, and when the configuration cannot be read or
  ///   names a plugin that pxelab does not know.
  public init?(_ document: ManifestDocument, log: ProblemLog) {
    guard Self.accepts(document) else { return nil }
    document.checkAPIVersion(served: ["k8s.cni.cncf.io/v1"], log: log)
    let root = document.fields(log)
    root.warnUnknown(except: ManifestDocument.objectKeys)
    root["spec"].warnUnknown(except: ["config"])
    guard let field = Self.configuration(root["spec"]["config"]) else { return nil }
    let plugin = Self.plugin(field)
    let namespace = document.namespace ?? "default"
    Self.checkHeader(field, type: plugin["type"], attachment: document.name)
    let networkName = field["name"].string ?? document.name
    let type = plugin["type"].string ?? ""
    let config: Config
    switch type {
    case "bridge", "cnv-bridge":
      let bridge = BridgeConfig(plugin)
      Self.checkResult(field, hasIPAM: bridge.hasIPAM)
      config = .bridge(bridge)
    case "ovn-k8s-cni-overlay":
      guard
        let localnet = LocalnetConfig(
          plugin, networkName: networkName, attachment: "\(namespace)/\(document.name)")
      else { return nil }
      config = .localnet(localnet)
    case "":
      plugin["type"].error(
        "the configuration names no CNI plugin; write \"type\": \"bridge\"")
      return nil
    default:
      var message = "the CNI plugin \(type.debugDescription) is not one that a lab can stand for"
      let known = ["bridge", "cnv-bridge", "ovn-k8s-cni-overlay"]
      if let near = nearest(to: type, among: known) {
        message += "; did you mean \(near.debugDescription)?"
      } else {
        message += "; use one of \(known.joined(separator: ", "))"
      }
      plugin["type"].error(message)
      return nil
    }
    let annotations = root["metadata"]["annotations"].strings
    self.init(
      name: document.name, namespace: namespace, cniVersion: field["cniVersion"].string ?? "",
      networkName: networkName, type: type,
      resourceName: annotations["k8s.v1.cni.cncf.io/resourceName"], config: config,
      location: document.location)
  }

  /// The JSON inside the string as fields of `spec.config`, their keys in canonical spelling.
  private static func configuration(_ field: Field) -> Field? {
    guard field.exists else {
      field.error("spec.config is missing: it holds the CNI configuration as a JSON string")
      return nil
    }
    guard case .scalar(let scalar)? = field.node?.content, let node = field.node else {
      field.error(
        "spec.config is a string that holds JSON, found \(field.node?.jsonKind ?? "nothing");"
          + " write \"config: |\" before it")
      return nil
    }
    do {
      var json = try JSONReader.read(scalar, at: node.location)
      guard case .mapping = json.content else {
        field.error(
          "error unmarshall network config: json: cannot unmarshal \(json.jsonKind) into Go value"
            + " of type types.NetConf")
        return nil
      }
      json.canonicalizeKeys()
      return Field(node: json, path: field.path, location: json.location, log: field.log)
    } catch {
      field.log.report(
        .error, at: error.location, field: field.path,
        "error unmarshall network config: \(error.message)")
      return nil
    }
  }

  /// The plugin's own configuration: the whole, or the first usable one of a `plugins` list.
  private static func plugin(_ field: Field) -> Field {
    guard field["plugins"].exists else { return field }
    let plugins = field["plugins"].items
    let main = ["bridge", "cnv-bridge", "ovn-k8s-cni-overlay"]
    guard let first = plugins.first(where: { main.contains($0["type"].string ?? "") }) else {
      return plugins.first ?? field["plugins"]
    }
    for plugin in plugins where plugin.path != first.path {
      plugin.warning(
        "the CNI plugin \((plugin["type"].string ?? "").debugDescription) is left out in a lab")
    }
    return first
  }

  private static let supportedVersions = [
    "0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0",
  ]

  private static func checkHeader(_ field: Field, type: Field, attachment: String) {
    let name = field["name"]
    if let text = name.string {
      if text.isEmpty {
        name.error("missing network name")
      } else if !isNetworkName(text) {
        name.error("invalid characters found in network name")
      } else if text != attachment {
        name.warning(
          "the configuration is named \(text.debugDescription), the attachment"
            + " \(attachment.debugDescription); give both one name")
      }
    }
    let version = field["cniVersion"]
    if let text = version.string, !text.isEmpty, !supportedVersions.contains(text) {
      let known = supportedVersions.map(\.debugDescription).joined(separator: " ")
      version.error(
        "incompatible CNI versions: config is \(text.debugDescription), plugin supports [\(known)]")
    }
  }

  /// Old result formats need an address, which only `ipam` brings.
  private static func checkResult(_ field: Field, hasIPAM: Bool) {
    let version = field["cniVersion"].string ?? ""
    if !hasIPAM, ["", "0.1.0", "0.2.0"].contains(version) {
      field["cniVersion"].error(
        "cannot convert: no valid IP addresses (write \"cniVersion\": \"0.3.1\" or newer)")
    }
  }

  private static func isNetworkName(_ text: String) -> Bool {
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    guard let first = text.utf8.first, isLetterOrDigit(first) else { return false }
    return text.utf8.allSatisfy { isLetterOrDigit($0) || "_.-".utf8.contains($0) }
  }
}

extension ManifestNode {
  /// Spells keys as the plugins' Go structures do: encoding/json compares them without case, and
  /// the last of two that are then equal wins.
  mutating func canonicalizeKeys() {
    switch content {
    case .mapping(let entries):
      var result: [Entry] = []
      for var entry in entries {
        if let known = knownCNIFields[entry.key.lowercased()] { entry.key = known }
        entry.value.canonicalizeKeys()
        result.removeAll { $0.key == entry.key }
        result.append(entry)
      }
      content = .mapping(result)
    case .sequence(var items):
      for index in items.indices { items[index].canonicalizeKeys() }
      content = .sequence(items)
    case .scalar: break
    }
  }
}

/// The fields of the configurations known here, by their lower-case spelling.
private let knownCNIFields: [String: String] = Dictionary(
  uniqueKeysWithValues: [
    "cniVersion", "name", "type", "plugins", "bridge", "vlan", "vlanTrunk", "preserveDefaultVlan",
    "macspoofchk", "hairpinMode", "promiscMode", "portIsolation", "mtu",
    "disableContainerInterface", "isGateway", "isDefaultGateway", "forceAddress", "ipMasq",
    "ipMasqBackend", "ipam", "id", "minID", "maxID", "topology", "netAttachDefName", "vlanID",
    "subnets", "excludeSubnets", "physicalNetworkName", "allowPersistentIPs",
  ].map { ($0.lowercased(), $0) })
