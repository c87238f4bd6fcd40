import Objects

/// A CNI configuration, or a list of them, as fields that know their place in the file.
struct CNIConfiguration {
  /// The whole.
  let field: Field
  /// The plugin's own part: the whole, or the first usable item of a `plugins` list.
  let plugin: Field

  /// Reads the JSON of a text; keys get the spelling of the plugins' Go structures.
  ///
  /// - Parameter isLab: whether it is for a lab, which leaves plugins out.
  /// - Returns: `nil`, with a problem reported, for what is no JSON object.
  init?(_ field: Field, isLab: Bool = true) {
    guard field.exists else {
      field.error("\(field.path) is missing: it holds the CNI configuration as a JSON string")
      return nil
    }
    guard case .scalar(let scalar)? = field.node?.content, let node = field.node else {
      field.error(
        "\(field.path) is a string that holds JSON, found \(field.node?.jsonKind ?? "nothing");"
          + " write \"config: |\" before it")
      return nil
    }
    do {
      var json = try JSONReader.read(scalar, at: node.location ?? field.location)
      if json.isNull {
        field.error("missing network name")
        return nil
      }
      guard case .mapping = json.content else {
        field.error(
          "error unmarshall network config: json: cannot unmarshal \(json.jsonKind) into Go value"
            + #" of type struct { Name string "json:\"name\"" }"#)
        return nil
      }
      json.canonicalizeKeys()
      self.field = Field(
        node: json, path: field.path, location: json.location ?? field.location, log: field.log)
    } catch {
      field.log.report(
        .error, at: error.location, field: field.path,
        "error unmarshall network config: \(error.message)")
      return nil
    }
    plugin = Self.plugin(self.field, isLab: isLab)
  }

  /// The types of plugins that are known here.
  static let types = ["bridge", "cnv-bridge", "ovn-k8s-cni-overlay", "sriov"]

  private static func plugin(_ field: Field, isLab: Bool) -> Field {
    guard case .sequence? = field["plugins"].node?.content else { return field }
    field.warnUnknown(
      except: ["cniVersion", "cniVersions", "name", "disableCheck", "disableGC", "plugins"])
    let plugins = field["plugins"].items
    guard let first = plugins.first(where: { types.contains($0["type"].node?.goString ?? "") })
    else { return plugins.first ?? field["plugins"] }
    for plugin in plugins where isLab && plugin.path != first.path {
      plugin.warning(
        "the CNI plugin \((plugin["type"].node?.goString ?? "").debugDescription) is left out"
          + " in a lab")
    }
    return first
  }

  /// Whether it is a list of plugins.
  var isList: Bool { field["plugins"].exists }

  /// Checks what every plugin checks before it reads its own configuration (containernetworking/cni,
  /// pkg/skel/skel.go).
  ///
  /// - Parameter attachment: the name of the NetworkAttachmentDefinition, which Multus gives to a
  ///   configuration without one; `nil` for a configuration without one.
  func checkHeader(attachment: String?, plugins: CNIPluginsVersion) {
    let name = field["name"]
    if let node = name.node {
      if let text = node.goString {
        if text.isEmpty {
          // Multus names it after the attachment.
          if attachment == nil { name.error("missing network name") }
        } else if !Self.isNetworkName(text) {
          name.error("invalid characters found in network name")
        }
      } else {
        name.error(
          "error unmarshall network config: json: cannot unmarshal \(node.jsonKind) into Go struct"
            + " field .name of type string")
      }
    } else if attachment == nil {
      name.error("missing network name")
    }
    let version = field["cniVersion"]
    guard let node = version.node else { return }
    guard let text = node.goString else {
      version.error(
        "decoding version from network config: json: cannot unmarshal \(node.jsonKind) into Go"
          + " struct field .cniVersion of type string")
      return
    }
    if !text.isEmpty, !plugins.cniVersions.contains(text) {
      let known = plugins.cniVersions.map(\.debugDescription).joined(separator: " ")
      version.error(
        "incompatible CNI versions: config is \(text.debugDescription), plugin supports [\(known)]")
    }
  }

  /// Old result formats need an address, which only `ipam` brings.
  func checkResult(hasIPAM: Bool) {
    if !hasIPAM, ["", "0.1.0", "0.2.0"].contains(field["cniVersion"].node?.goString ?? "") {
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

extension ObjectNode {
  /// Spells keys as the plugins' Go structures do: encoding/json compares them without case, and
  /// the last of two that are then equal wins.
  fileprivate mutating func canonicalizeKeys() {
    switch content {
    case .mapping(let entries):
      var result: [Entry] = []
      for var entry in entries {
        if let known = knownFields[entry.key.lowercased()] { entry.key = known }
        entry.value.canonicalizeKeys()
        result.append(entry)
      }
      content = .mapping(result.lastOfEachKey())
    case .sequence(var items):
      for index in items.indices { items[index].canonicalizeKeys() }
      content = .sequence(items)
    case .scalar: break
    }
  }
}

/// The fields of the configurations known here, by their lower-case spelling.
private let knownFields: [String: String] = Dictionary(
  (BridgeConfig.structure.names + SRIOVConfig.structure.names + LocalnetConfig.structure.names
    + ["plugins", "disableCheck", "disableGC"]).map { ($0.lowercased(), $0) },
  uniquingKeysWith: { first, _ in first })
