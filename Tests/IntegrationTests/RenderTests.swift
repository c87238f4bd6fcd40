import Foundation
import Testing

/// `pxelab render` as people and programs use it.
@Suite(.timeLimit(.minutes(10))) struct RenderTests {
  /// One machine and no network attachment for it.
  static let machine = """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachineInstance
    metadata: {name: vm}
    spec:
      domain:
        memory: {guest: 1Gi}
        devices:
          interfaces: [{name: pxe, bridge: {}, bootOrder: 1}]
      networks: [{name: pxe, multus: {networkName: nowhere}}]

    """
  static let second = machine.replacing("name: vm", with: "name: other")

  @Test func onlyTheXMLIsOnStandardOutput() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder(
        "m", ["vm.yaml": Self.machine.replacing("memory:", with: "memroy: {}\n    memory:")])
      let outcome = try await workspace.run("render", "\(folder)/vm.yaml", "--as", "kubevirt")
      #expect(outcome.status == 0)
      #expect(outcome.output.hasPrefix("<domain type=\"kvm\""))
      #expect(outcome.output.hasSuffix("</domain>\n"))
      #expect(outcome.output.contains("<name>default_vm</name>"))
      #expect(outcome.errors.contains("memroy"))
    }
  }

  @Test func originsHaveTheirLine() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder("m", ["vm.yaml": Self.machine])
      let outcome = try await workspace.run(
        "render", folder, "--as", "kubevirt", "--explain", "--cluster-cpu-model", "Haswell")
      let lines = outcome.output.split(separator: "\n")
      func line(_ part: String) -> Substring { lines.first { $0.contains(part) } ?? "" }
      #expect(line("<memory ").hasSuffix("<!-- \(folder)/vm.yaml:6 domain.memory.guest -->"))
      #expect(line("<boot order").contains("vm.yaml:8 domain.devices.interfaces[0].bootOrder"))
      #expect(line("<model>Haswell").hasSuffix("<!-- cluster: defaultCPUModel -->"))
    }
  }

  @Test func oneOfSeveralMachinesIsNamed() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder("m", ["a.yaml": Self.machine, "b.yaml": Self.second])
      let unnamed = try await workspace.run("render", folder, "--as", "kubevirt")
      #expect(unnamed.status == 64 && unnamed.output.isEmpty)
      #expect(unnamed.errors.contains("vm, other"))
      let wrong = try await workspace.run("render", folder, "--as", "kubevirt", "--vm", "third")
      #expect(wrong.status == 64 && wrong.errors.contains("it has vm, other"))
      let named = try await workspace.run("render", folder, "--as", "kubevirt", "--vm", "other")
      #expect(named.status == 0 && named.output.contains("<name>default_other</name>"))
    }
  }

  @Test(arguments: ["kubevirt", "lab"])
  func refusedManifestsHaveNoDomain(_ form: String) async throws {
    try await Workspace.use { workspace in
      let text = Self.machine.replacing("bootOrder: 1", with: "bootOrder: 0")
      let folder = try workspace.folder("m", ["vm.yaml": text])
      let outcome = try await workspace.run("render", folder, "--as", form)
      #expect(outcome.status == 2 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("must have a boot order > 0"))
      let missing = try await workspace.run("render", "\(folder)/no.yaml", "--as", form)
      #expect(missing.status == 2 && missing.errors.contains("no such file or folder"))
    }
  }
}
