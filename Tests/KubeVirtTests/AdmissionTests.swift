import KubeVirt
import Objects
import Testing

/// What the corpus of recordings does not say: where problems are shown, and where the lab is
/// stricter than KubeVirt.
@Suite struct AdmissionTests {
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

  @Test(arguments: [([], false), (["VMPersistentState"], true)] as [([String], Bool)])
  func persistentVariablesNeedNoGate(disabled: [String], isRefused: Bool) throws {
    var text = MachineText()
    text.domain += "\nfirmware: {bootloader: {efi: {secureBoot: false, persistent: true}}}"
    var cluster = ClusterSettings()
    cluster.disabledFeatureGates = Set(disabled)
    let problems = try text.admit(cluster).problems
    #expect(
      problems.map(\.field)
        == (isRefused ? ["spec.domain.firmware.bootloader.efi.persistent"] : []))
  }

  @Test func everyProblemIsFoundAtOnce() throws {
    var text = MachineText()
    text.domain = "machine: {type: pc}\nfirmware: {bootloader: {efi: {}}}"
    text.disks = "- {name: a, disk: {bus: ide}, bootOrder: 1}"
    #expect(try text.admit().problems.count == 6)
  }

  @Test(arguments: [
    ("bootOrder: 1", "bootOrder: 2"), ("bootOrder: 1", "bootOrder: -1"),
    ("bootOrder: 1", "bootOrder: one"), ("bootOrder: 1", "bootOrder: 0"),
    ("bootOrder: 1", "bootorder: 1"),
  ])
  func problemsAreShownAtTheirPlace(text: String, replacement: String) throws {
    var machine = MachineText()
    machine.interfaces = machine.interfaces.replacing(text, with: replacement)
    let problem = try #require(try machine.admit().problems.first)
    let line = try #require(
      machine.yaml.split(separator: "\n").firstIndex { $0.contains("de:00:00") })
    #expect(problem.location?.line == line + 1)
    #expect(problem.location?.column == 70)
  }
}
