import Foundation
import Testing

@Suite("A lab of strangers: --no-commands")
struct NoCommandsTests {
  /// A lab with one of everything that is refused, and neighbours that are not.
  private static let files = [
    "lab.yaml": """
    apiVersion: pxelab.dev/v1alpha1
    kind: Lab
    metadata: {name: strange}
    spec:
      diskImages:
        a: inside.img
        b: /etc/hostname
        c: link.img
        d: ../outside.img
        e: image:debian-install
      attachments:
      - name: net
        server:
          command: [sh, -c, id]
      machines:
      - name: m
        efi:
          trust: [inside.pem, /etc/ssl/ca.pem]
          revoke: [0000000000000000000000000000000000000000000000000000000000000000]
    """,
    "m.yaml": """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachineInstance
    metadata: {name: m}
    spec:
      domain:
        memory: {guest: 1Gi}
        devices:
          interfaces: [{name: net, bridge: {}, bootOrder: 1}]
          disks: [{name: d, disk: {bus: virtio}}]
      networks: [{name: net, multus: {networkName: net}}]
      volumes:
      - name: d
        hostDisk: {path: inside.img, type: Disk}
    ---
    apiVersion: k8s.cni.cncf.io/v1
    kind: NetworkAttachmentDefinition
    metadata: {name: net}
    spec: {config: '{"cniVersion": "0.3.1", "name": "net", "type": "bridge", "bridge": "br0"}'}
    ---
    apiVersion: hco.kubevirt.io/v1beta1
    kind: HyperConverged
    metadata: {name: kubevirt-hyperconverged}
    spec: {featureGates: {HostDisk: true}}
    """,
  ]

  @Test("every place is said, and nothing is made", arguments: [["test"], ["up", "--once"]])
  func refused(_ command: [String]) async throws {
    let folder = try TemporaryFolder()
    for (name, text) in Self.files {
      try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
    }
    try "x".write(toFile: "\(folder.path)/inside.img", atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link.img", withDestinationPath: "/etc/hostname")
    let outcome = try await Program().run(
      command + ["--no-commands", folder.path], state: "\(folder.path)/state")
    #expect(outcome.status == .exited(2), "\(outcome.errors)")
    let places = outcome.errors.split(separator: "\n").filter { $0.contains(": --no-commands: ") }
      .map { line in
        line.split(separator: ": ", maxSplits: 2).prefix(2).joined(separator: ": ")
          .replacing("\(folder.path)/", with: "")
      }
    #expect(
      places == [
        "lab.yaml:14:7: spec.attachments[0].server.command", "lab.yaml:7:5: spec.diskImages.b",
        "lab.yaml:8:5: spec.diskImages.c", "lab.yaml:9:5: spec.diskImages.d",
        "lab.yaml:18:27: spec.machines[0].efi.trust[1]", "m.yaml:13:5: spec.volumes[0].hostDisk",
      ], "\(outcome.errors)")
    #expect(outcome.errors.contains("refused by --no-commands"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/state/labs"))
  }
}
