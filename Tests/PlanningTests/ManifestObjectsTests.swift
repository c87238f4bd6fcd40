import Kinds
import Objects
import Testing

@testable import Planning

/// What applying a folder of manifests again changes.
@Suite struct ManifestObjectsTests {
  private static let network = """
    apiVersion: k8s.cni.cncf.io/v1
    kind: NetworkAttachmentDefinition
    metadata: {name: net}
    spec: {config: '{"type": "bridge", "bridge": "br0", "vlan": 100}'}
    """

  private static func machine(_ kind: String, _ name: String, memory: String = "1Gi") -> String {
    """
    apiVersion: kubevirt.io/v1
    kind: \(kind)
    metadata: {name: \(name)}
    spec: {domain: {memory: {guest: \(memory)}}}
    """
  }

  private static func objects(_ documents: String...) -> ManifestObjects {
    ManifestObjects(
      [ManifestFolder.File(path: "lab.yaml", text: documents.joined(separator: "\n---\n"))],
      lab: "test")
  }

  @Test func whatOthersReferToComesFirst() {
    let objects = Self.objects(Self.machine("VirtualMachine", "m"), Self.network)
    #expect(objects.all.map(\.key.name) == ["test", "net", "m"])
    #expect(objects.all.map(\.key.namespace) == ["", "default", "default"])
  }

  /// As `kubectl apply` leaves them, which takes them one after the other.
  @Test func theLastOfSeveralCounts() {
    let objects = Self.objects(
      "{apiVersion: v1, kind: Namespace, metadata: {name: lab, labels: {a: b}}}",
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: lab}, data: {a: first}}",
      "{apiVersion: v1, kind: Namespace, metadata: {name: lab}}",
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: lab}, data: {b: last}}")
    #expect(objects.all.map(\.key.name) == ["lab", "test", "c"])
    #expect(objects.all[0].object["metadata", "labels"] == nil)
    #expect(objects.all[2].object["data"]?.strings == ["b": "last"])
    #expect(objects.difference(from: objects).isEmpty)
  }

  /// What a printed Node says of its conditions is not so of the lab's, nor are the addresses.
  @Test func aNodeKeepsWhatItHas() {
    let objects = Self.objects(
      """
      apiVersion: v1
      kind: Node
      metadata: {name: n}
      status:
        allocatable: {cpu: "1"}
        addresses: [{type: InternalIP, address: 10.0.0.1}]
        conditions: [{type: Ready, status: "True"}]
      """)
    let node = objects.all.first { $0.key.resource == .nodes }?.object
    #expect(node?["status"]?.canonical == ["allocatable": ["cpu": "1"]])
  }

  @Test func theSameManifestsChangeNothing() {
    let objects = Self.objects(Self.network, Self.machine("VirtualMachine", "m"))
    let reordered = Self.objects(Self.machine("VirtualMachine", "m"), Self.network)
    #expect(objects.difference(from: reordered).isEmpty)
    #expect(objects.difference(from: reordered).lines == [])
  }

  @Test func eachDifferenceIsALineWithItsFields() {
    let old = Self.objects(Self.network, Self.machine("VirtualMachineInstance", "gone"))
    let new = Self.objects(
      Self.network.replacing("100", with: "200"), Self.machine("VirtualMachineInstance", "new"))
    let difference = new.difference(from: old)
    #expect(
      difference.lines == [
        "- virtualmachineinstances.kubevirt.io default/gone",
        "+ virtualmachineinstances.kubevirt.io default/new",
        "~ network-attachment-definitions.k8s.cni.cncf.io default/net",
        #"    spec.config: "{\"type\": \"bridge\", \"bridge\": \"br0\", \"vlan\": 100}" -> "#
          + #""{\"type\": \"bridge\", \"bridge\": \"br0\", \"vlan\": 200}""#,
      ])
    #expect(difference.startedInstances.map(\.name) == ["new"])
  }

  /// An instance cannot be changed and is made anew; a machine takes it at its next start.
  @Test(arguments: [
    ("VirtualMachineInstance", "is made anew", ["m"]),
    ("VirtualMachine", "taken at its next start", []),
  ])
  func aChangedMachine(_ kind: String, _ note: String, _ started: [String]) throws {
    let old = Self.objects(Self.machine(kind, "m"))
    let new = Self.objects(Self.machine(kind, "m", memory: "2Gi"))
    let difference = new.difference(from: old)
    #expect(try #require(difference.lines.first).contains(note))
    #expect(
      difference.lines.dropFirst() == [#"    spec.domain.memory.guest: "1Gi" -> "2Gi""#])
    #expect(difference.startedInstances.map(\.name) == started)
  }

  /// Of two long texts that begin alike the parts are shown that do not.
  @Test func aLongTextIsShownWhereItDiffers() throws {
    let long = Self.network.replacing(
      "{\"type\"", with: "{\"name\": \"\(String(repeating: "x", count: 100))\", \"type\"")
    let old = Self.objects(long)
    let new = Self.objects(long.replacing("100", with: "200"))
    let line = try #require(new.difference(from: old).lines.last)
    #expect(
      line == #"    spec.config: ... \"br0\", \"vlan\": 100}" -> "#
        + #"... \"br0\", \"vlan\": 200}""#)
  }

  @Test func aNamespaceThatIsNamedIsMade() {
    let objects = Self.objects(
      Self.network.replacing("name: net", with: "name: net, namespace: other"))
    #expect(objects.all.map(\.key.name) == ["other", "test", "net"])
  }
}

extension String {
  fileprivate func replacing(_ text: String, with other: String) -> String {
    split(separator: text, omittingEmptySubsequences: false).joined(separator: other)
  }
}
