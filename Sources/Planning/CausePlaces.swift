import Diagnosis
import KubeVirt
import LabManifest
import NetworkAttachment
import Objects

/// Finds the fields of manifests and lab.yaml that bear on the boot of a machine, so that a finding
/// can say which line to change.
struct CausePlaces {
  private(set) var places: [CauseField: ManifestPlace] = [:]
  private let input: LabInput
  private let node: LabNode?

  /// The places of the machine at an index of the input's, which boots from an interface.
  ///
  /// - Parameter node: the node of several that it runs on.
  init(machine index: Int, interface name: String?, input: LabInput, node: LabNode?) {
    self.input = input
    self.node = node
    let machine = input.machines[index]
    let document = input.machineObjects[index].document
    let spec = machine.specPath
    add(.memory, "\(spec).domain.memory", in: document)
    add(.processor, "\(spec).domain.cpu", in: document)
    add(.secureBoot, "\(spec).domain.firmware.bootloader.efi", in: document)
    let placement = ["nodeSelector", "affinity", "topologySpreadConstraints", "tolerations"]
    let root = spec.split(separator: ".").reduce(document.root as ObjectNode?) {
      $0?[String($1)]
    }
    if let field = placement.first(where: { root?[$0] != nil }) {
      add(.placement, "\(spec).\(field)", in: document)
    }
    addTimeout(of: machine)
    guard let place = machine.interfaces.firstIndex(where: { $0.name == name }) else { return }
    let path = "\(spec).domain.devices.interfaces[\(place)]"
    let fields: [(CauseField, String)] = [
      (.interface, path), (.macAddress, "\(path).macAddress"), (.model, "\(path).model"),
      (.link, "\(path).state"), (.bootOrder, "\(path).bootOrder"),
    ]
    for (field, path) in fields { add(field, path, in: document) }
    addAttachment(of: machine.interfaces[place], in: machine)
  }

  private mutating func addTimeout(of machine: Machine) {
    guard let lab = input.labManifest, let items = lab.root["spec"]?["machines"]?.items,
      let index = items.firstIndex(where: { item in
        let name = item["name"]?.scalar?.text
        return name == machine.name || name == "\(machine.namespace)/\(machine.name)"
      })
    else { return }
    add(.timeout, "spec.machines[\(index)].timeout", in: lab)
  }

  private mutating func addAttachment(of interface: NetworkInterface, in machine: Machine) {
    guard let attachment = input.attachment(of: interface, in: machine),
      let index = input.attachments.firstIndex(where: {
        $0.key == attachment.key
      })
    else { return }
    let document = input.attachmentManifests[index]
    let keys: [(CauseField, String)] = [
      (.attachmentVLAN, "vlan"), (.sourceCheck, "macspoofchk"), (.mtu, "mtu"),
      (.addressAssignment, "ipam"),
    ]
    for (field, key) in keys {
      guard let place = NetworkAttachmentDefinition.place(of: key, in: document) else { continue }
      places[field] = ManifestPlace(place.location, field: place.path)
    }
    if places[.attachmentVLAN] == nil { add(.attachmentVLAN, "spec.config", in: document) }
    let connection = input.connection(of: attachment, on: node)
    if let bridge = connection.bridge, bridge.spansTree {
      places[.spanningTree] = ManifestPlace(bridge.location, field: bridge.field)
    }
    addResource(of: document)
    if let node { addUplink(connection, of: node) }
    addServer(of: attachment)
  }

  private mutating func addUplink(_ connection: NodeConnection, of node: LabNode) {
    places[.uplink] = connection.place.map { ManifestPlace($0.location, field: $0.field) }
    guard let port = connection.port,
      let mtu = input.nodeNetworks.mtu(of: port, labels: node.labels)
    else { return }
    places[.uplinkMTU] = ManifestPlace(mtu.location, field: mtu.field)
  }

  private mutating func addResource(of document: ManifestDocument) {
    let log = ProblemLog(object: document.object)
    let annotation = document.fields(log)["metadata"]["annotations"][
      NetworkAttachmentDefinition.resourceNameKey]
    guard annotation.exists else { return }
    places[.bridgeResource] = ManifestPlace(annotation.location, field: annotation.path)
  }

  private mutating func addServer(of attachment: NetworkAttachmentDefinition) {
    guard let lab = input.labManifest,
      let items = lab.root["spec"]?["attachments"]?.items,
      let index = items.firstIndex(where: { item in
        let name = item["name"]?.scalar?.text
        return name == attachment.name || name == "\(attachment.namespace)/\(attachment.name)"
      })
    else { return }
    let path = "spec.attachments[\(index)].server"
    add(.server, path, in: lab)
    for (field, name) in [
      (CauseField.serverVLAN, "vlan"), (.bootFile, "bootFile"), (.serverCommand, "command"),
    ] {
      add(field, "\(path).\(name)", in: lab)
    }
  }

  /// Notes a field if the document has it.
  private mutating func add(_ field: CauseField, _ path: String, in document: ManifestDocument) {
    guard let location = document.root.place(of: path) else { return }
    places[field] = ManifestPlace(location, field: path)
  }
}

extension ManifestPlace {
  init(_ location: SourceLocation, field: String) {
    self.init(
      file: location.file, line: location.line, column: location.column, field: field)
  }
}
