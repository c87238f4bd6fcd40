import DomainXML
import Execution
import ExternalCommand
import Foundation
import Testing

@testable import Planning

private let secureBoot = """
  firmware: {bootloader: {efi: {secureBoot: true}}}
      features: {smm: {enabled: true}}
  """
private let insecure = "firmware: {bootloader: {efi: {secureBoot: false}}}"

private func domain(
  _ text: LabText, _ acceleration: String = "tcg"
) throws -> Domain {
  try Domain(parsing: try text.machine(try .fixed(acceleration: acceleration)).domainXML)
}

private func video(_ domain: Domain) -> String? {
  domain.element.first("devices", "video", "model")?[attribute: "type"]
}

private func cluster(_ model: String) -> String {
  """
  ---
  apiVersion: hco.kubevirt.io/v1beta1
  kind: HyperConverged
  metadata: {name: kubevirt-hyperconverged}
  spec: {defaultCPUModel: "\(model)"}
  """
}

@Suite struct DomainPlannerTests {
  /// The processor that lab.yaml gives the node is the guest's host model, as far as TCG can.
  @Test(arguments: [
    ("host-model", "tcg", "Haswell"), ("host-model", "kvm", nil), ("EPYC", "tcg", "EPYC"),
  ])
  func hostModelOfADescribedNode(
    _ model: String, _ acceleration: String, _ expected: String?
  ) throws {
    var text = LabText()
    text.domain = "memory: {guest: 1Gi}\n    cpu: {model: \(model)}"
    text.cluster = """
      ---
      apiVersion: pxelab.dev/v1alpha1
      kind: Lab
      metadata: {name: lab}
      spec:
        nodes:
        - name: node01
          cpu: {model: Haswell, features: [{name: vmx}, {name: pcid, policy: disable}]}
      """
    let planner = LabPlanner(
      try text.input(), facts: try .fixed(acceleration: acceleration), role: .only("node01"))
    let plan = try planner.plan()
    let machine = try #require(plan.machines.first)
    let cpu = try #require(try Domain(parsing: machine.domainXML).processor)
    #expect(cpu.model == expected)
    if model == "host-model", expected != nil {
      #expect(cpu.policy(ofFeature: "vmx") == "require")
      #expect(cpu.policy(ofFeature: "pcid") == "disable")
    }
    #expect(
      plan.notices.contains { $0.contains("KVM gives the guest this machine's processor") }
        == (acceleration == "kvm"))
  }

  /// The machine's model, the cluster's, then host-model; what TCG can do of it.
  @Test(arguments: [
    ("", "", "kvm", "host-model", nil, nil),
    ("", "", "tcg", "host-model", nil, "none"),
    ("", "EPYC", "kvm", "custom", "EPYC", nil),
    ("Nehalem", "EPYC", "kvm", "custom", "Nehalem", nil),
    ("Nehalem", "EPYC", "tcg", "custom", "Nehalem", "none"),
    ("host-model", "EPYC", "kvm", "host-model", nil, nil),
    ("host-passthrough", "EPYC", "kvm", "host-passthrough", nil, nil),
    ("host-passthrough", "", "tcg", "maximum", nil, nil),
  ])
  func cpu(
    _ machine: String, _ inCluster: String, _ acceleration: String, _ mode: String,
    _ model: String?, _ check: String?
  ) throws {
    var text = LabText()
    if !machine.isEmpty { text.domain = "memory: {guest: 1Gi}\n    cpu: {model: \(machine)}" }
    if !inCluster.isEmpty { text.cluster = cluster(inCluster) }
    let domain = try domain(text, acceleration)
    #expect(domain.element[attribute: "type"] == (acceleration == "kvm" ? "kvm" : "qemu"))
    let cpu = try #require(domain.processor)
    #expect(cpu.mode == mode)
    #expect(cpu.model == model)
    #expect(domain.element.first("cpu")?[attribute: "check"] == check)
    #expect(cpu.policy(ofFeature: "mpx") == (model == nil ? nil : "disable"))
  }

  @Test func topologyMakesTheNumberOfProcessors() throws {
    let domain = try domain(
      LabText(domain: "memory: {guest: 2Gi}\n    cpu: {sockets: 2, cores: 3, threads: 2}"))
    #expect(domain.element.first("vcpu")?.text == "12")
    #expect(
      domain.element.first("memory") == XMLElement("memory", ["unit": "b"], text: "2147483648"))
  }

  @Test(arguments: [
    (secureBoot, "OVMF_CODE_4M.ms.fd", "OVMF_VARS_4M.ms.fd", true, true),
    (insecure, "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd", false, false),
  ])
  func firmware(
    _ lines: String, _ code: String, _ template: String, _ isSecure: Bool, _ hasSMM: Bool
  ) throws {
    let domain = try domain(LabText(domain: "memory: {guest: 1Gi}\n    \(lines)"))
    let system = try #require(domain.element.first("os"))
    #expect(system.first("loader")?.text == "/usr/share/OVMF/\(code)")
    #expect(domain.hasSecureLoader == isSecure)
    #expect(system.first("nvram")?[attribute: "template"] == "/usr/share/OVMF/\(template)")
    #expect(domain.variableStore == "/state/labs/lab/machine-m/m_VARS.fd")
    #expect(domain.hasSMM == hasSMM)
    #expect(domain.interfaces.first?.hasROM == false)
    #expect(video(domain) == "bochs")
  }

  @Test func biosHasNoVariablesAndBootsByTheNetworkCardsOwnROM() throws {
    let text = LabText(
      domain: "memory: {guest: 1Gi}\n    firmware: {bootloader: {bios: {useSerial: true}}}",
      interface: "bridge: {}, bootOrder: 1")
    let domain = try domain(text)
    #expect(domain.element.first("os", "loader") == nil && domain.variableStore == nil)
    #expect(domain.hasBIOSConsole)
    let interface = try #require(domain.interfaces.first)
    #expect(interface.hasROM == nil)
    #expect(video(domain) == "vga")
    #expect(try text.machine().variableStore == nil)
  }

  @Test func persistentVariablesLieOutsideTheLabsFolder() throws {
    let text = LabText(
      domain: """
        memory: {guest: 1Gi}
            firmware: {bootloader: {efi: {secureBoot: false, persistent: true}}}
        """,
      cluster: """
        ---
        apiVersion: hco.kubevirt.io/v1beta1
        kind: HyperConverged
        metadata: {name: kubevirt-hyperconverged}
        spec: {featureGates: {VMPersistentState: true}}
        """)
    let store = try #require(try text.machine().variableStore)
    #expect(store.persistent && store.path == "/state/stores/lab/m_VARS.fd")
  }

  @Test(arguments: [
    ("bridge: {}", "virtio-non-transitional"),
    ("bridge: {}, model: e1000e", "e1000e"),
    ("bridge: {}, model: rtl8139", "rtl8139"),
  ])
  func interfaceModel(_ interface: String, _ model: String) throws {
    let domain = try domain(LabText(interface: interface))
    #expect(domain.interfaces.first?.model == model)
    #expect(domain.interfaces.first?.target == "pxl-t2f0b83d2")
  }

  @Test(arguments: [("virtio", "vda"), ("sata", "sda"), ("scsi", "sda"), ("usb", "sda")])
  func everyBusHasAController(_ bus: String, _ device: String) throws {
    let domain = try domain(
      LabText(disks: [("disk: {bus: \(bus)}", "emptyDisk: {capacity: 1Gi}")]))
    let disk = try #require(domain.disks.first)
    #expect(disk.target == device && disk.bus == bus)
    let models = Dictionary(
      domain.controllers.map { ($0.type, $0.element[attribute: "model"]) }
    ) { first, _ in first }
    #expect(models["usb"] == (bus == "usb" ? "qemu-xhci" : "none"))
    #expect(models["scsi"] == "virtio-non-transitional")
  }

  @Test func differencesAreSaid() throws {
    let domain = """
      memory: {guest: 1Gi, hugepages: {pageSize: 2Mi}}
          firmware: {kernelBoot: {kernelArgs: quiet, container: {image: i, kernelPath: /vmlinuz}}}
      """
    let text = LabText(
      domain: domain, disks: [("cdrom: {bus: sata}", "emptyDisk: {capacity: 1Gi}")])
    let plan = try text.plan()
    let xml = try #require(plan.machines.first).domainXML
    #expect(!xml.contains("<hugepages") && !xml.contains("<numa"))
    #expect(!xml.contains("<kernel>") && !xml.contains("<cmdline>"))
    for word in ["huge pages", "kernelBoot"] {
      #expect(plan.notices.contains { $0.contains(word) }, "\(word)")
    }
  }

  /// A cluster leaves room for processors and memory that live updates add; a lab does not.
  @Test func nothingIsPluggedInLater() throws {
    let xml = try LabText(domain: "memory: {guest: 2Gi}\n    cpu: {sockets: 2, cores: 3}").machine()
      .domainXML
    #expect(!xml.contains("<vcpus>") && !xml.contains("<maxMemory"))
    #expect(xml.contains("<vcpu placement=\"static\">6</vcpu>"))
    #expect(xml.contains("<topology sockets=\"2\" cores=\"3\" threads=\"1\" />"))
  }

  @Test func anInterfaceKeepsItsPCIAddress() throws {
    let text = LabText(interface: "bridge: {}, bootOrder: 1, pciAddress: \"0000:0a:00.0\"")
    let interface = try #require(try domain(text).interfaces.first)
    #expect(
      interface.element[attribute: "type"] == "ethernet" && interface.target == "pxl-t2f0b83d2")
    #expect(interface.address?.bus == 0x0a)
  }

  /// libvirt's own schema, by its own validator, which runs xmllint (package libxml2-utils).
  @Test(
    arguments: [
      LabText(),
      LabText(domain: "memory: {guest: 1Gi}\n    \(secureBoot)"),
      LabText(
        domain: "memory: {guest: 1Gi}\n    firmware: {bootloader: {bios: {useSerial: true}}}"),
      LabText(interface: "bridge: {}, model: e1000e, bootOrder: 1, state: down, acpiIndex: 3"),
      LabText(outer: "startStrategy: Paused"),
      LabText(disks: [
        ("disk: {bus: virtio}, bootOrder: 2, serial: ABC", "emptyDisk: {capacity: 1Gi}"),
        ("disk: {bus: usb}", "emptyDisk: {capacity: 1Gi}"),
        ("lun: {bus: scsi}", "persistentVolumeClaim: {claimName: c}"),
        ("cdrom: {bus: sata}, cache: none", "emptyDisk: {capacity: 1Gi}"),
      ]),
      LabText(domain: "memory: {guest: 1Gi}\n    cpu: {model: Nehalem, cores: 2}"),
      LabText(
        domain: """
          memory: {guest: 1Gi, hugepages: {pageSize: 2Mi}}
              clock: {utc: {}, timer: {hpet: {present: false}}}
              firmware: {kernelBoot: {container: {image: i, kernelPath: /vmlinuz}}}
          """),
    ])
  func libvirtsSchemaAccepts(_ text: LabText) async throws {
    for acceleration in ["kvm", "tcg"] {
      let planner = LabPlanner(try text.input(), facts: try .fixed(acceleration: acceleration))
      let machine = try #require(try planner.plan().machines.first)
      let xml = try planner.domain(of: machine).xml(explained: true)
      let file = FileManager.default.temporaryDirectory
        .appending(path: "pxelab-domain-\(UUID().uuidString).xml")
      try xml.write(to: file, atomically: true, encoding: .utf8)
      defer { try? FileManager.default.removeItem(at: file) }
      try await SubprocessRunner().run(Command("virt-xml-validate", [file.path(), "domain"]))
    }
  }
}
