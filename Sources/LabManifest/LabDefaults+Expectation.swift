import Addresses
import KubeVirt
import NetworkAttachment
import Objects

extension LabDefaults {
  mutating func machine(
    _ machine: Machine, titled title: String, attachments: [LabAttachment]
  ) -> LabMachine {
    let listed = sources.labFile?.machines.first {
      $0.name == machine.name || $0.name == machine.key.description
    }
    var expectation = expectation(of: machine, attachments: attachments)
    if let field = listed?.expect, field.exists {
      read(field, into: &expectation, of: machine)
    } else {
      notices.append(notice(of: expectation, title))
    }
    return LabMachine(
      name: title, timeoutSeconds: listed?.timeoutSeconds, expectation: expectation,
      efi: listed?.efi, saysBootFrom: listed?.expect["bootFrom"].exists ?? false)
  }

  private func expectation(
    of machine: Machine, attachments: [LabAttachment]
  ) -> Expectation {
    var expectation = Expectation(secureBoot: machine.secureBoot)
    guard let first = machine.bootDevices.first else { return expectation }
    expectation.bootFrom = first.name
    guard first.kind == .interface else { return expectation }
    if machine.secureBoot { expectation.lockdown = true }
    guard let interface = machine.interfaces.first(where: { $0.name == first.name }),
      let attachment = sources.attachment(of: interface, in: machine)
    else { return expectation }
    expectation.vlan = attachment.vlan
    expectation.server =
      attachments.first {
        $0.name == attachment.name && $0.namespace == attachment.namespace
      }?.server?.address.address
    return expectation
  }

  private func read(_ field: Field, into expectation: inout Expectation, of machine: Machine) {
    let boots = bootSources(field["bootFrom"], of: machine)
    if let last = boots.last {
      expectation.bootFrom = last
      expectation.earlierBoots = Array(boots.dropLast())
    }
    if let vlan = field["vlan"].vlan { expectation.vlan = vlan }
    if let server: IPv4Address = field["server"].value("an IPv4 address") {
      expectation.server = server
    }
    if let secureBoot = field["secureBoot"].boolean {
      expectation.secureBoot = secureBoot
      if !secureBoot { expectation.lockdown = nil }
    }
    if let lockdown = field["lockdown"].boolean { expectation.lockdown = lockdown }
    if let finding = field["finding"].string {
      expectation.finding = finding
      if finding.wholeMatch(of: /PXL[0-9]{3}/) == nil {
        field["finding"].error(
          "\(finding.prefix(64).debugDescription) is not the id of a finding, such as PXL003")
      }
    }
  }

  /// One device, or one for each of several boots.
  private func bootSources(_ field: Field, of machine: Machine) -> [String] {
    guard case .sequence(let items)? = field.node?.content else {
      return field.string.map { [bootSource($0, field, machine)] } ?? []
    }
    if items.isEmpty { field.error("a machine boots from one device at least") }
    return field.items.compactMap { item in item.string.map { bootSource($0, item, machine) } }
  }

  private func bootSource(_ device: String, _ field: Field, _ machine: Machine) -> String {
    let known = machine.disks.map(\.name) + machine.interfaces.map(\.name)
    if !known.contains(device) {
      let hint = nearest(to: device, among: known).map {
        "; did you mean \($0.debugDescription)?"
      }
      field.error(
        "\(machine.object) has no interface or disk \(device.debugDescription)"
          + (hint ?? "; it has \(known.joined(separator: ", "))"))
    }
    return device
  }

  private func notice(of expectation: Expectation, _ name: String) -> String {
    var text = "nothing says what is expected of \(name): assuming that it boots"
    if let device = expectation.bootFrom { text += " from \(device)" }
    if let vlan = expectation.vlan { text += " on VLAN \(vlan)" }
    if let server = expectation.server { text += ", served by \(server)" }
    text += expectation.secureBoot == true ? ", with Secure Boot" : ", without Secure Boot"
    return text
  }
}
