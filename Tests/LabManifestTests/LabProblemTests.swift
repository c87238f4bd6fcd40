import LabManifest
import Objects
import Testing

@Suite struct LabProblemTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var problem: String
    var change: @Sendable (inout LabFolder) -> Void

    init(_ name: String, _ problem: String, change: @escaping @Sendable (inout LabFolder) -> Void) {
      self.name = name
      self.problem = problem
      self.change = change
    }

    var testDescription: String { name }
  }

  static let references: [Case] = [
    Case(
      "missing attachment",
      "machine.yaml:13:14: spec.networks[0].multus.networkName: no NetworkAttachmentDefinition"
        + " default/nett in this lab; did you mean \"net\"?"
    ) { $0.machine = $0.machine.replacing("networkName: net", with: "networkName: nett") },
    Case(
      "attachment in another namespace",
      "machine.yaml:13:14: spec.networks[0].multus.networkName: no NetworkAttachmentDefinition"
        + " default/net in this lab; there is one in namespace other: write \"other/net\""
    ) {
      $0.attachment = $0.attachment.replacing("name: net", with: "name: net\n  namespace: other")
    },
    Case(
      "two machines of one name",
      "more-0.yaml:4:3: metadata.name: another machine is named \"node-1\", at machine.yaml:1:1;"
        + " in a lab every machine has its own name"
    ) { $0.more = [$0.machine.replacing("00:01", with: "00:02")] },
    Case(
      "two attachments of one name",
      "more-0.yaml:4:3: metadata.name: another network attachment is named default/net, at"
        + " net.yaml:1:1"
    ) { $0.more = [$0.attachment] },
    Case(
      "unknown machine",
      "lab.yaml:6:5: spec.machines[0].name: no machine \"node-2\" in this lab; did you mean"
        + " \"node-1\"?"
    ) { $0.lab = LabFolder.lab("  machines:\n  - name: node-2") },
    Case(
      "unknown attachment",
      "lab.yaml:6:5: spec.attachments[0].name: no network attachment \"other\" in this lab;"
        + " it has net"
    ) { $0.lab = LabFolder.lab("  attachments:\n  - name: other") },
    Case(
      "a machine twice",
      "lab.yaml:7:5: spec.machines[1].name: machine \"node-1\" is listed twice"
    ) { $0.lab = LabFolder.lab("  machines:\n  - name: node-1\n  - name: node-1") },
    Case(
      "unknown device",
      "lab.yaml:7:14: spec.machines[0].expect.bootFrom: VirtualMachineInstance/node-1 has no"
        + " interface or disk \"pxr\"; did you mean \"pxe\"?"
    ) { $0.lab = LabFolder.lab("  machines:\n  - name: node-1\n    expect: {bootFrom: pxr}") },
    Case(
      "two labs", "more-0.yaml:1:1: kind: a folder is one lab; another Lab is at lab.yaml:1:1"
    ) {
      $0.lab = LabFolder.lab("  machines: []")
      $0.more = [LabFolder.lab("  machines: []")]
    },
    Case(
      "a machine's name",
      "machine.yaml:4:3: metadata.name: Invalid value: \"a/b\": a lowercase RFC 1123 label must"
        + " consist of lower case alphanumeric characters or '-', and must start and end with an"
        + " alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
        + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    ) { $0.machine = $0.machine.replacing("node-1", with: "a/b") },
  ]

  static let values: [Case] = [
    Case(
      "range outside the network",
      "lab.yaml:7:61: spec.attachments[0].server.range.end: 10.0.1.9 is outside the server's"
        + " network 10.0.0.0/24"
    ) {
      $0.lab = LabFolder.server("address: 10.0.0.1/24, range: {start: 10.0.0.5, end: 10.0.1.9}")
    },
    Case(
      "range backwards",
      "lab.yaml:7:36: spec.attachments[0].server.range: the range starts at 10.0.0.9, after its"
        + " end"
    ) {
      $0.lab = LabFolder.server("address: 10.0.0.1/24, range: {start: 10.0.0.9, end: 10.0.0.5}")
    },
    Case(
      "address of the network",
      "lab.yaml:7:14: spec.attachments[0].server.address: 10.0.0.0 is the network's own or its"
        + " broadcast address, not a server's"
    ) { $0.lab = LabFolder.server("address: 10.0.0.0/24") },
    Case(
      "no room",
      "lab.yaml:7:14: spec.attachments[0].server.address: 10.0.0.1/31 leaves no address to lease:"
        + " use a prefix of at most 30"
    ) { $0.lab = LabFolder.server("address: 10.0.0.1/31") },
    Case(
      "a command of nothing",
      "lab.yaml:7:14: spec.attachments[0].server.command: a command has at least the name of a"
        + " program"
    ) { $0.lab = LabFolder.server("command: []") },
    Case(
      "a command that is a text",
      "lab.yaml:7:14: spec.attachments[0].server.command: expected a list, found string \"dnsmasq\""
    ) { $0.lab = LabFolder.server("command: dnsmasq") },
    Case(
      "options of a server by command",
      "lab.yaml:7:30: spec.attachments[0].server.options: the command is the server: DHCP options"
        + " are its own matter"
    ) { $0.lab = LabFolder.server("command: [kea], options: []") },
    Case(
      "no prefix",
      "lab.yaml:7:14: spec.attachments[0].server.address: \"10.0.0.1\" is not an address such as"
        + " 192.168.100.1/24"
    ) { $0.lab = LabFolder.server("address: 10.0.0.1") },
    Case(
      "VLAN",
      "lab.yaml:7:14: spec.attachments[0].server.vlan: invalid VLAN ID 5000 (must be between 0"
        + " and 4094)"
    ) { $0.lab = LabFolder.server("vlan: 5000") },
    Case(
      "image",
      "lab.yaml:7:14: spec.attachments[0].server.image: \"../x\" is not the name of a folder under"
        + " images/"
    ) { $0.lab = LabFolder.server("image: ../x") },
    Case(
      "boot file",
      "lab.yaml:7:14: spec.attachments[0].server.bootFile: \"../x\" is not a path inside the TFTP"
        + " root"
    ) { $0.lab = LabFolder.server("bootFile: ../x") },
    Case(
      "an iPXE script",
      "lab.yaml:7:14: spec.attachments[0].server.ipxeScript: \"/x\" is not a path inside the TFTP"
        + " root"
    ) { $0.lab = LabFolder.server("ipxeScript: /x") },
    Case(
      "a method",
      "lab.yaml:7:24: spec.attachments[0].server.methods[0]: \"http4\" is none of pxev4, httpv4,"
        + " httpsv4, pxev6, httpv6, httpsv6; did you mean \"httpv4\"?"
    ) { $0.lab = LabFolder.server("methods: [http4]") },
    Case(
      "no method",
      "lab.yaml:7:14: spec.attachments[0].server.methods: a server boots by one method at least"
    ) { $0.lab = LabFolder.server("methods: []") },
    Case(
      "a method twice",
      "lab.yaml:7:31: spec.attachments[0].server.methods[1]: pxev4 is listed twice"
    ) { $0.lab = LabFolder.server("methods: [pxev4, pxev4]") },
    Case(
      "HTTP and HTTPS",
      "lab.yaml:7:14: spec.attachments[0].server.methods: httpv6 and httpsv6 exclude each other:"
        + " firmware is told one URL"
    ) { $0.lab = LabFolder.server("methods: [httpv4, httpsv6, httpv6]") },
    Case(
      "an IPv6 address",
      "lab.yaml:7:14: spec.attachments[0].server.ipv6: \"fd00::1\" is not an IPv6 address with a"
        + " prefix of 64 bits, such as fd00:100::1/64"
    ) { $0.lab = LabFolder.server("ipv6: 'fd00::1'") },
    Case(
      "an IPv6 address that is leased",
      "lab.yaml:7:14: spec.attachments[0].server.ipv6: ::1000 to ::1fff of the network are leased,"
        + " and :: is the routers' own"
    ) { $0.lab = LabFolder.server("ipv6: 'fd00::1001/64'") },
    Case(
      "lease", "lab.yaml:7:14: spec.attachments[0].server.leaseTime: a lease is at least 2m"
    ) { $0.lab = LabFolder.server("leaseTime: 30s") },
    Case(
      "option",
      "lab.yaml:7:25: spec.attachments[0].server.options[0].number: 300 is not a DHCP option:"
        + " 1 to 254"
    ) { $0.lab = LabFolder.server("options: [{number: 300, value: x}]") },
    Case(
      "server as text",
      "lab.yaml:6:17: spec.attachments[0].server: expected a mapping or \"none\", found \"off\""
    ) { $0.lab = LabFolder.lab("  attachments:\n  - {name: net, server: 'off'}") },
    Case(
      "engine",
      "lab.yaml:5:3: spec.dataplane: \"openvswitch\" is none of auto, linux-bridge, open-vswitch;"
        + " did you mean \"open-vswitch\"?"
    ) { $0.lab = LabFolder.lab("  dataplane: openvswitch") },
    Case(
      "timeout",
      "lab.yaml:7:5: spec.machines[0].timeout: \"soon\" is not a time over 0 and at most 24h,"
        + " such as 90s, 3m or 1h30m"
    ) { $0.lab = LabFolder.lab("  machines:\n  - name: node-1\n    timeout: soon") },
    Case("YAML", "lab.yaml:6:1: YAML: while parsing a flow node") {
      $0.lab = LabFolder.lab("  machines: [")
    },
  ]

  @Test(arguments: references + values)
  func errors(row: Case) throws {
    var folder = LabFolder()
    row.change(&folder)
    let errors = folder.read().problems.filter { $0.severity == .error }
    #expect(errors.count == 1, "\(errors)")
    #expect(errors.first?.description.hasPrefix(row.problem) == true, "\(errors)")
  }

  static let warnings: [Case] = [
    Case(
      "a bridge that the nodes' policy does not make",
      "net.yaml:6:54: spec.config.bridge: warning: no policy among these files makes a bridge br1;"
        + " there is another-bridge"
    ) {
      $0.more = [
        """
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: p}
        spec: {desiredState: {interfaces: [{name: another-bridge, type: linux-bridge}]}}
        """
      ]
    },
    Case(
      "an unknown variable",
      "lab.yaml:7:29: spec.attachments[0].server.command[1]: warning: $(PXELAB_ROUT) is none of the"
        + " server's variables; did you mean $(PXELAB_ROOT)? (it is left as it is)"
    ) { $0.lab = LabFolder.server("command: [kea, $(PXELAB_ROUT)]") },
    Case(
      "one MAC twice on a VLAN",
      "more-0.yaml:10:33: spec.domain.devices.interfaces[0].macAddress: warning:"
        + " de:00:00:00:00:01 is also the MAC address of interface pxe of"
        + " VirtualMachineInstance/node-1 on VLAN 100 of bridge br1:"
    ) { $0.more = [$0.machine.replacing("node-1", with: "node-2")] },
    Case(
      "misspelt field",
      "lab.yaml:5:3: spec.dataplan: warning: unknown field \"dataplan\"; did you mean"
        + " \"dataplane\"?"
    ) { $0.lab = LabFolder.lab("  dataplan: auto") },
    Case(
      "the server's address in the range",
      "lab.yaml:7:36: spec.attachments[0].server.range: warning: the range holds the server's own"
        + " address 10.0.0.9"
    ) {
      $0.lab = LabFolder.server(
        "address: 10.0.0.9/24, range: {start: 10.0.0.5, end: 10.0.0.20}")
    },
  ]

  @Test(arguments: warnings)
  func warns(row: Case) {
    var folder = LabFolder()
    row.change(&folder)
    let input = folder.read()
    #expect(!input.hasErrors, "\(input.problems)")
    #expect(input.problems.count == 1, "\(input.problems)")
    #expect(input.problems.first?.description.hasPrefix(row.problem) == true, "\(input.problems)")
  }

  @Test func oneMACOnTwoVLANsIsNoProblem() {
    var folder = LabFolder()
    folder.more = [
      folder.attachment.replacing("name: net", with: "name: net2").replacing("100", with: "101"),
      folder.machine.replacing("node-1", with: "node-2")
        .replacing("networkName: net", with: "networkName: net2"),
    ]
    #expect(folder.read().problems.isEmpty)
  }

  @Test func aFolderWithoutMachines() {
    let input = LabInput(files: [], folderName: "empty")
    #expect(input.problems.count == 1)
    #expect(input.problems.first?.message.contains("no VirtualMachine") == true)
  }

  @Test func problemsFollowTheFiles() {
    var folder = LabFolder()
    folder.machine = folder.machine.replacing("bootOrder: 1", with: "bootOrder: 0")
      .replacing(
        "memory: {guest: 1Gi}",
        with: "resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}")
    folder.attachment = folder.attachment.replacing("100", with: "5000")
    let places = folder.read().problems.compactMap(\.location)
    #expect(places.map(\.file) == ["net.yaml", "machine.yaml", "machine.yaml"])
    #expect(places.map(\.line) == [6, 7, 10])
  }
}
