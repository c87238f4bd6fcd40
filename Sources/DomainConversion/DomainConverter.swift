import DomainXML
import KubeVirt
import Objects

/// What a cluster makes up for an instance.
package struct InstanceIdentity: Hashable, Sendable {
  /// The object's UID, which is in the paths of sockets.
  package var uid: String
  /// The firmware's UUID where the manifest has none; `nil` leaves it out.
  package var uuid: String?
  /// The firmware's serial number where a VirtualMachine has none; `nil` leaves it out.
  package var serial: String?

  /// An identity; the UID without one is the nil UUID (RFC 9562, section 5.9).
  package init(
    uid: String = "00000000-0000-0000-0000-000000000000", uuid: String? = nil,
    serial: String? = nil
  ) {
    self.uid = uid
    self.uuid = uuid
    self.serial = serial
  }
}

/// Makes the libvirt domain of a machine as KubeVirt's converter makes it of an instance that its
/// webhooks have filled in (pkg/virt-launcher/virtwrap/converter), on an amd64 node with KVM.
///
/// What KubeVirt finds out in a running pod (the tap's name and MTU, a claim's block mode, which
/// CPUs are dedicated) is not in it.
package struct DomainConverter {
  /// The machine's name.
  let name: String
  /// The machine's namespace.
  let namespace: String
  /// What stands for what a cluster makes up.
  let identity: InstanceIdentity
  /// Whether a VirtualMachine makes the instance, or has made it.
  let isOfVirtualMachine: Bool
  /// The VirtualMachineInstance's spec.
  let spec: Field
  /// The VirtualMachineInstance's annotations.
  let annotations: Field

  /// A converter of a VirtualMachine or VirtualMachineInstance that was admitted.
  ///
  /// - Parameter identity: what a cluster makes up at random where the manifest says nothing.
  package init(
    _ object: MachineObject, identity: InstanceIdentity = InstanceIdentity()
  ) {
    name = object.key.name
    namespace = object.key.namespace
    self.identity = identity
    let owners = object.document.root["metadata", "ownerReferences"]?.items ?? []
    isOfVirtualMachine =
      object.kind == .virtualMachine || owners.contains { $0["kind"]?.string == "VirtualMachine" }
    // Admission has reported what is wrong with these fields; here it would be said twice.
    let root = Field(
      node: object.instance, path: "", location: object.document.location,
      log: ProblemLog(object: object.document.object))
    let machine = object.kind == .virtualMachine ? root["spec"]["template"] : root
    spec = machine["spec"]
    annotations = machine["metadata"]["annotations"]
  }

  var domainField: Field { spec["domain"] }
  var devicesField: Field { domainField["devices"] }

  /// The domain.
  package func domain() -> XMLElement {
    var children = [
      XMLElement(
        "name", text: "\(namespace)_\(name)", origin: "metadata.namespace and metadata.name"),
      metadata,
    ]
    children += memory + processors + inputOutputThreads
    children += [systemInformation, operatingSystem, features, processor]
    children += clock
    children += rebootPolicy
    children.append(devices)
    children += commandLine
    return XMLElement(
      "domain",
      [
        "type": "kvm",
        "xmlns:qemu": "http://libvirt.org/schemas/domain/qemu/1.0",
      ], origin: "KubeVirt, on a node with KVM", children)
  }

  private var metadata: XMLElement {
    XMLElement(
      "metadata", origin: "KubeVirt: the instance's UID, which a cluster gives",
      [
        XMLElement(
          "kubevirt", ["xmlns": "http://kubevirt.io"], [XMLElement("uid", text: "")])
      ])
  }

  private var devices: XMLElement {
    var children = disks + controllers + filesystems + interfaces
    children += console + channels + inputs + trustedPlatformModule + graphics + sound
    children += redirectedDevices + watchdog + balloon + randomNumberGenerator + panicDevices
    return XMLElement("devices", children)
  }

  private var rebootPolicy: [XMLElement] {
    let field = domainField["rebootPolicy"]
    guard let policy = field.string else { return [] }
    return [
      XMLElement(
        "on_reboot", text: policy == "Terminate" ? "destroy" : "restart", origin: origin(field))
    ]
  }

  /// Ignition data, which QEMU shows the guest as a file (compute/qemu_cmd.go).
  private var commandLine: [XMLElement] {
    let field = annotations["kubevirt.io/ignitiondata"]
    guard let data = field.string, data.contains("ignition") else { return [] }
    let path = "/var/run/libvirt/ignition-dir/\(namespace)/\(name)/data.ign"
    return [
      XMLElement(
        "qemu:commandline", origin: origin(field),
        [
          XMLElement("qemu:arg", ["value": "-fw_cfg"]),
          XMLElement("qemu:arg", ["value": "name=opt/com.coreos/config,file=\(path)"]),
        ])
    ]
  }
}

extension DomainConverter {
  /// Where the fields that are written are; where none is, why one is there, or what stands in for
  /// them.
  func origin(_ fields: Field..., else fallback: String = "default") -> String {
    let written = fields.filter { $0.exists && $0.reason == nil }.map { field in
      let prefix = spec.path + "."
      let path =
        field.path.hasPrefix(prefix) ? String(field.path.dropFirst(prefix.count)) : field.path
      return "\(field.location.file):\(field.location.line) \(path)"
    }
    guard written.isEmpty else { return written.joined(separator: ", ") }
    return fields.lazy.compactMap(\.reason).first ?? fallback
  }
}

extension Field {
  /// A quantity as Kubernetes reads it; `nil` when there is none.
  var quantity: Quantity? { stringOrNumber.flatMap(Quantity.init) }

  /// The boolean, or a default where the field is absent.
  func isOn(default fallback: Bool) -> Bool { boolean ?? fallback }
}
