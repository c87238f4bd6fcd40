import Addresses
import KubeVirt
import NetworkAttachment
import Objects

/// What objects say of one another: their names, the attachments that machines want, the MAC
/// addresses on them. Little is kept of each, so that thousands of machines need not be.
struct ObjectReferences: Sendable {
  /// Who judges.
  enum Judge: Sendable {
    /// A cluster, which may have more than these objects, and takes the same object twice.
    case cluster
    /// A lab, which has only these objects, and one name for each machine.
    case lab
  }

  /// A place in an object that names an attachment.
  private struct Use: Sendable {
    var attachment: ObjectKey
    var object: String
    var field: String
    var location: SourceLocation
  }

  /// A MAC address of a machine's interface on an attachment.
  private struct Address: Sendable {
    var mac: MACAddress
    var interface: String
    var use: Use
  }

  /// One layer 2 segment, a bridge and a VLAN on it, and an address there.
  private struct Station: Hashable {
    var segment: Segment
    var mac: MACAddress
  }

  private struct Segment: Hashable, Sendable {
    var bridge: String
    var vlan: VLANID?
  }

  private let judge: Judge
  private var places: [ObjectKey: SourceLocation] = [:]
  private var uses: [Use] = []
  private var addresses: [Address] = []
  private var declared: Set<ObjectKey> = []
  /// Names of attachments that are in namespaces which nothing here names.
  private var declaredAnywhere: Set<String> = []
  private var segments: [ObjectKey: Segment] = [:]
  private var found: [Problem] = []

  init(judge: Judge) {
    self.judge = judge
  }

  mutating func add(_ machine: Machine, _ document: ManifestDocument) {
    var key = machine.key
    // The instance of a VirtualMachine has its name, and a lab starts both.
    if judge == .lab { key.resource = .virtualMachineInstances }
    addName(document, key, isMachine: true)
    let replicas = machine.host?.replicas ?? 1
    for (index, network) in machine.networks.enumerated() {
      guard let multus = network.multus, !multus.networkName.isEmpty else { continue }
      let path = "\(machine.specPath).networks[\(index)].multus.networkName"
      uses.append(
        Use(
          attachment: multus.key(from: machine.namespace), object: machine.object, field: path,
          location: document.location(of: path)))
    }
    let networks = machine.networksByName
    for (index, interface) in machine.interfaces.enumerated() {
      guard let mac = interface.macAddress,
        let multus = networks[interface.name]?.multus
      else { continue }
      let path = "\(machine.specPath).domain.devices.interfaces[\(index)].macAddress"
      if replicas > 1 {
        found.append(
          Problem(
            severity: .warning, location: document.location(of: path), object: machine.object,
            field: path,
            message:
              "all \(replicas) machines of \(machine.object) have the MAC address \(mac) on one"
              + " network: a cluster accepts it, but they answer for one another; leave macAddress out"
          ))
      }
      addresses.append(
        Address(
          mac: mac, interface: interface.name,
          use: Use(
            attachment: multus.key(from: machine.namespace),
            object: machine.object, field: path, location: document.location(of: path))))
    }
  }

  /// Adds a NetworkAttachmentDefinition; `nil` for one that is there but cannot be read.
  mutating func add(_ attachment: NetworkAttachmentDefinition?, _ document: ManifestDocument) {
    let key = ObjectKey(
      .networkAttachmentDefinitions, namespace: document.namespace, name: document.name)
    declared.insert(key)
    guard let attachment else { return }
    addName(document, key, isMachine: false)
    if segments[attachment.key] == nil {
      segments[attachment.key] = Segment(bridge: attachment.bridgeDevice, vlan: attachment.vlan)
    }
  }

  /// Takes the attachments of a network for there, also those that cannot be read.
  mutating func declare(_ network: UserDefinedNetwork) {
    guard let namespaces = network.namespaces else {
      declaredAnywhere.insert(network.name)
      return
    }
    for namespace in namespaces {
      declared.insert(
        ObjectKey(.networkAttachmentDefinitions, namespace: namespace, name: network.name))
    }
  }

  /// Takes in an attachment that another object makes.
  mutating func add(_ attachment: NetworkAttachmentDefinition) {
    declared.insert(attachment.key)
    if segments[attachment.key] == nil {
      segments[attachment.key] = Segment(bridge: attachment.bridgeDevice, vlan: attachment.vlan)
    }
  }

  /// The attachments that machines want.
  var wanted: Set<ObjectKey> { Set(uses.map(\.attachment)) }

  /// What is wrong between the objects.
  var problems: [Problem] {
    found
      + uses.filter { use in
        !declared.contains(use.attachment) && !declaredAnywhere.contains(use.attachment.name)
      }.map(missingAttachment)
      + sharedAddresses()
  }

  private mutating func addName(_ document: ManifestDocument, _ key: ObjectKey, isMachine: Bool) {
    // Without a name there is either a generateName or another problem.
    if key.name.isEmpty { return }
    guard let first = places[key] else {
      places[key] = document.location
      return
    }
    let message: String
    switch judge {
    case .cluster:
      message =
        "\(document.object) in namespace \(key.namespace) is also at \(first): applied one after the"
        + " other, the later one replaces the earlier"
    case .lab where isMachine:
      message =
        "another machine is named \(key.name.debugDescription), at \(first);"
        + " in a lab every machine has its own name"
    case .lab:
      message =
        "another network attachment is named \(key), at \(first)"
    }
    found.append(
      Problem(
        severity: judge == .lab ? .error : .warning,
        location: document.location(of: "metadata.name"), object: document.object,
        field: "metadata.name", message: message))
  }

  private func missingAttachment(_ use: Use) -> Problem {
    let message: String
    switch judge {
    case .lab:
      message = "no NetworkAttachmentDefinition \(use.attachment) in this lab"
    case .cluster:
      message =
        "no NetworkAttachmentDefinition \(use.attachment) in these files: a cluster admits the"
        + " machine, but starts it only where it has the attachment"
    }
    return Problem(
      severity: judge == .lab ? .error : .warning, location: use.location, object: use.object,
      field: use.field, message: message + hint(for: use.attachment))
  }

  private func hint(for wanted: ObjectKey) -> String {
    // A guess is for a person with a few attachments; among thousands it would take long.
    guard declared.count <= 100 else { return "" }
    let elsewhere = declared.filter { $0.name == wanted.name }.map(\.description).min()
    if let elsewhere {
      let namespace = elsewhere.prefix { $0 != "/" }
      return "; there is one in namespace \(namespace): write \(elsewhere.debugDescription)"
    }
    let names = declared.map(\.name).sorted()
    if let near = nearest(to: wanted.name, among: names) {
      return "; did you mean \(near.debugDescription)?"
    }
    if judge == .cluster { return "" }
    return names.isEmpty ? "; it has none" : "; it has \(names.joined(separator: ", "))"
  }

  private func sharedAddresses() -> [Problem] {
    var owners: [Station: String] = [:]
    var problems: [Problem] = []
    for address in addresses {
      guard let segment = segments[address.use.attachment] else { continue }
      let station = Station(segment: segment, mac: address.mac)
      guard let first = owners[station] else {
        owners[station] = "interface \(address.interface) of \(address.use.object)"
        continue
      }
      let place = segment.vlan.map { "VLAN \($0)" } ?? "the untagged network"
      problems.append(
        Problem(
          severity: .warning, location: address.use.location, object: address.use.object,
          field: address.use.field,
          message: "\(address.mac) is also the MAC address of \(first) on \(place) of bridge"
            + " \(segment.bridge): a cluster accepts it, but the bridge sends frames for both to"
            + " the port that spoke last, and the DHCP server offers both the same address, so"
            + " boots stall at random; give each its own"))
    }
    return problems
  }
}
