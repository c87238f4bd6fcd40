import Objects
import Testing

@testable import KubeVirt

/// Machines inside pools and replica sets.
@Suite struct MachineHostTests {
  static func object(_ kind: MachineHost.Kind, spec: String, selector: String = "{a: b}") throws
    -> MachineObject
  {
    let version = kind == .pool ? "pool.kubevirt.io/v1beta1" : "kubevirt.io/v1"
    let inner =
      kind == .pool ? "{runStrategy: Always, template: {spec: {\(spec)}}}" : "{\(spec)}"
    let text = """
      apiVersion: \(version)
      kind: \(kind.rawValue)
      metadata: {name: p, namespace: lab}
      spec:
        replicas: 3
        selector: {matchLabels: \(selector)}
        \(kind.template): {metadata: {labels: {a: b, c: d}}, spec: \(inner)}
      """
    let document = try #require(ManifestFile(path: "m.yaml", text: text).documents.first)
    return try #require(MachineObject(document, cluster: ClusterSettings()))
  }

  private static let domain = "domain: {memory: {guest: 1Gi}, devices: {}}"

  @Test(arguments: MachineHost.Kind.allCases) func good(kind: MachineHost.Kind) throws {
    let object = try Self.object(kind, spec: Self.domain)
    #expect(object.causes.isEmpty, "\(object.causes)")
    #expect(object.host?.replicas == 3)
    #expect(object.machine.object == "\(kind.rawValue)/p")
    #expect(object.key.description == "lab/p")
    #expect("\(object.key.resource)".hasPrefix("virtualmachine"))
    #expect(object.machine.machineType == "q35")
  }

  @Test(arguments: [
    (MachineHost.Kind.pool, "spec.virtualMachineTemplate.spec.template.spec"),
    (.replicaSet, "spec.template.spec"),
  ])
  func paths(kind: MachineHost.Kind, path: String) throws {
    let object = try Self.object(
      kind,
      spec:
        "domain: {memory: {guest: 1Gi}, devices: {disks: [{name: d, disk: {bus: ide}}], colour: 1}}"
    )
    #expect(
      Set(object.causes.map(\.message)) == [
        "strict decoding error: unknown field \"\(path).domain.devices.colour\" (kubectl refuses the"
          + " object; oc and Argo CD's Validate=false drop the field in silence)",
        "IDE bus is not supported", "\(path).domain.devices.disks[0].Name 'd' not found.",
      ])
    #expect(object.causes.allSatisfy { $0.place.hasPrefix(path) }, "\(object.causes)")
    #expect(object.specPath == path && object.machine.specPath == path)
  }

  @Test func aPoolsMachinesHaveAStrategy() throws {
    let object = try Self.object(.pool, spec: Self.domain)
    let text = object.document
    #expect(text.name == "p")
    let none = try Self.object(.pool, spec: Self.domain, selector: "{a: x}")
    #expect(none.causes.map(\.message) == ["selector does not match labels."])
    #expect(none.causes.map(\.field) == ["spec.selector"])
  }

  @Test(arguments: [
    ("{}", true), ("{matchLabels: {a: b}}", true), ("{matchLabels: {a: c}}", false),
    ("{matchExpressions: [{key: a, operator: In, values: [x, b]}]}", true),
    ("{matchExpressions: [{key: a, operator: NotIn, values: [x, b]}]}", false),
    ("{matchExpressions: [{key: z, operator: Exists}]}", false),
    ("{matchExpressions: [{key: z, operator: DoesNotExist}]}", true),
    ("{matchLabels: {a: b}, matchExpressions: [{key: a, operator: DoesNotExist}]}", false),
  ])
  func selectors(text: String, isMatch: Bool) throws {
    let file = ManifestFile(
      path: "f", text: "kind: X\nselector: \(text)\nlabels: {a: b}\n")
    let root = try #require(file.documents.first?.root)
    #expect(root["selector"]?.selects(root["labels"]) == isMatch)
  }
}
