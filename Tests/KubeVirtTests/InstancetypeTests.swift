import Objects
import Testing

@testable import KubeVirt

/// Instance types and preferences, as KubeVirt applies them.
@Suite struct InstancetypeTests {
  static func instancetypes(_ type: String, _ preference: String) throws -> Instancetypes {
    let text = """
      apiVersion: instancetype.kubevirt.io/v1beta1
      kind: VirtualMachineInstancetype
      metadata: {name: t, namespace: lab}
      spec: \(type)
      ---
      apiVersion: instancetype.kubevirt.io/v1beta1
      kind: VirtualMachineClusterPreference
      metadata: {name: p}
      spec: \(preference)
      """
    let file = ManifestFile(path: "types.yaml", text: text)
    #expect(file.problems.isEmpty)
    var all = Instancetypes()
    for document in file.documents {
      let log = ProblemLog(object: document.object)
      Instancetypes.check(document, log: log)
      #expect(log.problems.isEmpty, "\(log.problems)")
      all.add(document)
    }
    return all
  }

  static func machine(
    _ type: String = "{cpu: {guest: 4}, memory: {guest: 2Gi}}", _ preference: String = "{}",
    spec: String = "domain: {devices: {}}",
    references: String =
      "instancetype: {kind: virtualmachineinstancetype, name: t}, preference: {name: p}"
  ) throws -> MachineObject {
    let text = """
      apiVersion: kubevirt.io/v1
      kind: VirtualMachine
      metadata: {name: m, namespace: lab}
      spec: {runStrategy: Always, \(references), template: {spec: {\(spec)}}}
      """
    let document = try #require(ManifestFile(path: "m.yaml", text: text).documents.first)
    return try #require(
      MachineObject(
        document, cluster: ClusterSettings(), instancetypes: try instancetypes(type, preference)))
  }

  @Test(arguments: [
    ("{}", 4, 1, 1), ("{cpu: {preferredCPUTopology: preferCores}}", 1, 4, 1),
    ("{cpu: {preferredCPUTopology: cores}}", 1, 4, 1),
    ("{cpu: {preferredCPUTopology: threads}}", 1, 1, 4),
    ("{cpu: {preferredCPUTopology: any}}", 4, 1, 1),
    ("{cpu: {preferredCPUTopology: spread}}", 2, 2, 1),
    ("{cpu: {preferredCPUTopology: spread}, preferSpreadSocketToCoreRatio: 4}", 1, 4, 1),
    (
      "{cpu: {preferredCPUTopology: spread, spreadOptions: {ratio: 4}}, preferSpreadSocketToCoreRatio: 2}",
      1, 4, 1
    ),
    ("{cpu: {preferredCPUTopology: spread, spreadOptions: {across: CoresThreads}}}", 1, 2, 2),
    (
      "{cpu: {preferredCPUTopology: spread, spreadOptions: {across: SocketsCoresThreads}}}", 1, 2, 2
    ),
  ])
  func topology(preference: String, sockets: Int, cores: Int, threads: Int) throws {
    let object = try Self.machine(preference: preference)
    #expect(object.causes.isEmpty, "\(object.causes)")
    let cpu = object.machine.cpu
    #expect([cpu.sockets, cpu.cores, cpu.threads] == [sockets, cores, threads])
  }

  static func machine(preference: String) throws -> MachineObject {
    try machine("{cpu: {guest: 4}, memory: {guest: 2Gi}}", preference)
  }

  @Test(
    arguments: [
      ("cpu: {cores: 1}, devices: {}", ["domain.cpu.cores"]),
      (
        "cpu: {cores: 1, sockets: 1, threads: 1}, devices: {}",
        ["domain.cpu.sockets", "domain.cpu.cores", "domain.cpu.threads"]
      ),
      ("cpu: {model: EPYC}, devices: {}", []),
      (
        "memory: {guest: 1Gi}, resources: {requests: {memory: 1Gi}}, devices: {}",
        ["domain.memory.guest"]
      ),
      (
        "resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2}}, devices: {}",
        [
          "domain.resources.requests.cpu", "domain.resources.limits.cpu",
          "domain.resources.requests.memory",
        ]
      ),
      ("memory: {hugepages: {pageSize: 2Mi}}, devices: {}", []),
      ("ioThreadsPolicy: auto, devices: {}", []),
    ] as [(String, [String])])
  func conflicts(domain: String, fields: [String]) throws {
    let object = try Self.machine(spec: "domain: {\(domain)}")
    let paths = fields.map { "spec.template.spec.\($0)" }
    #expect(object.causes.map(\.field) == paths)
    #expect(
      object.causes.map(\.message)
        == paths.map { "VM field(s) \($0) conflicts with selected instance type" })
    // What is refused is left as it is written.
    if !fields.isEmpty { #expect(object.machine.cpu.sockets != 4) }
  }

  @Test(arguments: [
    (
      "{nodeSelector: {a: b}, cpu: {guest: 1}, memory: {guest: 1Gi}}", "nodeSelector: {c: d}",
      "nodeSelector"
    ),
    (
      "{cpu: {guest: 1, model: EPYC}, memory: {guest: 1Gi}}",
      "domain: {cpu: {model: Skylake}, devices: {}}", "domain.cpu.model"
    ),
    (
      "{cpu: {guest: 1, dedicatedCPUPlacement: true}, memory: {guest: 1Gi}}",
      "domain: {cpu: {dedicatedCpuPlacement: true}, devices: {}}",
      "domain.cpu.dedicatedCPUPlacement"
    ),
    (
      "{ioThreadsPolicy: auto, cpu: {guest: 1}, memory: {guest: 1Gi}}",
      "domain: {ioThreadsPolicy: shared, devices: {}}", "domain.ioThreadsPolicy"
    ),
  ])
  func conflictsOfSomeInstancetypes(type: String, spec: String, field: String) throws {
    let spec = spec.hasPrefix("domain") ? spec : "\(spec), domain: {devices: {}}"
    let causes = try Self.machine(type, spec: spec).causes
    #expect(causes.map(\.field) == ["spec.template.spec.\(field)"])
  }

  @Test func sizeAndFirmware() throws {
    let object = try Self.machine(
      "{cpu: {guest: 2, model: EPYC, maxSockets: 8}, memory: {guest: 2Gi, overcommitPercent: 50, maxGuest: 4Gi}, annotations: {a: b}, nodeSelector: {zone: a}}",
      """
      {features: {preferredSmm: {}, preferredHyperv: {vpindex: {}}}, firmware: {preferredEfi: {secureBoot: true, persistent: true}}, \
      machine: {preferredMachineType: pc-q35-rhel9.4.0}, preferredTerminationGracePeriodSeconds: 7, clock: {preferredClockOffset: {utc: {}}}, \
      devices: {preferredDiskBus: virtio, preferredInterfaceModel: e1000e, preferredRng: {}, preferredInterfaceMasquerade: {}, preferredCdromBus: scsi}}
      """,
      spec:
        "domain: {devices: {disks: [{name: d}, {name: c, cdrom: {}}, {name: s, disk: {bus: sata}}], interfaces: [{name: default}, {name: net, bridge: {}, model: virtio}]}}, networks: [{name: default, pod: {}}, {name: net, multus: {networkName: x}}], volumes: [{name: d, emptyDisk: {capacity: 1Gi}}, {name: c, containerDisk: {image: i}}, {name: s, emptyDisk: {capacity: 1Gi}}]"
    )
    #expect(object.causes.isEmpty, "\(object.causes)")
    let machine = object.machine
    #expect(machine.resources.guestMemory == Quantity("2Gi"))
    #expect(machine.resources.requestedMemory?.value == 1 << 30)
    #expect(machine.cpu.model == "EPYC" && machine.annotations == ["a": "b"])
    #expect(machine.secureBoot && machine.persistentEFI && machine.features.smm)
    #expect(machine.machineType == "pc-q35-rhel9.4.0" && machine.terminationGracePeriodSeconds == 7)
    #expect(machine.interfaces.map(\.model) == ["e1000e", "virtio"])
    #expect(machine.interfaces.map(\.bindings) == [[.masquerade], [.bridge]])
    #expect(machine.hasRandomNumbers)
    let spec = try #require(object.instance["spec", "template", "spec"])
    #expect(spec["domain", "devices", "disks"]?.item(0)?["disk", "bus"]?.text == "virtio")
    #expect(spec["domain", "devices", "disks"]?.item(1)?["cdrom", "bus"]?.text == "scsi")
    #expect(spec["domain", "devices", "disks"]?.item(2)?["disk", "bus"]?.text == "sata")
    #expect(spec["domain", "features", "hyperv", "vpindex"]?.isMapping == true)
    #expect(spec["domain", "memory", "maxGuest"]?.text == "4Gi")
    #expect(spec["nodeSelector", "zone"]?.text == "a")
  }

  @Test(arguments: [
    ("{firmware: {preferredUseEfi: true, preferredUseSecureBoot: false}}", "", true, false),
    ("{firmware: {preferredUseBios: true, preferredEfi: {}}}", "", false, false),
    ("{firmware: {preferredEfi: {secureBoot: false}}}", "bootloader: {bios: {}}", false, false),
    ("{firmware: {preferredEfi: {secureBoot: false}}}", "", true, false),
    (
      "{firmware: {preferredUseSecureBoot: true}, features: {preferredSmm: {}}}",
      "bootloader: {efi: {}}", true, true
    ),
    ("{features: {preferredSmm: {}}}", "bootloader: {efi: {secureBoot: true}}", true, true),
  ])
  func firmware(preference: String, written: String, isEFI: Bool, isSecure: Bool) throws {
    let object = try Self.machine(
      preferring: preference, spec: "domain: {firmware: {\(written)}, devices: {}}")
    #expect(object.causes.isEmpty, "\(object.causes)")
    #expect((object.machine.firmware.bootloader?.efi != nil) == isEFI)
    #expect(object.machine.secureBoot == isSecure)
  }

  static func machine(preferring preference: String, spec: String) throws -> MachineObject {
    try machine("{cpu: {guest: 1}, memory: {guest: 1Gi}}", preference, spec: spec)
  }

  @Test(arguments: [
    (
      "{cpu: {preferredCPUTopology: spread, spreadOptions: {ratio: 3}}}",
      "instancetype.spec.cpu.guest",
      "4 vCPUs provided by the instance type are not divisible by the Spec.PreferSpreadSocketToCoreRatio"
    ),
    (
      "{requirements: {cpu: {guest: 8}}}", "spec.instancetype",
      "insufficient CPU resources of 4 vCPU provided by instance type, preference requires 8 vCPU"
    ),
    (
      "{requirements: {memory: {guest: 4Gi}}}", "spec.instancetype",
      "insufficient Memory resources of 2Gi provided by instance type, preference requires 4Gi"
    ),
    (
      "{requirements: {architecture: arm64}}", "spec.template.spec.architecture",
      "preference requires architecture arm64 but amd64 is being requested"
    ),
  ])
  func requirements(preference: String, field: String, message: String) throws {
    let causes = try Self.machine(preference: preference).causes
    #expect(causes.map(\.field) == [field])
    #expect(causes.first?.message.contains(message) == true, "\(causes)")
  }

  @Test func requirementsAreMetByTheMachineWithoutAnInstancetype() throws {
    func causes(_ cpu: String) throws -> [Cause] {
      try Self.machine(
        "{cpu: {guest: 1}, memory: {guest: 1Gi}}",
        "{requirements: {cpu: {guest: 2}, memory: {guest: 1Gi}}}",
        spec: "domain: {\(cpu), memory: {guest: 1Gi}, devices: {}}",
        references: "preference: {name: p}"
      ).causes
    }
    #expect(try causes("cpu: {sockets: 2}").isEmpty)
    #expect(
      try causes("cpu: {cores: 2}").map(\.message) == [
        "failure checking preference requirements: insufficient CPU resources of 0 vCPU provided by"
          + " VirtualMachine, preference requires 2 vCPU provided as sockets"
      ])
  }

  @Test(
    arguments: [
      ("instancetype: {name: t}", ["VirtualMachineClusterInstancetype/t"]),
      ("instancetype: {kind: VirtualMachineInstancetype, name: t}", []),
      ("instancetype: {kind: virtualmachineinstancetypes, name: t}", []),
      ("preference: {kind: VirtualMachinePreference, name: p}", ["VirtualMachinePreference/p"]),
      ("instancetype: {kind: Other, name: t}", ["Other/t"]),
      ("preference: {name: p}", []),
    ] as [(String, [String])])
  func whatIsMissing(references: String, names: [String]) throws {
    let object = try Self.machine(references: references)
    #expect(object.missingSizing.map(\.name) == names)
    #expect(!object.causes.contains { $0.severity == .error }, "\(object.causes)")
    if references.hasPrefix("instancetype") {
      #expect(!object.causes.contains { $0.message.hasPrefix("no memory requested") })
    }
  }

  @Test(
    arguments: [
      (
        "VirtualMachineInstancetype", "{cpu: {}, memory: {guest: 1Gi}}",
        "spec.cpu.guest in body is required"
      ),
      (
        "VirtualMachineClusterInstancetype", "{memory: {guest: 1Gi}}",
        "spec.cpu in body is required"
      ),
      (
        "VirtualMachineClusterInstancetype", "{cpu: {guest: 1}, memory: {guest: x}}",
        "quantities must match the regular expression"
      ),
      (
        "VirtualMachinePreference", "{features: {preferedSmm: {}}}",
        "unknown field \"spec.features.preferedSmm\"; did you mean \"preferredSmm\"?"
      ),
      ("VirtualMachineClusterPreference", "{firmware: null}", nil),
    ] as [(String, String, String?)])
  func objectsOfTheirOwn(kind: String, spec: String, message: String?) throws {
    let text =
      "apiVersion: instancetype.kubevirt.io/v1beta1\nkind: \(kind)\nmetadata: {name: x}\nspec: \(spec)\n"
    let document = try #require(ManifestFile(path: "f", text: text).documents.first)
    let log = ProblemLog(object: "")
    Instancetypes.check(document, log: log)
    #expect(log.problems.count == (message == nil ? 0 : 1))
    if let message {
      #expect(log.problems.first?.message.contains(message) == true, "\(log.problems)")
    }
  }
}
