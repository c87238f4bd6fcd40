import Objects
import Testing

@testable import KubeVirt

/// What an API server does before a webhook sees an object.
@Suite struct DecodedObjectTests {
  static func machine(_ template: String, outer: String = "runStrategy: Always") -> String {
    """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachine
    metadata: {name: m, namespace: lab}
    spec:
      \(outer)
      template:
        \(template)
    """
  }

  static func object(
    _ text: String, from origin: MachineObject.Origin = .apiServer
  ) throws -> MachineObject {
    let document = try #require(ManifestFile(path: "m.yaml", text: text).documents.first)
    return try #require(MachineObject(document, cluster: ClusterSettings(), from: origin))
  }

  private static let good = "spec: {domain: {memory: {guest: 1Gi}, devices: {}}}"

  @Test(
    arguments: [
      (
        "{metadata: null, \(good.dropFirst(0))}",
        ["spec.template.metadata in body must be of type object: \"null\""]
      ),
      (
        "{metadata: {labels: null}, \(good)}",
        ["spec.template.metadata.labels in body must be of type object: \"null\""]
      ),
      ("{metadata: {creationTimestamp: null}, \(good)}", []),
      (
        "{spec: {nodeSelector: {a: null}, domain: {memory: {guest: 1Gi}, devices: {rng: null}}}}",
        []
      ),
      (
        "{spec: {domain: {memory: {guest: 1Gi}, devices: null}}}",
        ["spec.template.spec.domain.devices in body is required"]
      ),
      ("{spec: {domain: null}}", ["spec.template.spec.domain in body is required"]),
      (
        "{spec: {networks: [null], domain: {memory: {guest: 1Gi}, devices: {}}}}",
        ["spec.template.spec.networks in body must be of type object: \"null\""]
      ),
      ("null", ["spec.template in body is required"]),
      (
        "{metadata: {lables: {}}, \(good)}",
        ["spec.template.metadata.lables in body is a forbidden property; did you mean \"labels\"?"]
      ),
      (
        "{spec: {domain: {clock: {utc: {}, foo: 1}, memory: {guest: 1Gi}, devices: {}}}}",
        ["spec.template.spec.domain.clock.foo in body is a forbidden property"]
      ),
    ] as [(String, [String])])
  func nulls(template: String, errors: [String]) throws {
    let causes = try Self.object(Self.machine(template)).causes
    #expect(causes.filter { $0.severity == .error }.map(\.message) == errors)
  }

  /// The same nulls, straight to the webhook.
  @Test func aWebhookRefusesNulls() throws {
    let text = Self.machine("{spec: {networks: null, domain: {memory: {guest: 1Gi}, devices: {}}}}")
    #expect(try Self.object(text).causes.isEmpty)
    #expect(
      try Self.object(text, from: .client).causes.map(\.message) == [
        "spec.template.spec.networks in body must be of type array: \"null\""
      ])
  }

  private static let interface = "spec.template.spec.domain.devices.interfaces[0]"
  private static let domain = "spec.template.spec.domain"

  @Test(
    arguments: [
      (
        "devices: {interfaces: [{name: a, bridge: {}, bootOder: 1}]}",
        "did you mean \"bootOrder\"?", true
      ),
      (
        "devices: {interfaces: [{name: a, bridge: {}, macAdress: x}]}",
        "did you mean \"macAddress\"?", true
      ),
      (
        "devices: {interfaces: [{name: a, bridge: {}, bootFileName: x}]}",
        "it belongs into dhcpOptions: \(interface).dhcpOptions.bootFileName", true
      ),
      (
        "devices: {interfaces: [{name: a, bridge: {}, ntpServers: []}]}",
        "it belongs into dhcpOptions: \(interface).dhcpOptions.ntpServers", false
      ),
      (
        "devices: {disks: [{name: a, disk: {bus: virtio, cache: none}}]}",
        "it belongs into disks[0]: \(domain).devices.disks[0].cache", false
      ),
      (
        "devices: {disks: [{name: a, disk: {dedicatedIOThread: true}}]}",
        "it belongs into disks[0]: \(domain).devices.disks[0].dedicatedIOThread", false
      ),
      (
        "devices: {disks: [{name: a, disk: {bootOrder: 1}}]}",
        "it belongs into disks[0]: \(domain).devices.disks[0].bootOrder", true
      ),
      (
        "devices: {disks: [{name: a, cdrom: {}, bus: sata}]}",
        "it belongs into cdrom: \(domain).devices.disks[0].cdrom.bus", false
      ),
      (
        "devices: {disks: [{name: a, tray: open}]}",
        "it belongs into cdrom: \(domain).devices.disks[0].cdrom.tray", false
      ),
      (
        "cpu: {cores: 1, ioThreadsPolicy: auto}\n          devices: {}",
        "it belongs into domain: \(domain).ioThreadsPolicy", false
      ),
      ("cores: 2\n          devices: {}", "it belongs into cpu: \(domain).cpu.cores", false),
      (
        "firmware: {smm: {enabled: true}}\n          devices: {}",
        "it belongs into features: \(domain).features.smm", true
      ),
      (
        "firmware: {bootloader: {secureBoot: false}}\n          devices: {}",
        "it belongs into efi: \(domain).firmware.bootloader.efi.secureBoot", true
      ),
      ("devices: {}\n          colour: red", nil, false),
    ] as [(String, String?, Bool)])
  func hints(domain: String, advice: String?, changesBoot: Bool) throws {
    let text = Self.machine(
      "spec:\n        domain:\n          memory: {guest: 1Gi}\n          \(domain)")
    let causes = try Self.object(text).unknownFields
    #expect(causes.count == 1, "\(causes)")
    let cause = try #require(causes.first)
    #expect(cause.severity == (changesBoot ? .error : .warning))
    let said = cause.message.split(separator: " (kubectl").first ?? ""
    #expect(said.hasSuffix(advice.map { "; \($0)" } ?? "colour\""), "\(cause.message)")
  }

  /// Fields one level too high, or two.
  @Test(arguments: [
    (
      "domain: {devices: {}}", "runStrategy: Always",
      "it belongs into spec: spec.template.spec.domain"
    ),
    ("networks: []", "runStrategy: Always", "it belongs into spec: spec.template.spec.networks"),
    (
      "spec: {domain: {devices: {}}}", "volumes: []",
      "it belongs into spec: spec.template.spec.volumes"
    ),
    (
      "spec: {runStrategy: Always, domain: {devices: {}}}", "running: true",
      "it belongs into spec: spec.runStrategy"
    ),
  ])
  func higherUp(template: String, outer: String, advice: String) throws {
    let causes = try Self.object(Self.machine(template, outer: outer)).unknownFields
    #expect(causes.map { $0.message.contains("; \(advice) (") } == [true], "\(causes)")
  }

  @Test func fieldsOfMetadataAndOfTheObject() throws {
    let text = Self.machine("{\(Self.good)}").replacing(
      "namespace: lab}", with: "namepsace: lab}\nlabels: {}")
    let messages = try Self.object(text).unknownFields.map(\.message)
    #expect(messages.count == 2)
    #expect(
      messages.contains {
        $0.contains("unknown field \"metadata.namepsace\"; did you mean \"namespace\"?")
      })
    #expect(
      messages.contains {
        $0.contains("unknown field \"labels\"; it belongs into metadata: metadata.labels")
      }, "\(messages)")
  }

  @Test func nobodyIsAskedToLookThroughThousands() throws {
    let fields = (0..<300).map { "bootOder\($0): 1" }.joined(separator: ", ")
    let causes = try Self.object(
      Self.machine("spec: {domain: {memory: {guest: 1Gi}, devices: {}}, \(fields)}")
    ).unknownFields
    #expect(causes.count == 300)
    #expect(
      causes.count { $0.message.contains("; did you mean") || $0.message.contains("; it belongs") }
        <= 100)
  }
}
