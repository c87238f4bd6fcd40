import Addresses

extension NetworkAttachmentDraft {
  /// What the nodes need for attachments together: a draft for each bridge and each physical network, in
  /// the order of the attachments, whose card carries the VLANs of all of them. Virtual functions need no
  /// bridge.
  ///
  /// - Parameter card: the card under a bridge, by the name that the attachments have.
  package static func bridges(
    of attachments: [NetworkAttachmentDefinition], card: (String) -> String?
  ) -> [NetworkAttachmentDraft] {
    var names: [String] = []
    var groups: [String: [NetworkAttachmentDefinition]] = [:]
    for attachment in attachments {
      if case .sriov = attachment.config { continue }
      let name = "\(attachment.isLocalnet)/\(attachment.bridgeName)"
      if groups[name] == nil { names.append(name) }
      groups[name, default: []].append(attachment)
    }
    return names.compactMap { name in
      guard let group = groups[name], let first = group.first else { return nil }
      var draft = NetworkAttachmentDraft(
        name: group.map(\.name).joined(separator: ", "),
        kind: first.isLocalnet ? .localnet : .bridge)
      if first.isLocalnet {
        draft.physicalNetwork = first.bridgeName
      } else {
        draft.bridge = first.bridgeName
      }
      let tables = group.map(\.portVLANs)
      let untagged = tables.contains { $0.pvid == .bridgeDefault }
      draft.trunk = VLANRanges(tables.flatMap(\.members).filter { $0 != .bridgeDefault })
      draft.carriesUntagged = untagged
      draft.mtu = group.compactMap(\.mtu).max()
      draft.card = card(first.bridgeName)
      return draft
    }
  }
}
