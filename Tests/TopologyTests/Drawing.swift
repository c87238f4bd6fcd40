import Addresses
import DryLab
import Firmware
import Foundation
import Kinds
import LabManifest
import Planning
import Topology

/// Labs to draw, on a machine that is the same everywhere.
enum Drawing {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A lab under labs/.
  static func shipped(_ name: String) async throws -> Topology {
    let folder = root.appending(path: "labs/\(name)").resolvingSymlinksInPath()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
    return try await topology(
      names.filter { $0.hasSuffix(".yaml") }.map { name in
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      })
  }

  /// Machines, each with an interface on the pod network and one on each of the attachments.
  static func made(
    machines: Int, attachments: [String], nameLength: Int = 8
  ) async throws -> Topology {
    let networks = attachments.indices.map { "net\($0)" }
    let definitions = zip(networks, attachments).map { name, config in
      """
      apiVersion: k8s.cni.cncf.io/v1
      kind: NetworkAttachmentDefinition
      metadata: {name: \(name)}
      spec:
        config: '{"cniVersion": "0.3.1", "name": "\(name)", "type": "bridge", \(config)}'
      """
    }
    let all = (0..<machines).map { index in
      let name = "m\(index)-".padding(toLength: max(4, nameLength), withPad: "x", startingAt: 0)
      let interfaces = networks.map { "{name: \($0), bridge: {}, bootOrder: \($0.last ?? "0")1}" }
      return """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: \(name)}
        spec:
          domain:
            memory: {guest: 1Gi}
            devices:
              interfaces: [{name: default, masquerade: {}}, \(interfaces.joined(separator: ", "))]
          networks:
          - {name: default, pod: {}}
          \(networks.map { "- {name: \($0), multus: {networkName: \($0)}}" }.joined(separator: "\n  "))
        """
    }
    return try await topology(definitions + all)
  }

  private static func topology(_ texts: [String]) async throws -> Topology {
    Topology(try await plan(texts))
  }

  static func plan(_ texts: [String]) async throws -> LabPlan { try await lab(texts).plan }

  /// A lab of several nodes as planned.
  static func nodes(_ texts: [String]) async throws -> Topology {
    let lab = try await lab(texts)
    return Topology(lab.plan, parts: lab.parts)
  }

  private static func lab(_ texts: [String]) async throws -> DryLab {
    let folder = ManifestFolder.Spec(
      path: "/lab",
      files: [ManifestFolder.File(path: "lab.yaml", text: texts.joined(separator: "\n---\n"))])
    let input = LabInput(files: folder.files.map { ($0.path, $0.text) }, folderName: "lab")
    guard !input.hasErrors else { throw Refused(problems: "\(input.problems)") }
    var facts = PlanningFacts(
      stateDirectory: "/state", engine: Reasoned(.linuxBridge, because: "asked for"),
      acceleration: Reasoned("tcg", because: "asked for"), isRoot: true,
      firmwares: try firmwares(),
      images: [
        "debian-secureboot": PlanningFacts.Image(bootFiles: [7: "shimx64.efi"], fileSizes: [:])
      ])
    facts.nodes = input.nodes.map(\.name)
    return try await DryLab(
      ManifestObjects(folder.files, lab: input.lab.name), from: folder, facts: facts)
  }

  private static func firmwares() throws -> [FirmwareDescriptorFile] {
    let folder = root.appending(path: "Tests/FirmwareTests/Fixtures")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path())
      .filter { $0.contains("-edk2-") }.sorted().map { name in
        FirmwareDescriptorFile(
          path: "/usr/share/qemu/firmware/\(name)",
          text: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
      }
  }

  struct Refused: Error {
    var problems: String
  }
}
