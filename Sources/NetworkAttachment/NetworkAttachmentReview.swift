import Addresses
import Objects

/// Everything that can be said of a network attachment without a cluster: what the plugin of one
/// release refuses, what it ignores, and where other releases do something else.
package struct NetworkAttachmentReview: Sendable {
  /// The attachment; `nil` when its configuration cannot be read.
  package let attachment: NetworkAttachmentDefinition?
  /// What is wrong with it, in the order in which it was found.
  package let problems: [Problem]
  /// Where the configuration's `ipam` is, if it has one.
  package let ipamLocation: SourceLocation?

  /// Reviews a NetworkAttachmentDefinition; `nil` for another kind of document.
  ///
  /// - Parameters:
  ///   - onNode: whether a bridge's name that is too long for Linux is an error, as it is to the
  ///     plugin; `validate` and a lab take it with a warning, for a lab gives the bridge a shorter
  ///     one.
  ///   - isLab: whether it is for a lab, which has not all that a cluster has.
  package init?(
    _ document: ManifestDocument, plugins: CNIPluginsVersion, onNode: Bool = false,
    isLab: Bool = true
  ) {
    guard NetworkAttachmentDefinition.accepts(document) else { return nil }
    let log = ProblemLog(object: document.object)
    attachment = NetworkAttachmentDefinition(
      document, log: log, plugins: plugins, onNode: onNode, isLab: isLab)
    let quiet = ProblemLog(object: document.object)
    let field = document.fields(quiet)["spec"]["config"]
    if field.exists, let configuration = CNIConfiguration(field) {
      ipamLocation = configuration.ipamLocation
      Self.review(configuration, attachment, plugins, log) { release, log in
        NetworkAttachmentDefinition(
          document, log: log, plugins: release, onNode: onNode, isLab: isLab)
      }
    } else {
      ipamLocation = nil
    }
    problems = log.problems
  }

  /// Reviews a file that is a CNI configuration without an object around it: as a node's plugin
  /// does, which is what it is for.
  ///
  /// - Returns: `nil` for a text that does not begin as JSON does, or has a `kind`.
  package init?(path: String, text: String, plugins: CNIPluginsVersion) {
    guard text.drop(while: \.isWhitespace).first == "{" else { return nil }
    let start = SourceLocation(file: path, line: 1, column: 1)
    let node = ObjectNode(
      .scalar(.init(text: text, isPlain: false, origin: start)), location: start)
    func configuration(_ log: ProblemLog) -> CNIConfiguration? {
      CNIConfiguration(Field(node: node, path: "", location: start, log: log))
    }
    let log = ProblemLog(object: "")
    guard let configuration = configuration(log) else {
      // Broken JSON with a kind is a manifest; YAML's parser says what is wrong with that.
      if text.contains("\"kind\"") { return nil }
      attachment = nil
      ipamLocation = nil
      problems = log.problems
      return
    }
    if configuration.field["kind"].exists || configuration.field["apiVersion"].exists { return nil }
    guard ["cniVersion", "type", "plugins"].contains(where: { configuration.field[$0].exists })
    else { return nil }
    func decode(_ configuration: CNIConfiguration, _ release: CNIPluginsVersion)
      -> NetworkAttachmentDefinition?
    {
      NetworkAttachmentDefinition(
        configuration, identity: nil, location: start, plugins: release, onNode: true)
    }
    attachment = decode(configuration, plugins)
    ipamLocation = configuration.ipamLocation
    Self.review(configuration, attachment, plugins, log) { release, log in
      CNIConfiguration(Field(node: node, path: "", location: start, log: log))
        .flatMap { decode($0, release) }
    }
    problems = log.problems
  }

  private static func review(
    _ configuration: CNIConfiguration, _ attachment: NetworkAttachmentDefinition?,
    _ plugins: CNIPluginsVersion, _ log: ProblemLog,
    decode: (CNIPluginsVersion, ProblemLog) -> NetworkAttachmentDefinition?
  ) {
    guard case .bridge(let bridge)? = attachment?.config else { return }
    let field = Field(
      node: configuration.plugin.node, path: configuration.plugin.path,
      location: configuration.plugin.location, log: log)
    BridgeReview(bridge: bridge, field: field, plugins: plugins, refused: log.hasErrors)
      .report(decode: decode)
  }
}

extension CNIConfiguration {
  fileprivate var ipamLocation: SourceLocation? {
    plugin["ipam"]["type"].exists ? plugin["ipam"].location : nil
  }
}

/// What is said of a configuration of the `bridge` plugin that the plugin itself does not say.
private struct BridgeReview {
  let bridge: BridgeConfig
  let field: Field
  let plugins: CNIPluginsVersion
  let refused: Bool

  func report(decode: (CNIPluginsVersion, ProblemLog) -> NetworkAttachmentDefinition?) {
    reportUnknownToRelease()
    reportDisagreement(decode)
    guard !refused else { return }
    reportNativeVLAN()
    if bridge.isGateway, !bridge.hasIPAM {
      field["isGateway"].warning("isGateway does nothing without ipam")
    }
  }

  /// Fields that a newer release knows.
  private func reportUnknownToRelease() {
    for member in BridgeConfig.structure.fields
    where member.since > plugins && field[member.name].exists {
      field[member.name].warning(
        "\(member.name) is known from plugin \(member.since) on: \(plugins) ignores it")
    }
  }

  private func reportNativeVLAN() {
    let table = bridge.portVLANs()
    guard bridge.vlan != nil || bridge.vlanTrunk?.isEmpty == false else { return }
    if table.pvid == nil {
      let place = field["vlanTrunk"].exists ? field["vlanTrunk"] : field["vlan"]
      place.warning(
        "the port has no native VLAN: what a machine sends without a tag is dropped, and a PXE"
          + " client sends without a tag"
          + (bridge.vlan.map { "; leave \($0) out of vlanTrunk" } ?? ""))
    } else if bridge.vlan != .bridgeDefault, table.members.contains(.bridgeDefault) {
      let isNative = table.pvid == .bridgeDefault
      let place = [field["preserveDefaultVlan"], field["vlan"], field["vlanTrunk"]]
        .first { $0.exists }
      place?.warning(
        isNative
          ? "VLAN 1 is the port's native VLAN: what a machine sends without a tag is on the"
            + " bridge's default VLAN"
          : "VLAN 1 stays on the port beside VLAN \(bridge.vlan?.description ?? ""): the"
            + " machine hears the broadcasts of the bridge's default VLAN"
            + (plugins.hasVLANTrunk
              ? "; write \"preserveDefaultVlan\": false" : "; no release before 1.3.0 removes it"))
    }
  }

  /// One warning that says what each range of releases does, where they differ.
  private func reportDisagreement(
    _ decode: (CNIPluginsVersion, ProblemLog) -> NetworkAttachmentDefinition?
  ) {
    var groups: [(first: CNIPluginsVersion, last: CNIPluginsVersion, outcome: Outcome)] = []
    for release in CNIPluginsVersion.released {
      let log = ProblemLog(object: "")
      let outcome: Outcome
      if case .bridge(let bridge)? = decode(release, log)?.config, !log.hasErrors {
        outcome = .made(BridgeEffect(bridge))
      } else {
        let error = log.problems.first { $0.severity == .error }
        outcome = .refused(
          error?.message.hasSuffix(".") == true
            ? String(error?.message.dropLast() ?? "") : error?.message ?? "")
      }
      if let last = groups.last, last.outcome.isSame(as: outcome) {
        groups[groups.count - 1].last = release
      } else {
        groups.append((release, release, outcome))
      }
    }
    guard groups.count > 1 else { return }
    let effects = groups.compactMap { group -> BridgeEffect? in
      if case .made(let effect) = group.outcome { effect } else { nil }
    }
    let texts = groups.map { group -> String in
      let span =
        if group.last == .newest {
          "\(group.first) and later"
        } else {
          group.first == group.last ? "\(group.first)" : "\(group.first) to \(group.last)"
        }
      switch group.outcome {
      case .refused(let message): return "\(span): refused with \(message.debugDescription)"
      case .made(let effect):
        var said: [String] = []
        for other in effects where other != effect {
          for text in effect.differences(from: other) where !said.contains(text) {
            said.append(text)
          }
        }
        return "\(span): \(said.isEmpty ? "accepted" : said.joined(separator: ", "))"
      }
    }
    let names = ["vlanTrunk", "preserveDefaultVlan", "vlan", "portIsolation", "macspoofchk"]
    let place = names.map { field[$0] }.first { $0.exists } ?? field["type"]
    place.warning("releases of the plugin disagree: \(texts.joined(separator: "; "))")
  }

  private enum Outcome {
    case refused(String)
    case made(BridgeEffect)

    func isSame(as other: Outcome) -> Bool {
      switch (self, other) {
      case (.refused, .refused): true
      case (.made(let left), .made(let right)): left == right
      default: false
      }
    }
  }
}
