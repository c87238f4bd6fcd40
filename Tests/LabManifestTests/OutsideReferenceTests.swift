import LabManifest
import Testing

/// What a lab asks for beside machines and networks, with its place.
@Suite struct OutsideReferenceTests {
  private static func references(_ lab: String, _ machine: String) -> [String] {
    let input = LabInput(
      files: [(path: "lab.yaml", text: lab), (path: "vm.yaml", text: machine)], folderName: "l")
    return input.outsideReferences.map { "\($0.location) \($0.field) \($0.subject)" }
  }

  private static let machine = """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachine
    metadata: {name: m}
    spec:
      runStrategy: Always
      template:
        spec:
          domain: {memory: {guest: 1Gi}, devices: {}}
          volumes: [{name: a, emptyDisk: {capacity: 1Gi}}, {name: b, hostDisk: {path: /b}}]
    """

  @Test func programsAndFiles() {
    let lab = """
      apiVersion: pxelab.dev/v1alpha1
      kind: Lab
      metadata: {name: l}
      spec:
        diskImages: {a: a.img, b: "image:debian-install"}
        attachments:
        - {name: x, server: {command: [sh]}}
        - {name: y, server: none}
        - {name: z}
        schedulers:
        - {name: s, command: [/bin/s, -v]}
        machines:
        - name: m
          efi: {trust: [t.pem], revoke: [r], authorities: [c.pem]}
      """
    #expect(
      Self.references(lab, Self.machine) == [
        #"lab.yaml:7:24 spec.attachments[0].server.command command("sh")"#,
        #"lab.yaml:11:15 spec.schedulers[0].command command("/bin/s")"#,
        #"lab.yaml:5:16 spec.diskImages.a file("a.img")"#,
        #"lab.yaml:14:19 spec.machines[0].efi.trust[0] file("t.pem")"#,
        #"lab.yaml:14:36 spec.machines[0].efi.revoke[0] file("r")"#,
        #"lab.yaml:14:54 spec.machines[0].efi.authorities[0] file("c.pem")"#,
        #"vm.yaml:9:66 spec.template.spec.volumes[1].hostDisk hostDisk("/b")"#,
      ])
  }

  @Test func aLabWithoutThemHasNone() {
    let lab = "apiVersion: pxelab.dev/v1alpha1\nkind: Lab\nmetadata: {name: l}\n"
    #expect(Self.references(lab, Self.machine.replacing("hostDisk", with: "other")) == [])
  }
}
