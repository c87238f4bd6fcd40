import KubeVirt
import LabManifest
import Objects
import Testing

/// What a cluster refuses, and what only a lab would.
@Suite struct ManifestValidationTests {
  static let machine = """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachineInstance
    metadata:
      name: node-1
    spec:
      domain:
        memory: {guest: 1Gi}
        devices:
          interfaces:
          - {name: pxe, bridge: {}, bootOrder: 1, macAddress: "de:00:00:00:00:01"}
      networks:
      - name: pxe
        multus: {networkName: net}
    """

  static let attachment = """
    apiVersion: k8s.cni.cncf.io/v1
    kind: NetworkAttachmentDefinition
    metadata:
      name: net
    spec:
      config: '{"cniVersion": "0.3.1", "name": "net", "type": "bridge", "bridge": "br1", "vlan": 5}'
    """

  static let persistent = machine.replacing(
    "devices:",
    with: "firmware: {bootloader: {efi: {secureBoot: false, persistent: true}}}\n    devices:"
      + "\n      rng: {}")

  static let hostDisk =
    machine + "\n  volumes: [{name: disk, hostDisk: {path: /disk.img, type: Disk}}]\n"

  static let settings = """
    ---
    apiVersion: hco.kubevirt.io/v1beta1
    kind: HyperConverged
    metadata: {name: kubevirt-hyperconverged}
    spec:
      featureGates: {HostDisk: true}
    """

  static let written = """
    ---
    apiVersion: kubevirt.io/v1
    kind: KubeVirt
    metadata: {name: kubevirt-kubevirt-hyperconverged}
    spec: {configuration: {developerConfiguration: {featureGates: []}}}
    """

  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var texts: [String]
    var cluster = ClusterSettings()
    var problems: [String]
  }

  static let cases: [Case] = [
    Case(testDescription: "nothing wrong", texts: [machine, attachment], problems: []),
    Case(
      testDescription: "an attachment that is not among the files",
      texts: [machine],
      problems: [
        "0.yaml:13:14: spec.networks[0].multus.networkName: warning: no"
          + " NetworkAttachmentDefinition default/net in these files: a cluster admits the machine,"
          + " but starts it only where it has the attachment"
      ]),
    Case(
      testDescription: "a misspelt attachment",
      texts: [machine.replacing("networkName: net", with: "networkName: nett"), attachment],
      problems: [
        "0.yaml:13:14: spec.networks[0].multus.networkName: warning: no"
          + " NetworkAttachmentDefinition default/nett in these files: a cluster admits the machine,"
          + " but starts it only where it has the attachment; did you mean \"net\"?"
      ]),
    Case(
      testDescription: "one name in two namespaces",
      texts: [
        machine, attachment,
        machine.replacing("name: node-1", with: "name: node-1\n  namespace: other")
          .replacing("networkName: net", with: "networkName: default/net")
          .replacing("00:01", with: "00:02"),
      ], problems: []),
    Case(
      testDescription: "one object twice",
      texts: [machine.replacing("00:01", with: "00:02"), attachment, machine],
      problems: [
        "2.yaml:4:3: metadata.name: warning: VirtualMachineInstance/node-1 in namespace default is"
          + " also at 0.yaml:1:1: applied one after the other, the later one replaces the earlier"
      ]),
    Case(
      testDescription: "a name that no file name can be, but a cluster takes",
      texts: [machine.replacing("node-1", with: "node.1"), attachment], problems: []),
    Case(
      testDescription: "a name that a cluster makes up",
      texts: [machine.replacing("name: node-1", with: "generateName: node-"), attachment],
      problems: []),
    Case(
      testDescription: "no name",
      texts: [machine.replacing("name: node-1", with: "labels: {}"), attachment],
      problems: [
        "0.yaml:3:1: metadata.name: Required value: name or generateName is required"
      ]),
    Case(
      testDescription: "a document after one that is broken",
      texts: ["a: [\n---\n" + machine.replacing("bootOrder: 1", with: "bootOrder: 0"), attachment],
      problems: [
        "0.yaml:2:1: YAML: while parsing a flow node that begins in line 2: did not find expected"
          + " node content",
        "0.yaml:12:33: spec[0].bootOrder: spec[0] must have a boot order > 0, if supplied",
      ]),
    Case(
      testDescription: "a gate that is off",
      texts: [hostDisk, attachment],
      problems: [
        "0.yaml:14:13: spec.volumes[0]: HostDisk feature gate is not enabled"
      ]),
    Case(
      testDescription: "a gate that is given",
      texts: [hostDisk, attachment], cluster: ClusterSettings(featureGates: ["HostDisk"]),
      problems: []),
    Case(
      testDescription: "settings that come after their machine",
      texts: [hostDisk + settings, attachment], problems: []),
    Case(
      testDescription: "a KubeVirt beside the HyperConverged that it comes from",
      texts: [hostDisk + written, attachment + "\n" + settings],
      problems: [
        "0.yaml:16:1: kind: warning: these settings are not looked at: those of the HyperConverged"
          + " at 1.yaml:8:1 hold, whose operator writes the cluster's KubeVirt"
      ]),
    Case(
      testDescription: "two clusters",
      texts: [settings, settings],
      problems: ["1.yaml:2:1: kind: a cluster has one HyperConverged; another is at 0.yaml:2:1"]),
    Case(
      testDescription: "persistent EFI variables, and nothing said of the cluster",
      texts: [persistent, attachment], problems: []),
    Case(
      testDescription: "persistent EFI variables, and a cluster without the gate",
      texts: [persistent + "\n" + settings, attachment], problems: []),
    Case(
      testDescription: "persistent EFI variables, and a gate that no cluster has",
      texts: [
        persistent + "\n" + settings.replacing("HostDisk: true", with: "VMPersistentState: false"),
        attachment,
      ],
      problems: [
        "0.yaml:8:54: spec.domain.firmware.bootloader.efi.persistent: VMPersistentState feature gate"
          + " is not enabled: the files set it to false; leave it out",
        "0.yaml:21:18: spec.featureGates.VMPersistentState: warning: a cluster ignores it:"
          + " VMPersistentState is no feature gate of a HyperConverged, and persistent EFI variables"
          + " need none; a lab does as it says",
      ]),
    Case(
      testDescription: "a lab's own rules, where there is a lab",
      texts: [
        machine, attachment,
        "apiVersion: pxelab.dev/v1alpha1\nkind: Lab\nmetadata: {name: lab}\n"
          + "spec: {machines: [{name: node-2}]}",
      ],
      problems: [
        "2.yaml:4:20: spec.machines[0].name: no machine \"node-2\" in this lab; did you mean"
          + " \"node-1\"?"
      ]),
  ]

  @Test(arguments: cases) func problems(row: Case) {
    let files = row.texts.enumerated().map { (path: "\($0).yaml", bytes: Array($1.utf8)) }
    let validation = ManifestValidation(files: files, folderName: "folder", cluster: row.cluster)
    #expect(validation.problems.map(\.description) == row.problems)
    #expect(validation.accepted == row.problems.allSatisfy { $0.contains(": warning: ") })
  }

  @Test func whatIsNotCheckedIsNamed() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
    let validation = ManifestValidation(
      files: [(path: "a.yaml", bytes: Array(text.utf8))], folderName: "folder")
    #expect(validation.accepted)
    #expect(validation.skipped.map(\.object) == ["Secret/s"])
    #expect(validation.skipped.map(\.location.description) == ["a.yaml:1:1"])
  }
}
