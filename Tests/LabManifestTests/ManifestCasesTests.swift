import Foundation
import KubeVirt
import LabManifest
import NetworkAttachment
import Objects
import Testing

/// What other people's manifests showed: Fixtures/manifests.
@Suite struct ManifestCasesTests {
  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var options = ManifestValidation.Options()
    /// Line and column, severity, and words of the message.
    var problems: [String]
    /// Line and column, and words.
    var notes: [String] = []
  }

  private static let strict = ManifestValidation.Options(isStrict: true)
  private static let notInFiles =
    "is not in these files: what it says of the machine is not checked"

  static let cases: [Case] = [
    Case(testDescription: "01-vmpersistentstate-is-ga", problems: []),
    Case(
      testDescription: "02-nad-of-a-plugin-that-a-lab-lacks", problems: [],
      notes: [
        "1:1 macvlan is not checked",
        "7:1 ovn-k8s-cni-overlay with topology layer2 is not checked", "13:1 ovs is not checked",
      ]),
    Case(testDescription: "03-empty-values", problems: []),
    Case(
      testDescription: "04-datavolume-source-with-unknown-key",
      problems: [
        "9:27 warning strict decoding error: unknown field"
          + " \"spec.dataVolumeTemplates[0].spec.source.size\" (kubectl refuses"
      ]),
    Case(
      testDescription: "04-datavolume-source-with-unknown-key", options: strict,
      problems: ["9:27 error strict decoding error: unknown field"]),
    Case(
      testDescription: "05-instancetype-conflict",
      problems: [
        "10:15 error VM field(s) spec.template.spec.domain.cpu.cores conflicts with selected"
          + " instance type",
        "11:18 error VM field(s) spec.template.spec.domain.memory.guest conflicts with selected"
          + " instance type",
      ], notes: ["6:3 VirtualMachineClusterInstancetype/u1.medium \(notInFiles)"]),
    Case(testDescription: "06-instancetype-and-preference-in-the-file", problems: []),
    Case(
      testDescription: "07-secure-boot-with-a-preference",
      problems: ["11:33 warning SecureBoot requires SMM, which is currently disabled. (unless"],
      notes: [
        "6:3 VirtualMachineClusterInstancetype/u1.medium \(notInFiles)",
        "7:3 VirtualMachineClusterPreference/rhel.9 \(notInFiles)",
      ]),
    Case(
      testDescription: "08-folder-of-a-gitops-repository",
      problems: ["2:1 error Object 'Kind' is missing"]),
    Case(
      testDescription: "09-nad-without-config", problems: [],
      notes: ["1:1 the configuration is a file of the nodes that is named istio-cni"]),
    Case(
      testDescription: "10-ovn-nad-namespace-given-when-applied",
      problems: ["5:104 warning this holds only where the attachment is in namespace vms"]),
    Case(
      testDescription: "10-ovn-nad-namespace-given-when-applied",
      options: ManifestValidation.Options(namespace: "vms"), problems: []),
    Case(
      testDescription: "10-ovn-nad-namespace-given-when-applied",
      options: ManifestValidation.Options(namespace: "other"),
      problems: [
        "5:104 error net-attach-def name (other/localnet1) is inconsistent with config"
          + " (vms/localnet1)"
      ]),
    Case(
      testDescription: "11-a-cluster-refuses-it-and-exit-0",
      problems: [
        "1:1 warning the field is spelt \"apiversion\"",
        "12:42 error strict decoding error: unknown field"
          + " \"spec.template.spec.domain.devices.interfaces[0].bootOder\"; did you mean"
          + " \"bootOrder\"? (kubectl refuses the object; oc and Argo CD's Validate=false drop the"
          + " field in silence)",
      ]),
    Case(
      testDescription: "11-a-cluster-refuses-it-and-exit-0", options: strict,
      problems: ["1:1 error the field is spelt", "12:42 error strict decoding error"]),
    Case(testDescription: "12-cudn-makes-the-attachment", problems: []),
    Case(
      testDescription: "13-resourcename-of-another-bridge",
      problems: [
        "7:5 warning the pod goes to a node with the bridge br0, and the plugin makes an empty"
          + " bridge br1 there"
      ]),
    Case(
      testDescription: "14-ovn-localnet-config-name",
      problems: [
        "11:102 warning because both configurations are named \"physnet\", and refuses the one that"
          + " comes second: VLAN 200 here, VLAN 100 there. Add \"physicalNetworkName\": \"physnet\""
      ]),
    Case(
      testDescription: "15-uefi-network-boot-without-rng",
      problems: ["15:37 warning UEFI network boot without devices.rng"]),
    Case(
      testDescription: "16-pxe-interface-without-bootorder",
      problems: ["14:47 warning nothing will boot: the disk is empty"]),
    Case(
      testDescription: "17-tftp-options-on-the-interface",
      problems: [
        "17:13 error it belongs into dhcpOptions:"
          + " spec.template.spec.domain.devices.interfaces[0].dhcpOptions.bootFileName",
        "18:13 error it belongs into dhcpOptions:"
          + " spec.template.spec.domain.devices.interfaces[0].dhcpOptions.tftpServerName",
      ]),
    Case(
      testDescription: "18-no-mac-address",
      problems: ["16:13 warning without macAddress the interface gets another MAC address"]),
    Case(
      testDescription: "19-json-taken-for-a-cni-configuration",
      problems: ["1:1 error Object 'Kind' is missing"]),
    Case(
      testDescription: "20-kinds-with-a-machine-inside",
      problems: [
        "15:37 error spec.virtualMachineTemplate.spec.template.spec.domain has EFI SecureBoot"
          + " enabled. SecureBoot requires SMM, which is currently disabled. Write smm",
        "18:42 error spec.virtualMachineTemplate.spec.template.spec[0] must have a boot order > 0",
        "18:56 warning all 2 machines of VirtualMachinePool/p have the MAC address"
          + " 02:00:00:00:00:01",
        "20:35 warning no NetworkAttachmentDefinition lab/pxe in these files",
      ]),
    Case(
      testDescription: "21-count-of-refused-files",
      problems: ["4:1 error spec.template in body is required"]),
    Case(
      testDescription: "22-nncp-makes-another-bridge",
      problems: [
        "11:25 warning a port of a bridge with STP forwards nothing for its first 30 s",
        "18:63 warning no policy among these files makes a bridge br-1; did you mean \"br1\"?",
      ]),
    Case(
      testDescription: "23-template-files",
      problems: [
        "4:9 error this looks like a template ({{ ... }}): render it first: helm template ..."
          + " | pxelab validate -"
      ]),
    Case(testDescription: "24-lab-name-too-long", problems: []),
  ]

  static func bytes(of name: String) throws -> [UInt8] {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/manifests/\(name)", withExtension: "yaml"))
    return Array(try Data(contentsOf: url))
  }

  @Test(arguments: cases) func whatIsSaid(row: Case) throws {
    let validation = ManifestValidation(
      files: [("input.yaml", try Self.bytes(of: row.testDescription))], folderName: "folder",
      options: row.options)
    Self.compare(
      validation.problems.map { ($0.location, "\($0.severity) ", $0.message) }, row.problems)
    Self.compare(validation.notes.map { ($0.location, "", $0.message) }, row.notes)
    #expect(validation.accepted == row.problems.allSatisfy { $0.contains(" warning ") })
  }

  private static func compare(
    _ found: [(location: Objects.SourceLocation?, severity: String, message: String)],
    _ expected: [String]
  ) {
    #expect(found.count == expected.count, "\(found.map(\.message))")
    for (one, words) in zip(found, expected) {
      let place = one.location.map { "\($0.line):\($0.column) " } ?? ""
      #expect(words.hasPrefix(place + one.severity), "\(place)\(one)")
      let message = words.dropFirst(place.count + one.severity.count)
      #expect(one.message.contains(message), "\(one.message)")
    }
  }

  @Test(arguments: [
    ("12-cudn-makes-the-attachment", [String](), [String]()),
    (
      "02-nad-of-a-plugin-that-a-lab-lacks", ["no VirtualMachine"],
      ["migration", "l2", "ovs100"].map { "left out NetworkAttachmentDefinition/\($0)" }
    ),
    (
      "05-instancetype-conflict",
      [
        "VirtualMachineClusterInstancetype/u1.medium is not in these files: without it",
        "conflicts",
      ],
      []
    ),
    ("06-instancetype-and-preference-in-the-file", [], []),
  ])
  func aLab(name: String, errors: [String], notices: [String]) throws {
    let text = String(decoding: try Self.bytes(of: name), as: UTF8.self)
    let input = LabInput(files: [("input.yaml", text)], folderName: "lab")
    let found = input.problems.filter { $0.severity == .error }.map(\.message)
    for words in errors { #expect(found.contains { $0.contains(words) }, "\(found)") }
    #expect(input.hasErrors == !errors.isEmpty, "\(found)")
    for words in notices { #expect(input.lab.notices.contains { $0.contains(words) }) }
  }

  @Test func anAttachmentThatALabLacksIsAnErrorWhereAMachineUsesIt() throws {
    let machine = ManifestValidationTests.machine.replacing(
      "networkName: net", with: "networkName: lab/l2")
    let text = String(
      decoding: try Self.bytes(of: "02-nad-of-a-plugin-that-a-lab-lacks"), as: UTF8.self)
    let input = LabInput(
      files: [("a.yaml", text), ("b.yaml", machine)], folderName: "lab")
    let errors = input.problems.filter { $0.severity == .error }
    #expect(errors.map(\.object) == ["NetworkAttachmentDefinition/l2"], "\(errors)")
    #expect(errors.first?.message.contains("topology layer2 is not checked") == true)
  }

  @Test func theLabsMachineHasItsInstancetypesSize() throws {
    let text = String(
      decoding: try Self.bytes(of: "06-instancetype-and-preference-in-the-file"), as: UTF8.self)
    let machine = try #require(
      LabInput(files: [("a.yaml", text)], folderName: "lab").machines.first)
    #expect(machine.cpu.sockets == 2 && machine.cpu.cores == 1 && machine.cpu.threads == 1)
    #expect(machine.resources.guestMemory == Quantity("2Gi"))
    #expect(machine.secureBoot && machine.features.smm)
  }

  @Test func theNamedNetworkIsTheOneThatOVNMakes() throws {
    let text = String(
      decoding: try Self.bytes(of: "12-cudn-makes-the-attachment"), as: UTF8.self)
    let input = LabInput(files: [("a.yaml", text)], folderName: "lab")
    let attachment = try #require(input.attachments.first)
    #expect(attachment.key.description == "lab/pxe")
    #expect(attachment.vlan?.rawValue == 100 && attachment.bridgeName == "physnet")
    #expect(
      input.attachment(of: input.machines[0].interfaces[0], in: input.machines[0]) == attachment)
  }
}
