import KubeVirt
import NetworkAttachment
import Objects

extension LabSources {
  /// Checks what no document can know alone: that names are there, and are there once.
  mutating func checkReferences() {
    report(references.problems)
    checkAttachments()
    checkNodes()
    checkLabNames()
  }

  /// What the nodes' policies and other attachments have against an attachment.
  private mutating func checkNodes() {
    var networks = LocalnetNetworks()
    var found: [Problem] = []
    let nodes = allNodes.map { NodeNetworks.Node(name: $0.name, labels: $0.labels) }
    // A network of a cluster's makes an attachment in each of several namespaces.
    for attachment in attachments {
      let problems =
        [networks.add(attachment.value, attachment.document)].compactMap { $0 }
        + nodeNetworks.problems(of: attachment.value, attachment.document, nodes: nodes)
      for problem in problems where !found.contains(problem) { found.append(problem) }
    }
    report(found)
  }

  func attachment(
    of interface: NetworkInterface, in machine: Machine
  ) -> NetworkAttachmentDefinition? {
    guard let multus = machine.network(of: interface)?.multus else { return nil }
    let wanted = multus.key(from: machine.namespace)
    return attachments.first { $0.value.key == wanted }?.value
  }

  private func checkLabNames() {
    guard let labFile else { return }
    let machineNames = machines.map(\.value.name) + machines.map(\.value.key.description)
    var seenMachines: Set<String> = []
    for machine in labFile.machines where !machine.name.isEmpty {
      check(machine.name, machine.field, "machine", machineNames, &seenMachines)
    }
    let attachmentNames = declaredAttachments.flatMap { [$0.name, $0.description] }
    var seenAttachments: Set<String> = []
    for attachment in labFile.attachments where !attachment.name.isEmpty {
      check(
        attachment.name, attachment.field, "network attachment", attachmentNames.sorted(),
        &seenAttachments)
    }
  }

  private func check(
    _ name: String, _ field: Field, _ what: String, _ known: [String], _ seen: inout Set<String>
  ) {
    if !known.contains(name) {
      let hint = nearest(to: name, among: known).map { "; did you mean \($0.debugDescription)?" }
      let list = known.filter { !$0.contains("/") }.joined(separator: ", ")
      field["name"].error(
        "no \(what) \(name.debugDescription) in this lab"
          + (hint ?? (list.isEmpty ? "; it has none" : "; it has \(list)")))
    } else if !seen.insert(name).inserted {
      field["name"].error("\(what) \(name.debugDescription) is listed twice")
    }
  }
}
