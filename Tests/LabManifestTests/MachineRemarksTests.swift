import LabManifest
import Objects
import Testing

/// What costs people days, and machines that come near.
@Suite struct MachineRemarksTests {
  /// A VirtualMachine in pieces.
  struct Text {
    var efi = "efi: {secureBoot: false}"
    var devices = "rng: {}"
    var disks = "- {name: root, disk: {bus: virtio}, bootOrder: 2}"
    var interface = "bootOrder: 1, macAddress: \"02:00:00:00:00:11\""
    var volume = "emptyDisk: {capacity: 1Gi}"
    var spec = "cpu: {}"
    var more = ""

    var yaml: String {
      """
      apiVersion: kubevirt.io/v1
      kind: VirtualMachine
      metadata: {name: m, namespace: lab}
      spec:
        runStrategy: Always
        dataVolumeTemplates:
        - metadata: {name: blank}
          spec: {source: {blank: {}}, storage: {resources: {requests: {storage: 1Gi}}}}
        template:
          spec:
            domain:
              memory: {guest: 1Gi}
              \(spec)
              firmware: {bootloader: {\(efi)}}
              devices:
                \(devices)
                interfaces: [{name: pxe, bridge: {}, \(interface)}]
                disks: [\(disks.dropFirst(2)), {name: other, disk: {}}]
            networks: [{name: pxe, multus: {networkName: pxe}}]
            volumes: [{name: root, \(volume)}, {name: other, dataVolume: {name: blank}}]
      ---
      apiVersion: k8s.cni.cncf.io/v1
      kind: NetworkAttachmentDefinition
      metadata: {name: pxe, namespace: lab}
      spec: {config: '{"cniVersion":"0.3.1","name":"pxe","type":"bridge","bridge":"br1"}'}
      \(more)
      """
    }
  }

  static let hyperConverged = """
    ---
    apiVersion: hco.kubevirt.io/v1beta1
    kind: HyperConverged
    metadata: {name: kubevirt-hyperconverged}
    spec: {}
    """

  static let diskFirst = "- {name: root, disk: {bus: virtio}, bootOrder: 1}"
  static let mac = "macAddress: \"02:00:00:00:00:11\""

  @Test(
    arguments: [
      (Text(), nil),
      (Text(devices: "autoattachSerialConsole: true"), "UEFI network boot without devices.rng"),
      (Text(efi: "bios: {}", devices: "autoattachSerialConsole: true"), nil),
      (
        Text(devices: "autoattachSerialConsole: true", disks: diskFirst, interface: mac),
        "nothing will boot"
      ),
      (Text(disks: diskFirst, interface: mac), "nothing will boot"),
      (Text(disks: diskFirst, interface: mac, volume: "containerDisk: {image: i}"), nil),
      (Text(disks: diskFirst, interface: "bootOrder: 2, \(mac)"), nil),
      (Text(interface: "bootOrder: 1"), "without macAddress"),
      (Text(interface: "bootOrder: 1", more: hyperConverged), nil),
      (Text(spec: "cpu: {model: Haswell-noTSX}"), nil),
      (Text(spec: "cpu: {model: Skylake-Server-v2}"), nil),
      (Text(spec: "cpu: {model: host-model}"), nil),
      (Text(spec: "cpu: {model: host-passthrough}"), nil),
      (Text(spec: "cpu: {model: Haswel}"), "\"Haswel\"; did you mean \"Haswell\"?"),
      (Text(spec: "cpu: {model: epyc}"), "\"epyc\"; did you mean \"EPYC\"?"),
      (Text(spec: "cpu: {model: Conroe}"), "the cluster calls the CPU model Conroe obsolete"),
      (Text(spec: "cpu: {model: Conroe}", more: hyperConverged), "Conroe obsolete"),
      (
        Text(
          spec: "cpu: {model: Haswell}",
          more: hyperConverged.replacing("{}", with: "{obsoleteCPUs: {cpuModels: [Haswell]}}")),
        "Haswell obsolete"
      ),
      (
        Text(
          spec: "cpu: {model: Conroe}",
          more: """
            ---
            apiVersion: kubevirt.io/v1
            kind: KubeVirt
            metadata: {name: kubevirt}
            spec: {configuration: {obsoleteCPUModels: {Haswell: true}}}
            """), nil
      ),
      (Text(spec: "cpu: {model: maximum}"), "has no \"maximum\""),
      (Text(spec: "cpu: {model: -v2}"), "pxelab's list of libvirt's x86 CPU models"),
    ] as [(Text, String?)])
  func remarks(text: Text, words: String?) {
    let validation = ManifestValidation(
      files: [("m.yaml", Array(text.yaml.utf8))], folderName: "f")
    let messages = validation.problems.map(\.message)
    #expect(messages.count == (words == nil ? 0 : 1), "\(messages)")
    if let words { #expect(messages.first?.contains(words) == true, "\(messages)") }
    #expect(validation.accepted)
  }
}
