/// The fields of manifests and of lab.yaml that causes are found in.
package enum CauseField: String, Codable, CodingKeyRepresentable, Sendable, CaseIterable {
  /// The machine's interface that boots.
  case interface
  /// Its MAC address.
  case macAddress
  /// Its model.
  case model
  /// Its link: `state`.
  case link
  /// Its place in the boot order.
  case bootOrder
  /// Whether the firmware enforces Secure Boot.
  case secureBoot
  /// The machine's memory.
  case memory
  /// Its CPU model.
  case processor
  /// The VLAN in the network attachment's configuration; the configuration, where it has none.
  case attachmentVLAN
  /// `macspoofchk` of the attachment.
  case sourceCheck
  /// `mtu` of the attachment.
  case mtu
  /// `ipam` of the attachment.
  case addressAssignment
  /// What is served on the attachment.
  case server
  /// The VLAN of the server's port.
  case serverVLAN
  /// The boot file that the server names.
  case bootFile
  /// The program that serves.
  case serverCommand
  /// STP of the node's bridge.
  case spanningTree
  /// Where the machine may run.
  case placement
  /// The uplink of the node's bridge.
  case uplink
  /// The MTU of that uplink.
  case uplinkMTU
  /// The device resource by which the attachment's machines find their nodes.
  case bridgeResource
  /// The machine's time from its start to its verdict.
  case timeout

  /// What a person calls it.
  var phrase: String {
    switch self {
    case .interface: "the interface"
    case .macAddress: "its MAC address"
    case .model: "the card's model"
    case .link: "the card's link"
    case .bootOrder: "the interface's boot order"
    case .secureBoot: "Secure Boot"
    case .memory: "the machine's memory"
    case .processor: "the CPU model"
    case .attachmentVLAN: "the VLAN of the machine's attachment"
    case .sourceCheck: "the check of source addresses"
    case .mtu: "the attachment's MTU"
    case .addressAssignment: "the attachment's own assignment of addresses"
    case .server: "what is served"
    case .serverVLAN: "the VLAN of its server"
    case .bootFile: "the boot file"
    case .serverCommand: "the program that serves"
    case .spanningTree: "STP of the bridge"
    case .placement: "where the machine may run"
    case .uplink: "the uplink of the node's bridge"
    case .uplinkMTU: "the MTU of the node's uplink"
    case .bridgeResource: "the resource by which machines find their nodes"
    case .timeout: "the machine's time"
    }
  }
}

extension Finding {
  /// The same with the lines of the manifests that may be the cause, where they are known.
  func located(by places: [CauseField: ManifestPlace]) -> Finding {
    let known = Set(evidence.compactMap(\.place))
    let more = DiagnosisRules.fields(of: id).compactMap { field in
      places[field].flatMap { place in
        known.contains(place) ? nil : EvidenceItem("set here: \(field.phrase)", place: place)
      }
    }
    guard !more.isEmpty else { return self }
    var located = Finding(
      id, severity, mac: mac, title: title, evidence: evidence + more, fix: fix)
    located.consequences = consequences
    return located
  }
}
