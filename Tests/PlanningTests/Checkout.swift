import Addresses
import DryLab
import Firmware
import Foundation
import Kinds
import KubeVirt
import LabManifest
import Objects
import Testing

@testable import Planning

/// Where things are in the checkout.
enum Checkout {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The manifests of a folder under labs/.
  static func lab(_ name: String) throws -> LabInput {
    let folder = try folder(name)
    return LabInput(
      files: folder.files.map { ($0.path, $0.text) },
      folderName: URL(filePath: folder.path).lastPathComponent)
  }

  private static func folder(_ name: String) throws -> ManifestFolder.Spec {
    let folder = root.appending(path: "labs/\(name)").resolvingSymlinksInPath()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
    return ManifestFolder.Spec(
      path: folder.path(),
      files: try names.filter { $0.hasSuffix(".yaml") }.map { name in
        ManifestFolder.File(
          path: name, text: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
      })
  }

  /// What becomes of a folder under labs/.
  static func dryLab(_ name: String, _ facts: PlanningFacts) async throws -> DryLab {
    try await DryLab(of: try folder(name), try lab(name), facts)
  }

  /// Debian 12's firmware descriptors.
  static func firmwares() throws -> [FirmwareDescriptorFile] {
    let folder = root.appending(path: "Tests/FirmwareTests/Fixtures")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path())
      .filter { $0.contains("-edk2-") }.sorted().map { name in
        FirmwareDescriptorFile(
          path: "/usr/share/qemu/firmware/\(name)",
          text: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
      }
  }
}

extension DryLab {
  /// A folder's, of which `input` is what it says.
  init(
    of folder: ManifestFolder.Spec, _ input: LabInput, _ facts: PlanningFacts
  ) async throws {
    var facts = facts
    facts.nodes = input.nodes.map(\.name)
    try await self.init(
      ManifestObjects(folder.files, lab: input.lab.name), from: folder, facts: facts,
      processors: try NodeLabellerTests.map())
  }
}

extension PlanningFacts {
  /// Facts that do not come from the machine that runs the tests.
  static func fixed(
    _ engine: DataplaneEngine = .linuxBridge, acceleration: String = "tcg", isRoot: Bool = true,
    stateDirectory: String = "/state", diskImages: [String: DiskImage] = [:]
  ) throws -> PlanningFacts {
    PlanningFacts(
      stateDirectory: stateDirectory, engine: Reasoned(engine, because: "asked for"),
      acceleration: Reasoned(acceleration, because: "asked for"), isRoot: isRoot,
      firmwares: try Checkout.firmwares(),
      images: [
        "debian-secureboot": Image(
          bootFiles: [7: "shimx64.efi"], fileSizes: ["shimx64.efi": 934_680])
      ], manifestFolder: "/folder", diskImages: diskImages)
  }
}

/// A machine `m` on the attachment `net` in pieces, each of which a case may replace.
struct LabText {
  var name = "m"
  var domain = "memory: {guest: 1Gi}"
  var interface = "bridge: {}"
  var disks: [(disk: String, volume: String)] = []
  var outer = ""
  var config = #""type": "bridge", "bridge": "br0", "vlan": 100"#
  var cluster = ""

  var yaml: String {
    func list(_ items: [String]) -> String {
      items.isEmpty ? "[]" : "[" + items.joined(separator: ", ") + "]"
    }
    let names = disks.indices.map { "d\($0)" }
    return """
      apiVersion: kubevirt.io/v1
      kind: VirtualMachineInstance
      metadata: {name: \(name)}
      spec:
        \(outer)
        domain:
          \(domain)
          devices:
            interfaces: [{name: net, \(interface)}]
            disks: \(list(zip(names, disks).map { "{name: \($0), \($1.disk)}" }))
        networks: [{name: net, multus: {networkName: net}}]
        volumes: \(list(zip(names, disks).map { "{name: \($0), \($1.volume)}" }))
      ---
      apiVersion: k8s.cni.cncf.io/v1
      kind: NetworkAttachmentDefinition
      metadata: {name: net}
      spec: {config: '{"cniVersion": "0.3.1", "name": "net", \(config)}'}
      \(cluster)
      """
  }

  func input(_ more: String = "") throws -> LabInput {
    let input = LabInput(files: [(path: "lab.yaml", text: yaml + more)], folderName: "lab")
    try #require(!input.hasErrors, "\(input.problems)\n\(yaml)")
    return input
  }

  func dryLab(_ more: String = "", facts: PlanningFacts) async throws -> DryLab {
    let file = ManifestFolder.File(path: "lab.yaml", text: yaml + more)
    return try await DryLab(
      of: ManifestFolder.Spec(path: "/lab", files: [file]), try input(more), facts)
  }

  func plan(_ facts: PlanningFacts? = nil) throws -> LabPlan {
    try LabPlanner(try input(), facts: try facts ?? .fixed()).plan()
  }

  func machine(_ facts: PlanningFacts? = nil) throws -> MachinePlan {
    try #require(try plan(facts).machines.first)
  }
}

extension LabPlanner {
  /// The plan, of all machines.
  func plan() throws -> LabPlan {
    var refusals: [ObjectKey: PlanningError] = [:]
    let plan = try plan(without: &refusals)
    if let refusal = refusals.min(by: { $0.key < $1.key }) { throw refusal.value }
    return plan
  }
}
