import Addresses
import KubeVirt
import LabManifest
import NetworkAttachment
import Objects
import Testing

/// The texts of a lab's folder, each of which a case may replace.
struct LabFolder {
  var attachment = """
    apiVersion: k8s.cni.cncf.io/v1
    kind: NetworkAttachmentDefinition
    metadata:
      name: net
    spec:
      config: '{"cniVersion": "0.3.1", "type": "bridge", "bridge": "br1", "vlan": 100}'
    """
  var machine = """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachineInstance
    metadata:
      name: node-1
    spec:
      domain:
        memory: {guest: 1Gi}
        devices:
          interfaces:
          - {name: pxe, bridge: {}, macAddress: "de:00:00:00:00:01", bootOrder: 1}
      networks:
      - name: pxe
        multus: {networkName: net}
    """
  var lab: String?
  var more: [String] = []

  func read(name: String? = nil, folder: String = "Some Folder") -> LabInput {
    var files = [("net.yaml", attachment), ("machine.yaml", machine)]
    if let lab { files.append(("lab.yaml", lab)) }
    for (index, text) in more.enumerated() { files.append(("more-\(index).yaml", text)) }
    return LabInput(
      files: files.map { (path: $0.0, text: $0.1) }, folderName: folder, name: name)
  }

  static func lab(_ spec: String, name: String = "test") -> String {
    "apiVersion: pxelab.dev/v1alpha1\nkind: Lab\nmetadata: {name: \(name)}\nspec:\n\(spec)\n"
  }

  static func server(_ fields: String) -> String {
    lab("  attachments:\n  - name: net\n    server: {\(fields)}")
  }
}

@Suite struct LabInputTests {
  @Test func withoutALabFileDefaultsAreAssumedAndSaid() throws {
    let input = LabFolder().read()
    #expect(input.problems.isEmpty, "\(input.problems)")
    #expect(input.lab.name == "some-folder")
    #expect(input.lab.dataplane == .auto)
    let server = try #require(input.lab.attachments.first?.server)
    #expect(server.vlan == VLANID(rawValue: 100))
    #expect(server.address == IPv4Network("192.168.100.1/24"))
    #expect(server.rangeStart == IPv4Address("192.168.100.50"))
    #expect(server.rangeEnd == IPv4Address("192.168.100.99"))
    #expect(server.image == "debian-secureboot")
    let machine = try #require(input.lab.machines.first)
    #expect(machine.timeoutSeconds == nil)
    #expect(
      machine.expectation
        == Expectation(
          bootFrom: "pxe", vlan: VLANID(rawValue: 100), server: IPv4Address("192.168.100.1"),
          secureBoot: false))
    #expect(input.lab.notices.count == 3)
    for word in ["named some-folder", "192.168.100.1/24 on VLAN 100", "boots from pxe"] {
      #expect(input.lab.notices.contains { $0.contains(word) }, "\(input.lab.notices)")
    }
    #expect(input.attachment(of: input.machines[0].interfaces[0], in: input.machines[0]) != nil)
  }

  @Test(arguments: [("\"vlan\": 300", "192.168.44.1/24"), ("\"mtu\": 1500", "192.168.77.1/24")])
  func defaultAddresses(field: String, address: String) {
    var folder = LabFolder()
    folder.attachment = folder.attachment.replacing("\"vlan\": 100", with: field)
    #expect(folder.read().lab.attachments.first?.server?.address == IPv4Network(address))
  }

  @Test(
    arguments: [
      ("image: debian-secureboot", [.pxev4, .httpv4], nil),
      ("methods: [pxev6]", [.pxev6], "fd00:100::1"),
      ("methods: [httpv4, httpsv6], vlan: 0", [.httpv4, .httpsv6], "fd00:77::1"),
      ("methods: [httpv4]", [.httpv4], "fd00:100::1"),
      ("methods: [pxev4, httpv4]", [.pxev4, .httpv4], nil),
      ("methods: [pxev6], ipv6: 'fd12::5/64'", [.pxev6], "fd12::5"),
      ("ipv6: 'fd12::5/64'", [.pxev4, .httpv4], "fd12::5"),
    ] as [(String, [BootMethod], String?)])
  func methodsAndTheIPv6NetworkThatTheyNeed(
    fields: String, methods: [BootMethod], ipv6: String?
  ) throws {
    var folder = LabFolder()
    folder.lab = LabFolder.server(fields)
    let input = folder.read()
    #expect(!input.hasErrors, "\(input.problems)")
    let server = try #require(input.lab.attachments.first?.server)
    #expect(server.methods == methods)
    #expect(server.ipv6 == ipv6.flatMap(IPv6Address.init))
  }

  @Test func everyFieldOfTheLabFile() throws {
    var folder = LabFolder()
    folder.lab = LabFolder.lab(
      """
        dataplane: open-vswitch
        acceleration: tcg
        attachments:
        - name: net
          server:
            vlan: 200
            address: 10.0.0.1/16
            range: {start: 10.0.1.1, end: 10.0.1.9}
            leaseTime: 90m
            image: other
            bootFile: grub/x.efi
            ipxeScript: x.ipxe
            methods: [pxev4]
            options:
            - {number: 42, value: 10.0.0.1}
        machines:
        - name: node-1
          timeout: 1m30s
          expect: {server: 10.0.0.2, secureBoot: true, lockdown: false}
      """)
    let input = folder.read()
    #expect(input.problems.isEmpty, "\(input.problems)")
    #expect(input.lab.name == "test")
    #expect(input.lab.dataplane == .openVSwitch)
    #expect(input.lab.acceleration == .tcg)
    #expect(
      input.lab.attachments.first?.server
        == BootServer(
          vlan: VLANID(rawValue: 200), address: try #require(IPv4Network("10.0.0.1/16")),
          rangeStart: try #require(IPv4Address("10.0.1.1")),
          rangeEnd: try #require(IPv4Address("10.0.1.9")), leaseSeconds: 5400, image: "other",
          bootFile: "grub/x.efi", iPXEScript: "x.ipxe", methods: [.pxev4],
          options: [.init(number: 42, value: "10.0.0.1")]))
    let machine = try #require(input.lab.machines.first)
    #expect(machine.timeoutSeconds == 90)
    #expect(machine.expectation.vlan == VLANID(rawValue: 100))
    #expect(machine.expectation.bootFrom == "pxe")
    #expect(machine.expectation.server == IPv4Address("10.0.0.2"))
    #expect(machine.expectation.secureBoot == true)
    #expect(machine.expectation.lockdown == false)
    #expect(input.lab.notices.isEmpty)
  }

  @Test func aServerByCommand() {
    var folder = LabFolder()
    folder.lab = LabFolder.server("command: [dnsmasq, --port=0, --tftp-root=$(PXELAB_ROOT), 5]")
    let input = folder.read()
    #expect(input.problems.isEmpty, "\(input.problems)")
    let server = input.lab.attachments.first?.server
    #expect(server?.command == ["dnsmasq", "--port=0", "--tftp-root=$(PXELAB_ROOT)", "5"])
    #expect(server?.image == nil, "its own files are its own matter")
    folder.lab = LabFolder.server("command: [kea], image: other")
    #expect(folder.read().lab.attachments.first?.server?.image == "other")
  }

  @Test func anAttachmentWithoutAServerHasAnAddressAllTheSame() {
    var folder = LabFolder()
    folder.lab = LabFolder.lab("  attachments: [{name: net, server: none}]")
    let attachment = folder.read().lab.attachments.first
    #expect(attachment?.server == nil)
    #expect(attachment?.address == IPv4Network("192.168.100.1/24"))
  }

  @Test func theRangeFollowsTheAddress() {
    var folder = LabFolder()
    folder.lab = LabFolder.server("address: 10.1.2.3/24")
    let server = folder.read().lab.attachments.first?.server
    #expect(server?.rangeStart == IPv4Address("10.1.2.50"))
    folder.lab = LabFolder.server("address: 10.1.2.1/28")
    let small = folder.read().lab.attachments.first?.server
    #expect(small?.rangeStart == IPv4Address("10.1.2.2"))
    #expect(small?.rangeEnd == IPv4Address("10.1.2.14"))
  }

  @Test func nothingServed() {
    var folder = LabFolder()
    folder.lab = LabFolder.lab("  attachments:\n  - {name: net, server: none}")
    let input = folder.read()
    #expect(input.problems.isEmpty)
    #expect(input.lab.attachments.map(\.server) == [nil])
    #expect(input.lab.machines.first?.expectation.server == nil)
  }

  @Test func oneServerForOneVLAN() {
    var folder = LabFolder()
    folder.more = [
      folder.attachment.replacing("name: net", with: "name: net2"),
      folder.machine.replacing("node-1", with: "node-2")
        .replacing("networkName: net", with: "networkName: net2")
        .replacing("00:01", with: "00:02"),
    ]
    let input = folder.read()
    #expect(input.problems.isEmpty, "\(input.problems)")
    #expect(input.lab.attachments.map { $0.server != nil } == [true, false])
    #expect(input.lab.notices.contains { $0.contains("same bridge and VLAN as net") })
  }

  @Test func aSecureBootMachineIsExpectedToBeLockedDown() {
    var folder = LabFolder()
    folder.machine = folder.machine.replacing(
      "memory: {guest: 1Gi}",
      with: "memory: {guest: 1Gi}\n    features: {smm: {}}\n    firmware: {bootloader: {efi: {}}}")
    let expectation = folder.read().lab.machines.first?.expectation
    #expect(expectation?.secureBoot == true)
    #expect(expectation?.lockdown == true)
  }

  @Test(
    arguments: [
      (nil, "Some Folder", "some-folder"), ("given", "x", "given"), (nil, "läb_2", "l-b-2"),
    ] as [(String?, String, String)])
  func names(given: String?, folder: String, name: String) {
    #expect(LabFolder().read(name: given, folder: folder).lab.name == name)
    #expect(!LabFolder().read(name: given, folder: folder).hasErrors)
  }

  @Test(arguments: ["../x", "UPPER", "", "-a", "a_b", String(repeating: "a", count: 64)])
  func badNamesAreRefused(name: String) {
    let problems = LabFolder().read(name: name).problems
    #expect(problems.map(\.field) == ["metadata.name"])
    var folder = LabFolder()
    folder.lab = LabFolder.lab("  machines: []", name: name.debugDescription)
    #expect(folder.read().problems.map(\.description).first?.hasPrefix("lab.yaml:3:12: ") == true)
  }

  @Test(
    arguments: [("node-1", [60, 60]), ("other/node-1", [nil, 60])] as [(String, [Double?])])
  func machinesOfSeveralNamespaces(name: String, timeouts: [Double?]) {
    var folder = LabFolder()
    folder.more = [
      folder.machine.replacing("name: node-1", with: "name: node-1\n  namespace: other")
        .replacing("networkName: net", with: "networkName: default/net")
        .replacing("00:01", with: "00:02")
    ]
    folder.lab = LabFolder.lab("  machines:\n  - name: \(name)\n    timeout: 60s")
    let input = folder.read()
    #expect(input.problems.isEmpty, "\(input.problems)")
    #expect(input.machines.map(\.key.description) == ["default/node-1", "other/node-1"])
    #expect(input.lab.machines.map(\.name) == ["default.node-1", "other.node-1"])
    #expect(input.lab.machines.map(\.timeoutSeconds) == timeouts)
  }

  @Test(
    "how much is captured",
    arguments: [
      ("{}", 268_435_456, 262_144, ""), ("{limit: 1Mi}", 1_048_576, 262_144, ""),
      ("{limit: 2Gi, snaplen: 128}", 2_147_483_648, 128, ""),
      ("{limit: 1048576}", 1_048_576, 262_144, ""),
      ("{limit: 1023Ki}", 268_435_456, 262_144, "not a size of at least 1Mi"),
      ("{limit: much}", 268_435_456, 262_144, "not a size of at least 1Mi"),
      ("{snaplen: 64}", 268_435_456, 262_144, "not between 128 and 262144"),
      ("{limits: 1Mi}", 268_435_456, 262_144, "limit"),
    ] as [(String, Int, Int, String)])
  func capture(_ text: String, _ limit: Int, _ length: Int, _ words: String) {
    var folder = LabFolder()
    folder.lab = LabFolder.lab("  capture: \(text)")
    let input = folder.read()
    #expect(input.lab.capture.limit == limit && input.lab.capture.snapshotLength == length)
    #expect(
      words.isEmpty
        ? input.problems.isEmpty : input.problems.map(\.description).joined().contains(words),
      "\(input.problems)")
  }

  @Test func clusterSettingsReachAdmission() {
    var folder = LabFolder()
    folder.machine = folder.machine.replacing(
      "memory: {guest: 1Gi}",
      with: "memory: {guest: 1Gi}\n    firmware: {bootloader: {efi: {secureBoot: false,"
        + " persistent: true}}}")
    #expect(folder.read().problems.isEmpty)
    let hyperConverged =
      "apiVersion: hco.kubevirt.io/v1beta1\nkind: HyperConverged\nmetadata: {name: hco}\n"
      + "spec: {defaultCPUModel: EPYC}\n"
    folder.more = [hyperConverged]
    #expect(folder.read().problems.isEmpty)
    #expect(folder.read().cluster.persistentState)
    // No cluster has the gate; a lab does what OpenShift's documentation says of it.
    let gate = hyperConverged.replacing(
      "defaultCPUModel: EPYC", with: "featureGates: {VMPersistentState: true}")
    folder.more = [gate]
    #expect(folder.read().problems.map(\.severity) == [.warning])
    folder.more = [gate.replacing("true", with: "false")]
    #expect(!folder.read().cluster.persistentState)
    #expect(folder.read().problems.count { $0.severity == .error } == 1)
    folder.more = [hyperConverged, hyperConverged]
    #expect(folder.read().problems.map { $0.location?.file } == ["more-1.yaml"])
  }

  @Test func otherKindsAreSkippedAndNamed() {
    var folder = LabFolder()
    folder.more = ["apiVersion: v1\nkind: Pod\nmetadata: {name: Bad_Name}\n"]
    let input = folder.read()
    #expect(input.problems.isEmpty)
    #expect(
      input.lab.notices.first
        == "skipped Pod/Bad_Name (more-0.yaml:1:1): a lab makes nothing of v1 Pod")
  }
}
