import Addresses
import KubeVirt
import Objects
import Testing

@Suite struct MachineTests {
  @Test func everythingThatBearsOnBooting() throws {
    var text = MachineText()
    text.domain = """
      memory: {guest: 1Gi}
      machine: {type: q35}
      cpu: {model: Conroe, cores: 2, sockets: 1, threads: 1, features: [{name: apic}]}
      features: {acpi: {}, smm: {enabled: true}}
      firmware: {uuid: u, serial: s, bootloader: {efi: {persistent: true}}}
      """
    text.interfaces += "\n- {name: extra, sriov: {}, model: e1000, acpiIndex: 101}"
    text.networks += "\n- {name: extra, multus: {networkName: other/x, default: false}}"
    text.volumes = """
      - {name: root, containerDisk: {image: quay.io/x}}
      - {name: seed, cloudInitNoCloud: {userDataBase64: I2Nsb3Vk}}
      - {name: claim, persistentVolumeClaim: {claimName: c}}
      """
    let (machine, problems) = try text.admit(
      ClusterSettings(featureGates: ["VMPersistentState"]))
    #expect(problems.isEmpty, "\(problems)")
    #expect(machine.kind == .virtualMachineInstance)
    #expect(machine.namespace == "default")
    #expect(machine.secureBoot && machine.persistentEFI && machine.features.smm)
    #expect(machine.firmware.uuid == "u" && machine.firmware.serial == "s")
    #expect(machine.machineType == "q35")
    #expect(machine.cpu.features == [CPU.Feature(name: "apic")])
    #expect(machine.resources.memoryBytes == 1 << 30)
    #expect(machine.interfaces[1].macAddress == MACAddress("de:00:00:00:00:de"))
    #expect(machine.interfaces[0].binding == .masquerade)
    #expect(machine.interfaces[2].acpiIndex == 101)
    #expect(machine.network(of: machine.interfaces[2])?.multus?.networkName == "other/x")
    #expect(
      machine.bootDevices == [
        BootDevice(kind: .interface, name: "pxe-net", order: 1),
        BootDevice(kind: .disk, name: "root", order: 2),
      ])
    #expect(machine.volumes[1].source == .cloudInitNoCloud(.init(userData: "#cloud")))
    #expect(machine.disks.map(\.name) == ["root", "seed", "claim"])
    #expect(machine.disks.map(\.bus) == ["virtio", "sata", "sata"])
  }

  @Test(
    arguments: [
      ("1Gi", "2Gi", "3Gi", 1 << 30), (nil, "2Gi", "3Gi", 2 << 30), (nil, nil, "3Gi", 3 << 30),
      (nil, nil, nil, nil),
    ] as [(String?, String?, String?, Int64?)])
  func memoryPrecedence(guest: String?, requests: String?, limits: String?, bytes: Int64?) {
    let resources = Resources(
      guestMemory: guest.flatMap(Quantity.init), requestedMemory: requests.flatMap(Quantity.init),
      memoryLimit: limits.flatMap(Quantity.init))
    #expect(resources.memoryBytes == bytes)
  }

  @Test(arguments: [
    ("apiVersion: kubevirt.io/v1", [String]()),
    ("apiVersion: kubevirt.io/v1alpha3", []),
    ("apiVersion: kubevirt/v1alpha3", ["no cluster serves kubevirt/v1alpha3"]),
    ("apiversion: kubevirt.io/v1", ["the field is spelt \"apiversion\""]),
  ])
  func versions(line: String, warnings: [String]) throws {
    let yaml = MachineText().yaml.replacing("apiVersion: kubevirt.io/v1", with: line)
    let document = try #require(ManifestFile(path: "f", text: yaml).documents.first)
    let log = ProblemLog(object: document.object)
    Machine.checkVersion(of: document, log: log)
    #expect(MachineObject(document, cluster: ClusterSettings()) != nil)
    #expect(log.problems.map(\.severity) == warnings.map { _ in .warning })
    for (problem, warning) in zip(log.problems, warnings) {
      #expect(problem.message.hasPrefix(warning))
    }
  }

  @Test func unknownFieldsSayWhatAClusterDoes() throws {
    var text = MachineText()
    text.interfaces = text.interfaces.replacing("bootOrder", with: "bootorder")
    let (_, problems) = try text.admit()
    #expect(
      problems.map(\.message) == [
        "strict decoding error: unknown field \"spec.domain.devices.interfaces[1].bootorder\"; did"
          + " you mean \"bootOrder\"? (kubectl refuses the object; oc and Argo CD's Validate=false"
          + " drop the field in silence)"
      ])
  }

  @Test(arguments: [
    // A cluster knows no such gate; a lab does as it says.
    ("featureGates: {VMPersistentState: true}", true, 1),
    ("featureGates: {VMPersistentState: false}", false, 1),
    ("featureGates: {vmPersistentState: true}", true, 1),
    ("featureGates: {VMPersistantState: true}", true, 1),
    ("featureGates: [VMPersistentState]", true, 1),
    ("featureGates: [{name: VMPersistentState, state: Disabled}]", false, 1),
    ("featureGates: [{name: VMPersistentState, state: Enabled}]", true, 1),
    ("featureGates: {VMPersistentState: 'yes'}", true, 2),
    ("featureGates: {downwardMetrics: true}", true, 0),
    ("certConfig: {ca: {duration: 48h0m0s}}", true, 0),
  ])
  func featureGates(spec: String, isOn: Bool, problems: Int) throws {
    let text =
      "apiVersion: hco.kubevirt.io/v1beta1\nkind: HyperConverged\n"
      + "metadata: {name: kubevirt-hyperconverged}\nspec:\n  defaultCPUModel: EPYC\n  \(spec)\n"
    let document = try #require(ManifestFile(path: "f", text: text).documents.first)
    let log = ProblemLog(object: document.object)
    let settings = try #require(ClusterSettings(document, log: log))
    #expect(settings.persistentState == isOn)
    #expect(settings.defaultCPUModel == "EPYC")
    #expect(log.problems.count == problems, "\(log.problems)")
  }

  @Test(
    arguments: [
      (
        "hco.kubevirt.io/v1beta1", "HyperConverged",
        "{defaultCPUModel: EPYC, featureGates: {downwardMetrics: true, objectGraph: false}}", 0
      ),
      (
        "hco.kubevirt.io/v1", "HyperConverged",
        "{virtualization: {virtualMachineOptions: {defaultCPUModel: EPYC}},"
          + " featureGates: [{name: downwardMetrics}, {name: objectGraph, state: Disabled}]}", 0
      ),
      (
        "kubevirt.io/v1", "KubeVirt",
        "{configuration: {cpuModel: EPYC, developerConfiguration:"
          + " {featureGates: [DownwardMetrics], disabledFeatureGates: [ObjectGraph]}}}", 0
      ),
      (
        "hco.kubevirt.io/v1", "HyperConverged",
        "{defaultCPUModel: Conroe, featureGates: [downwardMetrics],"
          + " virtualization: {virtualMachineOptions: {defaultCPUModel: EPYC}}}", 1
      ),
    ])
  func clusterSettings(version: String, kind: String, spec: String, problems: Int) throws {
    let text = "apiVersion: \(version)\nkind: \(kind)\nmetadata: {name: c}\nspec: \(spec)\n"
    let document = try #require(ManifestFile(path: "f", text: text).documents.first)
    let log = ProblemLog(object: document.object)
    let settings = try #require(ClusterSettings(document, log: log))
    #expect(settings.defaultCPUModel == "EPYC")
    #expect(settings.featureGates.contains("DownwardMetrics"))
    #expect(problems == 1 || settings.disabledFeatureGates == ["ObjectGraph"])
    #expect(log.problems.map(\.severity) == (0..<problems).map { _ in .warning })
  }

  /// The first version has a list where v1beta1 has a mapping.
  @Test func gatesOfTheFirstVersionAreAList() throws {
    let text =
      "apiVersion: hco.kubevirt.io/v1\nkind: HyperConverged\nmetadata: {name: c}\n"
      + "spec: {featureGates: {downwardMetrics: true}}\n"
    let document = try #require(ManifestFile(path: "f", text: text).documents.first)
    let log = ProblemLog(object: document.object)
    _ = ClusterSettings(document, log: log)
    let problem = try #require(log.problems.first)
    #expect(log.problems.count == 1 && problem.severity == .error)
    #expect(problem.field == "spec.featureGates" && problem.message.contains("v1beta1"))
  }
}
