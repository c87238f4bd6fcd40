import Addresses
import KubeVirt
import Manifest
import NetworkAttachment

extension LabSources {
  /// Checks what no document can know alone: that names are there, and are there once.
  func checkReferences() {
    checkUniqueNames()
    checkAttachmentsExist()
    checkAddresses()
    checkLabNames()
  }

  private func checkUniqueNames() {
    var machineNames: [String: SourceLocation] = [:]
    for machine in machines {
      if let first = machineNames[machine.value.name] {
        machine.log.report(
          .error, at: machine.document.location(of: "metadata.name"), field: "metadata.name",
          "another machine is named \(machine.value.name.debugDescription), at \(first);"
            + " in a lab every machine has its own name")
      } else {
        machineNames[machine.value.name] = machine.document.location
      }
    }
    var attachmentNames: [AttachmentName: SourceLocation] = [:]
    for attachment in attachments {
      let name = AttachmentName(attachment.value)
      if let first = attachmentNames[name] {
        attachment.log.report(
          .error, at: attachment.document.location(of: "metadata.name"), field: "metadata.name",
          "another network attachment is named \(name), at \(first)")
      } else {
        attachmentNames[name] = attachment.document.location
      }
    }
  }

  private func checkAttachmentsExist() {
    for machine in machines {
      for (index, network) in machine.value.networks.enumerated() {
        guard let text = network.multus?.networkName, !text.isEmpty else { continue }
        let wanted = AttachmentName(text, namespace: machine.value.namespace)
        if declaredAttachments.contains(wanted) { continue }
        let path = "\(machine.value.specPath).networks[\(index)].multus.networkName"
        machine.log.report(
          .error, at: machine.document.location(of: path), field: path,
          "no NetworkAttachmentDefinition \(wanted) in this lab\(attachmentHint(for: wanted))")
      }
    }
  }

  private func attachmentHint(for wanted: AttachmentName) -> String {
    if let elsewhere = declaredAttachments.first(where: { $0.name == wanted.name }) {
      return "; there is one in namespace \(elsewhere.namespace): write"
        + " \(elsewhere.description.debugDescription)"
    }
    let names = declaredAttachments.map(\.name).sorted()
    if let near = nearest(to: wanted.name, among: names) {
      return "; did you mean \(near.debugDescription)?"
    }
    return names.isEmpty ? "; it has none" : "; it has \(names.joined(separator: ", "))"
  }

  /// One layer 2 segment: a bridge and a VLAN on it.
  private struct Segment: Hashable {
    var bridge: String
    var vlan: VLANID?
    var mac: MACAddress
  }

  private func checkAddresses() {
    var seen: [Segment: String] = [:]
    for machine in machines {
      for (index, interface) in machine.value.interfaces.enumerated() {
        guard let mac = interface.macAddress,
          let attachment = attachment(of: interface, in: machine.value)
        else { continue }
        let segment = Segment(
          bridge: attachment.bridgeDevice, vlan: attachment.vlan, mac: mac)
        let owner = "interface \(interface.name) of \(machine.value.object)"
        guard let first = seen[segment] else {
          seen[segment] = owner
          continue
        }
        let place = attachment.vlan.map { "VLAN \($0)" } ?? "the untagged network"
        let path = "\(machine.value.domainDevicesPath).interfaces[\(index)].macAddress"
        machine.log.report(
          .warning, at: machine.document.location(of: path), field: path,
          "\(mac) is also the MAC address of \(first) on \(place) of bridge"
            + " \(attachment.bridgeDevice): a cluster accepts it, but the bridge sends frames for"
            + " both to the port that spoke last, and the DHCP server offers both the same"
            + " address, so boots stall at random; give each its own")
      }
    }
  }

  func attachment(
    of interface: NetworkInterface, in machine: Machine
  ) -> NetworkAttachmentDefinition? {
    guard let multus = machine.network(of: interface)?.multus else { return nil }
    let wanted = AttachmentName(multus.networkName, namespace: machine.namespace)
    return attachments.first { AttachmentName($0.value) == wanted }?.value
  }

  private func checkLabNames() {
    guard let labFile else { return }
    let machineNames = machines.map(\.value.name)
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

extension Machine {
  var domainDevicesPath: String { "\(specPath).domain.devices" }
}
