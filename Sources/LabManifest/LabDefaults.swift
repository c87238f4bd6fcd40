import Addresses
import KubeVirt
import NetworkAttachment
import Objects

/// Fills in what the `lab.yaml` leaves open, and says each assumption.
struct LabDefaults {
  let sources: LabSources
  private let folderName: String
  private let givenName: String?
  var notices: [String]
  /// Problems of the lab as a whole, without the ones in logs.
  private(set) var problems: [Problem] = []

  init(_ sources: LabSources, folderName: String, name: String?) {
    self.sources = sources
    self.folderName = folderName
    givenName = name
    notices = sources.skipped.map { object in
      "skipped \(object.object) (\(object.location)): a lab makes nothing of"
        + " \(object.apiVersion) \(object.object.prefix { $0 != "/" })"
    }
    notices += sources.notices
  }

  mutating func fill() -> Lab {
    let name = name()
    let attachments = attachments()
    let titles = sources.machines.map(\.value).titles
    let machines = zip(sources.machines, titles).map {
      machine($0.value, titled: $1, attachments: attachments)
    }
    if machines.isEmpty {
      problems.append(
        Problem(
          location: sources.labFile?.document.location, object: "Lab/\(name)",
          message: "no VirtualMachine and no VirtualMachineInstance in \(folderName): a lab needs"
            + " at least one"))
    }
    var lab = Lab(
      name: name, dataplane: sources.labFile?.dataplane ?? .auto,
      acceleration: sources.labFile?.acceleration ?? .auto, attachments: attachments,
      machines: machines, diskImages: sources.labFile?.diskImages ?? [:], notices: notices)
    lab.capture = sources.labFile?.capture ?? LabCapture()
    lab.schedulers = sources.labFile?.schedulers ?? []
    return lab
  }

  private mutating func name() -> String {
    if let givenName {
      if let objection = ObjectName.objection(to: givenName) {
        problems.append(
          Problem(
            location: nil, object: "Lab/\(givenName)", field: "metadata.name", message: objection)
        )
      }
      return givenName
    }
    if let file = sources.labFile { return file.name }
    let label = ObjectName.label(from: folderName)
    if label.isEmpty {
      problems.append(
        Problem(
          location: nil, object: "Lab/", field: "metadata.name",
          message: "the folder name \(folderName.debugDescription) gives no lab name; add a"
            + " lab.yaml with metadata.name, or name the lab on the command line"))
    }
    notices.append("no lab.yaml: the lab is named \(label) after its folder")
    return label
  }

  // MARK: Attachments

  private mutating func attachments() -> [LabAttachment] {
    let booting = bootingAttachments()
    var served: [Segment: String] = [:]
    var result: [LabAttachment] = []
    for source in sources.attachments {
      let attachment = source.value
      let key = attachment.key
      let listed = sources.labFile?.attachments.first {
        $0.name == attachment.name || $0.name == key.description
      }
      let segment = Segment(bridge: attachment.bridgeDevice, vlan: attachment.vlan)
      var server: BootServer?
      if let listed {
        if listed.isServed { server = self.server(of: attachment, listed.server) }
      } else if booting.contains(key) {
        if let other = served[segment] {
          notices.append(
            "\(attachment.name) is on the same bridge and VLAN as \(other), whose server serves it"
          )
        } else if let assumed = defaultServer(of: attachment) {
          server = assumed
          notices.append(notice(of: assumed, on: attachment.name))
        }
      }
      if server != nil { served[segment] = attachment.name }
      result.append(
        LabAttachment(
          name: attachment.name, namespace: attachment.namespace, server: server,
          address: server?.address ?? defaultServer(of: attachment)?.address))
    }
    return result
  }

  private struct Segment: Hashable {
    var bridge: String
    var vlan: VLANID?
  }

  /// Attachments of interfaces that have a place in a boot order.
  private func bootingAttachments() -> Set<ObjectKey> {
    var keys: Set<ObjectKey> = []
    for machine in sources.machines {
      for interface in machine.value.interfaces where interface.bootOrder != nil {
        guard let attachment = sources.attachment(of: interface, in: machine.value) else {
          continue
        }
        keys.insert(attachment.key)
      }
    }
    return keys
  }
}
