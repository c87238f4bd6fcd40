import KubeVirt
import Objects
import Testing

/// A good machine in pieces, each of which a case may replace.
struct MachineText {
  var kind = "VirtualMachineInstance"
  var interfaces = """
    - {name: default, masquerade: {}}
    - {name: pxe-net, bridge: {}, macAddress: "de:00:00:00:00:de", bootOrder: 1}
    """
  var disks = "- {name: root, disk: {bus: virtio}, bootOrder: 2}"
  var networks = """
    - {name: default, pod: {}}
    - {name: pxe-net, multus: {networkName: pxe-net-conf}}
    """
  var volumes = "- {name: root, emptyDisk: {capacity: 1Gi}}"
  var domain = "memory: {guest: 1Gi}"
  var outer = "runStrategy: Always"

  var yaml: String {
    func indent(_ text: String, _ count: Int) -> String {
      let spaces = String(repeating: " ", count: count)
      return text.split(separator: "\n").map { spaces + $0 }.joined(separator: "\n")
    }
    let spec = """
      domain:
      \(indent(domain, 2))
        devices:
          interfaces:
      \(indent(interfaces, 4))
          disks:
      \(indent(disks, 4))
      networks:
      \(indent(networks, 0))
      volumes:
      \(indent(volumes, 0))
      """
    let head = "apiVersion: kubevirt.io/v1\nkind: \(kind)\nmetadata: {name: m}\nspec:\n"
    if kind == "VirtualMachine" {
      return head + indent(outer, 2) + "\n  template:\n    spec:\n" + indent(spec, 6) + "\n"
    }
    return head + indent(spec, 2) + "\n"
  }

  /// The machine, and what decoding and admission say.
  func admit(
    _ cluster: ClusterSettings = ClusterSettings()
  ) throws -> (machine: Machine, problems: [Problem]) {
    let file = ManifestFile(path: "m.yaml", text: yaml)
    #expect(file.problems.isEmpty, "\(file.problems)\n\(yaml)")
    let document = try #require(file.documents.first)
    let log = ProblemLog(object: document.object)
    Machine.checkVersion(of: document, log: log)
    let object = try #require(MachineObject(document, cluster: cluster))
    object.admit(log: log)
    return (object.machine, log.problems)
  }
}
