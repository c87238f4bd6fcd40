import Objects
import Testing

@testable import KubeVirt

/// What a cluster fills in, which the recorded admissions and domains see only from afar.
@Suite struct DefaultingTests {
  /// The spec of an instance or of a VirtualMachine's template after defaults.
  static func spec(
    _ yaml: String, kind: Machine.Kind = .virtualMachineInstance,
    cluster: ClusterSettings = ClusterSettings(), isJudged: Bool = false
  ) throws -> ObjectNode {
    let indent = kind == .virtualMachine ? "      " : "  "
    let lines = yaml.split(separator: "\n").map { indent + $0 + "\n" }.joined()
    let head = "apiVersion: kubevirt.io/v1\nkind: \(kind.rawValue)\nmetadata: {name: m}\nspec:\n"
    let text = head + (kind == .virtualMachine ? "  template:\n    spec:\n" : "") + lines
    let document = try #require(ManifestFile(path: "m.yaml", text: text).documents.first)
    let object = try #require(MachineObject(document, cluster: cluster))
    let root = isJudged ? object.admitted : object.instance
    let outer = try #require(root["spec"])
    return try #require(kind == .virtualMachine ? outer["template", "spec"] : outer)
  }

  /// A field that is filled in, by its path from the spec, and why.
  struct Filled: Sendable {
    var yaml: String
    var path: [String]
    var value: String?
    var reason: String?
    var cluster = ClusterSettings()
  }

  static let memory = "domain: {memory: {guest: 2Gi}, devices: {}}"

  @Test(arguments: [
    Filled(
      yaml: memory, path: ["architecture"], value: "amd64", reason: "cluster: architecture amd64"),
    Filled(
      yaml: memory, path: ["domain", "machine", "type"], value: "q35",
      reason: "cluster: machine type q35"),
    Filled(
      yaml: "architecture: arm64\n\(memory)", path: ["domain", "machine", "type"], value: "virt",
      reason: "cluster: machine type virt"),
    Filled(yaml: memory, path: ["domain", "memory", "guest"], value: "2Gi", reason: nil),
    Filled(
      yaml: "domain: {resources: {requests: {memory: 1Gi}, limits: {memory: 3Gi}}, devices: {}}",
      path: ["domain", "memory", "guest"], value: "1Gi",
      reason: "m.yaml:5 domain.resources.requests.memory"),
    Filled(
      yaml: "domain: {resources: {requests: {memory: 0}, limits: {memory: 3Gi}}, devices: {}}",
      path: ["domain", "memory", "guest"], value: "3Gi",
      reason: "m.yaml:5 domain.resources.limits.memory"),
    Filled(
      yaml: "domain: {memory: {hugepages: {pageSize: 1Gi}}, devices: {}}",
      path: ["domain", "memory", "guest"], value: "1Gi",
      reason: "m.yaml:5 domain.memory.hugepages.pageSize"),
    Filled(
      yaml: "domain: {memory: {hugepages: {pageSize: big}}, devices: {}}",
      path: ["domain", "memory", "guest"], value: nil, reason: nil),
    Filled(
      yaml: "domain: {devices: {}}", path: ["domain", "memory", "guest"], value: nil, reason: nil),
    Filled(
      yaml: memory, path: ["domain", "memory", "maxGuest"], value: "8Gi",
      reason: "cluster: live updates may grow memory to 4 times"),
    Filled(
      yaml: memory, path: ["domain", "memory", "maxGuest"], value: nil, reason: nil,
      cluster: ClusterSettings(liveUpdate: false)),
    Filled(
      yaml: "domain: {memory: {guest: -9223372036854775808}, devices: {}}",
      path: ["domain", "memory", "maxGuest"], value: nil, reason: nil),
    Filled(
      yaml: "domain: {memory: {guest: 1000M}, devices: {}}",
      path: ["domain", "memory", "maxGuest"], value: nil, reason: nil),
    Filled(
      yaml: "architecture: s390x\n\(memory)", path: ["domain", "memory", "maxGuest"], value: nil,
      reason: nil),
    Filled(
      yaml: "domain: {memory: {guest: 2Gi, maxGuest: 2Gi}, devices: {}}",
      path: ["domain", "memory", "maxGuest"], value: "2Gi", reason: nil),
    Filled(
      yaml: memory, path: ["domain", "cpu", "sockets"], value: "1",
      reason: "default: one processor"),
    Filled(
      yaml: "domain: {resources: {limits: {cpu: 2500m}}, devices: {}}",
      path: ["domain", "cpu", "sockets"], value: "3",
      reason: "m.yaml:5 domain.resources.limits.cpu"),
    Filled(
      yaml: "domain: {resources: {limits: {cpu: 2500m}}, devices: {}}",
      path: ["domain", "resources", "requests", "cpu"], value: "2500m",
      reason: "m.yaml:5 domain.resources.limits.cpu"),
    Filled(
      yaml: "domain: {resources: {requests: {cpu: 1}, limits: {cpu: 2}}, devices: {}}",
      path: ["domain", "resources", "requests", "cpu"], value: "1", reason: nil),
    Filled(
      yaml: "domain: {cpu: {cores: 2}, devices: {}}", path: ["domain", "cpu", "sockets"],
      value: nil, reason: nil),
    Filled(
      yaml: "domain: {cpu: {cores: 2}, devices: {}}", path: ["domain", "cpu", "maxSockets"],
      value: nil, reason: nil),
    Filled(
      yaml: "domain: {cpu: {sockets: 2, cores: 1, threads: 1}, devices: {}}",
      path: ["domain", "cpu", "maxSockets"], value: "8",
      reason: "cluster: live updates may fill 4 times the sockets"),
    Filled(
      yaml: "domain: {cpu: {sockets: 200, cores: 2, threads: 1}, devices: {}}",
      path: ["domain", "cpu", "maxSockets"], value: "256",
      reason: "cluster: live updates may fill 4 times the sockets"),
    Filled(
      yaml: "domain: {cpu: {sockets: 4294967295, cores: 4294967295, threads: 2}, devices: {}}",
      path: ["domain", "cpu", "maxSockets"], value: "4294967295",
      reason: "cluster: live updates may fill 4 times the sockets"),
    Filled(
      yaml: memory, path: ["domain", "cpu", "model"], value: "host-model",
      reason: "default: host-model"),
    Filled(
      yaml: memory, path: ["domain", "cpu", "model"], value: "EPYC",
      reason: "cluster: defaultCPUModel", cluster: ClusterSettings(defaultCPUModel: "EPYC")),
    Filled(
      yaml: "domain: {cpu: {model: ''}, devices: {}}", path: ["domain", "cpu", "model"],
      value: "epyc", reason: "cluster: defaultCPUModel",
      cluster: ClusterSettings(defaultCPUModel: "epyc")),
    Filled(
      yaml: "domain: {cpu: {model: Conroe}, devices: {}}", path: ["domain", "cpu", "model"],
      value: "Conroe", reason: nil, cluster: ClusterSettings(defaultCPUModel: "EPYC")),
    Filled(
      yaml: "domain: {devices: {watchdog: {name: w}}}",
      path: ["domain", "devices", "watchdog", "i6300esb", "action"], value: "reset",
      reason: "default: reset"),
    Filled(
      yaml: "domain: {devices: {}, clock: {timer: {hpet: {}}}}",
      path: ["domain", "clock", "timer", "hpet", "present"], value: "true",
      reason: "default: true"),
    Filled(
      yaml: "domain: {devices: {}, features: {smm: {enabled: false}}}",
      path: ["domain", "features", "smm", "enabled"], value: "false", reason: nil),
    Filled(
      yaml: "domain: {devices: {}, features: {hyperv: {spinlocks: {}}}}",
      path: ["domain", "features", "hyperv", "spinlocks", "spinlocks"], value: "4096",
      reason: "default: 4096"),
  ])
  func fields(_ filled: Filled) throws {
    var node: ObjectNode? = try Self.spec(filled.yaml, cluster: filled.cluster)
    for key in filled.path { node = node?[key] }
    #expect(node?.scalar?.text == filled.value)
    #expect(node?.reason == filled.reason)
    #expect((node?.location == nil) == (filled.reason != nil || filled.value == nil))
  }

  @Test(arguments: [
    ("domain: {devices: {}}", ["default"], ["default"]),
    ("domain: {devices: {autoattachPodInterface: false}}", [], []),
    ("domain: {devices: {interfaces: []}}\nnetworks: []", ["default"], ["default"]),
    ("domain: {devices: {}}\nnetworks: [{name: a, pod: {}}]", [], ["a"]),
    ("domain: {devices: {interfaces: [{name: a, bridge: {}}]}}", ["a"], []),
  ])
  func podNetwork(yaml: String, interfaces: [String], networks: [String]) throws {
    let spec = try Self.spec(yaml)
    func names(_ node: ObjectNode?) -> [String] {
      node?.items.compactMap { $0["name"]?.text } ?? []
    }
    #expect(names(spec["domain", "devices", "interfaces"]) == interfaces)
    #expect(names(spec["networks"]) == networks)
  }

  @Test func aClusterWithoutTheBridgeFillsInNoInterface() throws {
    var cluster = ClusterSettings()
    cluster.permitsBridgeOnPodNetwork = false
    let spec = try Self.spec("domain: {devices: {}}", cluster: cluster)
    #expect(spec["networks"] == nil)
  }

  @Test func disks() throws {
    let yaml = """
      domain:
        devices:
          disks: [{name: a, disk: {bus: virtio}}, {name: b}, {name: c, cdrom: {readonly: false}}]
          filesystems: [{name: d, virtiofs: {}}]
      volumes: [{name: a, emptyDisk: {capacity: 1Gi}}, {name: d}, {name: e, secret: {}}]
      """
    let instance = try Self.spec(yaml)["domain", "devices", "disks"]?.items ?? []
    #expect(instance.map { $0["name"]?.text } == ["a", "b", "c", "e"])
    #expect(instance.map { $0["disk", "bus"]?.text } == ["virtio", "sata", nil, "sata"])
    #expect(instance[2]["cdrom", "bus"]?.text == "sata")
    #expect(instance[2]["cdrom", "readonly"]?.text == "false")
    #expect(instance[2]["cdrom", "tray"]?.text == "closed")
    #expect(instance[3].reason == "m.yaml:9 volumes[2]: a volume without a disk gets one")

    // The validating webhook of a VirtualMachine sees disks as they are written.
    let judged = try Self.spec(yaml, kind: .virtualMachine, isJudged: true)
    let disks = judged["domain", "devices", "disks"]?.items ?? []
    #expect(disks.map { $0["name"]?.text } == ["a", "b", "c", "e"])
    #expect(disks[1]["disk"] == nil && disks[3]["disk"] == nil)
  }

  @Test func inputs() throws {
    let yaml = "domain: {devices: {inputs: [{name: a}, {name: b, bus: virtio, type: keyboard}]}}"
    let inputs = try Self.spec(yaml)["domain", "devices", "inputs"]?.items ?? []
    #expect(inputs.map { $0["bus"]?.text } == ["usb", "virtio"])
    #expect(inputs.map { $0["type"]?.text } == ["tablet", "keyboard"])
  }

  @Test(arguments: [
    ("ipi: {}", ["vpindex": "true"]),
    ("synictimer: {}", ["synic": "true", "vpindex": "true"]),
    ("evmcs: {}", ["vapic": "true"]),
    ("evmcs: {enabled: false}", [:]),
    ("ipi: {}, vpindex: {enabled: false}", ["vpindex": "false"]),
    ("evmcs: {}, vapic: {enabled: false}, ipi: {}", ["vapic": "false"]),
  ])
  func enlightenments(written: String, needed: [String: String]) throws {
    let spec = try Self.spec("domain: {devices: {}, features: {hyperv: {\(written)}}}")
    let hyperv = try #require(spec["domain", "features", "hyperv"])
    for name in ["vapic", "vpindex", "synic"] {
      #expect(hyperv[name, "enabled"]?.text == needed[name], "\(name)")
    }
    let nests = written.hasPrefix("evmcs: {}") && needed["vapic"] == "true"
    #expect((spec["domain", "cpu", "features"] != nil) == nests)
  }

  @Test func nestingReplacesAnotherPolicy() throws {
    let spec = try Self.spec(
      """
      domain:
        cpu: {features: [{name: apic}, {name: vmx, policy: disable}]}
        features: {hyperv: {evmcs: {}}}
        devices: {}
      """)
    let features = spec["domain", "cpu", "features"]?.items ?? []
    #expect(features.map { $0["policy"]?.text } == [nil, "require"])
    #expect(features[1].reason == "m.yaml:7 domain.features.hyperv.evmcs")
  }

  @Test(arguments: [
    ("domain: {devices: {}}\nbogus: 1\nhostname: h", ["domain", "hostname"]),
    (
      "domain: {devices: {}}\nreadinessProbe: {initialDelaySeconds: 1, later: 2}",
      [
        "domain", "readinessProbe",
      ]
    ),
    ("domain: {devices: {}}\nhostname: null", ["domain"]),
    ("domain: {devices: {}}\nnodeSelector: {any/key: x}", ["domain", "nodeSelector"]),
  ])
  func pruning(yaml: String, keys: [String]) throws {
    let spec = try Self.spec(yaml)
    let filled = ["architecture", "networks"]
    #expect(spec.entries.map(\.key).filter { !filled.contains($0) } == keys)
    #expect(spec["readinessProbe", "later"] == nil)
    #expect((spec["nodeSelector", "any/key"] != nil) == keys.contains("nodeSelector"))
  }

  @Test(arguments: [("size: 1Gi", 1, true), ("blank: {}", 0, false), ("uploads: {}", 1, true)])
  func aSourceThatTheAPIDoesNotKnowIsNotCounted(other: String, unknown: Int, isTaken: Bool) throws {
    let text = """
      apiVersion: kubevirt.io/v1
      kind: VirtualMachine
      metadata: {name: m}
      spec:
        runStrategy: Always
        dataVolumeTemplates:
        - metadata: {name: d}
          spec: {source: {registry: {url: "docker://x"}, \(other)}, storage: {}}
        template:
          spec: {domain: {memory: {guest: 1Gi}, devices: {}}}
      """
    let document = try #require(ManifestFile(path: "m.yaml", text: text).documents.first)
    let causes = try #require(MachineObject(document, cluster: ClusterSettings())).causes
    #expect(causes.count { $0.severity == .warning } == unknown, "\(causes)")
    #expect(causes.contains { $0.message == "Multiple dataVolume sources" } == !isTaken)
  }

  @Test(arguments: [
    "domain: x", "domain: {devices: [], cpu: 3, memory: [], resources: x, features: 1, clock: 2}",
    "domain: {devices: {disks: {a: 1}, inputs: 3, interfaces: x}}\nvolumes: [1, [], {name: []}]",
    "[]", "domain: {devices: {disks: [1, {disk: 2}]}, features: {hyperv: {evmcs: 3, ipi: []}}}",
  ])
  func whatHasTheWrongTypeIsLeftAlone(yaml: String) throws {
    let spec = try Self.spec(yaml)
    if yaml.hasPrefix("domain: x") { #expect(spec["domain"]?.text == "x") }
    _ = try Self.spec(yaml, kind: .virtualMachine)
  }

  @Test func aTemplateWithoutASpecIsFilledIn() throws {
    let text =
      "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: m, namespace: lab}\n"
      + "spec: {runStrategy: Always, template: {}}\n"
    let document = try #require(ManifestFile(path: "m.yaml", text: text).documents.first)
    let object = try #require(MachineObject(document, cluster: ClusterSettings()))
    #expect(object.machine.machineType == "q35")
    #expect(object.key.description == "lab/m")
    #expect("\(object.key.resource)" == "virtualmachines.kubevirt.io")
    // What is filled in has no place, so the places of the manifest stay.
    #expect(object.admitted.place(of: "spec.template.spec.domain") == nil)
    #expect(object.admitted.place(of: "spec.runStrategy")?.line == 4)
  }
}
