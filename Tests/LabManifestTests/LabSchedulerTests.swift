import LabManifest
import Testing

/// The schedulers that a lab brings along.
@Suite struct LabSchedulerTests {
  private func input(_ schedulers: String) -> LabInput {
    let lab = """
      apiVersion: pxelab.dev/v1alpha1
      kind: Lab
      metadata: {name: lab}
      spec: {schedulers: \(schedulers)}
      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachine
      metadata: {name: m}
      spec: {runStrategy: Halted, template: {spec: {domain: {devices: {}, memory: {guest: 1Gi}}}}}
      """
    return LabInput(files: [(path: "lab.yaml", text: lab)], folderName: "lab")
  }

  @Test func schedulersAreRead() {
    let input = input(
      "[{name: my-scheduler, command: [python3, s.py, 5]}, {name: b, command: [b]}]")
    #expect(input.problems.isEmpty, "\(input.problems)")
    #expect(
      input.lab.schedulers == [
        LabScheduler(name: "my-scheduler", command: ["python3", "s.py", "5"]),
        LabScheduler(name: "b", command: ["b"]),
      ])
  }

  @Test(arguments: [
    ("[{command: [a]}]", "spec.schedulers[0]", "name is required"),
    ("[{name: a}]", "spec.schedulers[0].command", "a scheduler is a program"),
    ("[{name: a, command: []}]", "spec.schedulers[0].command", "at least the name of a program"),
    ("[{name: a, command: [\"\"]}]", "spec.schedulers[0].command", "the program is empty"),
    ("[{name: a/b, command: [a]}]", "spec.schedulers[0].name", "RFC 1123"),
    (
      "[{name: default-scheduler, command: [a]}]", "spec.schedulers[0].name",
      "the lab's own scheduler"
    ),
    (
      "[{name: a, command: [a]}, {name: a, command: [b]}]", "spec.schedulers[1].name",
      "the scheduler a is listed twice"
    ),
    ("{name: a}", "spec.schedulers", "expected a list"),
  ])
  func aMistakeIsReportedInItsPlace(_ schedulers: String, _ field: String, _ words: String) {
    let errors = input(schedulers).problems.filter { $0.severity == .error }
    #expect(errors.map(\.field) == [field], "\(errors)")
    #expect(errors.first?.message.contains(words) == true, "\(errors)")
  }

  /// A lab that its API changes is planned though it has problems: files are named after schedulers.
  @Test(arguments: ["../x", "a/b", "default-scheduler", "A", "\"\"", "[a]"])
  func oneWithAWrongNameIsLeftOut(_ name: String) {
    let input = input("[{name: \(name), command: [a]}, {name: good, command: [b]}]")
    #expect(input.lab.schedulers == [LabScheduler(name: "good", command: ["b"])])
  }
}
