import KubeVirt
import Manifest
import Testing

/// The rules and messages of KubeVirt 1.9, recorded from its own webhooks.
@Suite struct AdmissionTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var change: @Sendable (inout MachineText) -> Void
    var causes: [String]
    var cluster = ClusterSettings()

    init(
      _ name: String, _ causes: String..., cluster: ClusterSettings = ClusterSettings(),
      change: @escaping @Sendable (inout MachineText) -> Void
    ) {
      self.name = name
      self.causes = causes
      self.cluster = cluster
      self.change = change
    }

    var testDescription: String { name }
  }

  func check(_ row: Case) throws {
    var text = MachineText()
    row.change(&text)
    let (_, problems) = try text.admit(row.cluster)
    let errors = problems.filter { $0.severity == .error }
    #expect(errors.map { "\($0.field): \($0.message)" } == row.causes)
    // Every problem is shown inside the object, not at its top.
    #expect(errors.allSatisfy { ($0.location?.line ?? 0) > 1 })
  }

  static let iface = "spec.domain.devices.interfaces"
  static let disk = "spec.domain.devices.disks"

  static let accepted: [Case] = [
    Case("as it is") { _ in },
    Case("a VirtualMachine") { $0.kind = "VirtualMachine" },
    Case("bios") { $0.domain += "\nfirmware: {bootloader: {bios: {useSerial: true}}}" },
    Case("efi without Secure Boot") {
      $0.domain += "\nfirmware: {bootloader: {efi: {secureBoot: false}}}"
    },
    Case("Secure Boot by default with smm: {}") {
      $0.domain += "\nfeatures: {smm: {}}\nfirmware: {bootloader: {efi: {}}}"
    },
    Case("persistent EFI", cluster: ClusterSettings(featureGates: ["VMPersistentState"])) {
      $0.domain += "\nfirmware: {bootloader: {efi: {secureBoot: false, persistent: true}}}"
    },
    Case("MAC with dashes, upper case") {
      $0.interfaces = $0.interfaces.replacing("de:00:00:00:00:de", with: "DE-00-00-00-00-DE")
    },
    Case("MAC with dots") {
      $0.interfaces = $0.interfaces.replacing("de:00:00:00:00:de", with: "de00.0000.00de")
    },
    Case("empty MAC") {
      $0.interfaces = $0.interfaces.replacing("de:00:00:00:00:de", with: "")
    },
    Case("an unknown CPU model") { $0.domain += "\ncpu: {model: NoSuchModel}" },
    Case("q35 of a version") { $0.domain += "\nmachine: {type: pc-q35-rhel9.4.0}" },
    Case("state down") {
      $0.interfaces = $0.interfaces.replacing("bridge: {}", with: "bridge: {}, state: down")
    },
    Case("guest memory over the limit on a cluster that live-updates") {
      $0.domain = "memory: {guest: 2Gi}\nresources: {limits: {memory: 1Gi}}"
    },
  ]

  @Test(arguments: accepted)
  func accepts(row: Case) throws { try check(row) }

  static let firmware: [Case] = [
    Case(
      "Secure Boot without SMM",
      "spec.domain: spec.domain has EFI SecureBoot enabled. SecureBoot requires SMM,"
        + " which is currently disabled."
    ) { $0.domain += "\nfirmware: {bootloader: {efi: {}}}" },
    Case(
      "Secure Boot with smm off in a VirtualMachine",
      "spec.template.spec.domain: spec.template.spec.domain has EFI SecureBoot enabled."
        + " SecureBoot requires SMM, which is currently disabled."
    ) {
      $0.kind = "VirtualMachine"
      $0.domain +=
        "\nfeatures: {smm: {enabled: false}}\n"
        + "firmware: {bootloader: {efi: {secureBoot: true}}}"
    },
    Case(
      "bios and efi",
      "spec.domain.firmware.bootloader: spec.domain.firmware.bootloader has both EFI and BIOS"
        + " configured, but they are mutually exclusive."
    ) { $0.domain += "\nfirmware: {bootloader: {bios: {}, efi: {secureBoot: false}}}" },
    Case(
      "persistent EFI without the gate",
      "spec.domain.firmware.bootloader.efi.persistent: VMPersistentState feature gate is not"
        + " enabled: set spec.featureGates.VMPersistentState to true in the HyperConverged"
    ) { $0.domain += "\nfirmware: {bootloader: {efi: {secureBoot: false, persistent: true}}}" },
    Case(
      "kernel arguments alone",
      "spec.domain.firmware.kernelBoot.kernelArgs: kernel arguments cannot be provided without"
        + " an external kernel"
    ) { $0.domain += "\nfirmware: {kernelBoot: {kernelArgs: quiet}}" },
    Case(
      "machine type",
      "spec.domain.machine.type: spec.domain.machine.type is not supported: pc"
        + " (allowed values: [q35* pc-q35*])"
    ) { $0.domain += "\nmachine: {type: pc}" },
    Case(
      "CPU policy",
      "spec.domain.cpu.features[0].policy: CPU feature apic uses policy mandatory that is not"
        + " supported."
    ) { $0.domain += "\ncpu: {features: [{name: apic, policy: mandatory}]}" },
  ]

  @Test(arguments: firmware)
  func refusesFirmware(row: Case) throws { try check(row) }

  static let bootOrder: [Case] = [
    Case(
      "clash blames the interface",
      "\(iface)[1].bootOrder: Boot order for \(iface)[1].bootOrder already set for a different"
        + " device."
    ) { $0.disks = $0.disks.replacing("bootOrder: 2", with: "bootOrder: 1") },
    Case(
      "clash of disks",
      "\(disk)[1].bootOrder: Boot order for \(disk)[1].bootOrder already set for a different"
        + " device."
    ) {
      $0.disks += "\n- {name: b, disk: {}, bootOrder: 2}"
      $0.volumes += "\n- {name: b, emptyDisk: {}}"
    },
    Case(
      "0 on a disk",
      "\(disk)[0].bootOrder: \(disk)[0] must have a boot order > 0, if supplied"
    ) { $0.disks = $0.disks.replacing("bootOrder: 2", with: "bootOrder: 0") },
    Case("0 on an interface", "spec[1].bootOrder: spec[1] must have a boot order > 0, if supplied")
    {
      $0.interfaces = $0.interfaces.replacing("bootOrder: 1", with: "bootOrder: 0")
    },
    Case(
      "negative",
      "\(iface)[1].bootOrder: json: cannot unmarshal number -1 into Go struct field"
        + " VMISpecAlias.domain.devices.interfaces.1.bootOrder of type uint"
    ) { $0.interfaces = $0.interfaces.replacing("bootOrder: 1", with: "bootOrder: -1") },
  ]

  @Test(arguments: bootOrder)
  func refusesBootOrder(row: Case) throws { try check(row) }

  @Test func warningsOfVirtualMachines() throws {
    var text = MachineText(kind: "VirtualMachine")
    text.outer = "running: true"
    text.domain = "cpu: {cores: 1}"
    let (machine, problems) = try text.admit()
    #expect(machine.startsAtOnce)
    #expect(problems.map(\.severity) == [.warning, .warning])
    #expect(
      problems.first?.message
        == "spec.running is deprecated, please use spec.runStrategy instead.")
    #expect(problems.last?.message.hasPrefix("no memory requested") == true)
  }

  @Test func everyProblemIsFoundAtOnce() throws {
    var text = MachineText()
    text.domain = "machine: {type: pc}\nfirmware: {bootloader: {efi: {}}}"
    text.disks = "- {name: a, disk: {bus: ide}, bootOrder: 1}"
    #expect(try text.admit().problems.count == 6)
  }

  @Test func problemsAreShownAtTheirLine() throws {
    var text = MachineText()
    text.interfaces = text.interfaces.replacing("bootOrder: 1", with: "bootOrder: 2")
    let problem = try #require(try text.admit().problems.first)
    let line = try #require(
      text.yaml.split(separator: "\n").firstIndex { $0.contains("de:00:00") })
    #expect(problem.location?.line == line + 1)
    #expect(problem.location?.column == 70)
  }
}
