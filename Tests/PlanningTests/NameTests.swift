import Addresses
import LabManifest
import Testing

@testable import Planning

@Suite struct StableIdentityTests {
  @Test func staysTheSame() {
    // Written down once: machines keep their UUIDs over versions of pxelab.
    #expect(StableIdentity.uuid(lab: "lab", machine: "m") == "393ff7ec-8f2e-8c64-b83e-77ab6881f5e4")
  }

  @Test(arguments: ["m", "node-1", "vmi-pxe-boot"])
  func uuidHasItsVersionAndVariant(_ machine: String) throws {
    let uuid = StableIdentity.uuid(lab: "lab", machine: machine)
    #expect(uuid.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
    let parts = uuid.split(separator: "-")
    #expect(parts[2].first == "8")
    #expect(try #require(parts[3].first.flatMap { "89ab".firstIndex(of: $0) }) >= "89ab".startIndex)
  }
}

@Suite struct NameTests {
  @Test func machinesOfOneNameInTwoNamespacesStayApart() throws {
    let twins = Self.twins.replacing("name: m-a,", with: "name: m,")
      .replacing("name: m-b,", with: "name: m,")
    let input = LabInput(files: [(path: "lab.yaml", text: twins)], folderName: "lab")
    try #require(!input.hasErrors, "\(input.problems)")
    #expect(input.lab.machines.map(\.name) == ["a.m", "b.m"])
    let plan = try LabPlanner(input, facts: .fixed()).plan()
    #expect(plan.machines.map(\.name) == ["a.m", "b.m"])
    #expect(
      plan.machines.map(\.directory) == [
        "/state/labs/lab/machine-a.m", "/state/labs/lab/machine-b.m",
      ])
    #expect(Set(plan.machines.compactMap { $0.interfaces.first?.mac }).count == 2)
    #expect(Set(plan.machines.compactMap(\.variableStore?.path)).count == 2)
    #expect(plan.machines.map { $0.domainXML.contains("<name>\($0.name)</name>") } == [true, true])
    #expect(plan.machines.map { $0.expectation?.name } == ["a.m", "b.m"])
  }

  @Test func oneNamespaceChangesNoName() throws {
    let alone = Self.twins.replacing("namespace: b", with: "namespace: a")
      .replacing("name: net, namespace: a", with: "name: net")
    let input = LabInput(files: [(path: "lab.yaml", text: alone)], folderName: "lab")
    #expect(input.lab.machines.map(\.name) == ["m-a", "m-b"])
  }

  /// One attachment name in two namespaces, with a server and a machine on each.
  private static let twins = ["a", "b"].map { namespace in
    """
    ---
    apiVersion: k8s.cni.cncf.io/v1
    kind: NetworkAttachmentDefinition
    metadata: {name: net, namespace: \(namespace)}
    spec: {config: '{"cniVersion": "0.3.1", "type": "bridge", "bridge": "br-\(namespace)", "vlan": 100}'}
    ---
    apiVersion: kubevirt.io/v1
    kind: VirtualMachineInstance
    metadata: {name: m-\(namespace), namespace: \(namespace)}
    spec:
      domain:
        memory: {guest: 1Gi}
        firmware: {bootloader: {efi: {secureBoot: false}}}
        devices: {interfaces: [{name: net, bridge: {}, bootOrder: 1}]}
      networks: [{name: net, multus: {networkName: net}}]

    """
  }.joined()

  @Test(arguments: DataplaneEngine.allCases)
  func attachmentsOfOneNameInTwoNamespacesStayApart(_ engine: DataplaneEngine) throws {
    let input = LabInput(files: [(path: "lab.yaml", text: Self.twins)], folderName: "lab")
    try #require(!input.hasErrors, "\(input.problems)")
    let plan = try LabPlanner(input, facts: .fixed(engine)).plan()
    #expect(plan.servers.map(\.attachment) == ["a/net", "b/net"])
    #expect(plan.servers.map(\.networkNamespace) == ["a.net", "b.net"])
    #expect(Set(plan.servers.map(\.servedRoot)).count == 2)
    #expect(
      plan.servers.map(\.directory) == [
        "/state/labs/lab/server-a.net", "/state/labs/lab/server-b.net",
      ])
    #expect(plan.machines.map { $0.interfaces.map(\.attachment) } == [["a/net"], ["b/net"]])
    #expect(
      plan.dataplane.bridges.map { $0.ports.map(\.device) } == [
        ["pxl-s30d4b3ac", "pxl-t8c52bdce"], ["pxl-s96c7ffe1", "pxl-t46cdc112"],
      ])
    #expect(plan.machines.compactMap(\.expectation?.bootFile) == ["shimx64.efi", "shimx64.efi"])
  }

  @Test func aNameThatIsAloneStaysBare() throws {
    let plan = try LabText(interface: "bridge: {}, bootOrder: 1").plan()
    #expect(plan.servers.map(\.attachment) == ["net"])
    #expect(plan.servers.map(\.networkNamespace) == ["net"])
    #expect(plan.machines.first?.interfaces.first?.attachment == "net")
  }

  @Test(arguments: [
    ("m", "machine-m"),
    ("exactly-23-characters-x", "machine-exactly-23-characters-x"),
  ])
  func aShortMachineNameIsItsFoldersName(_ name: String, _ folder: String) {
    let paths = LabPaths(stateDirectory: "/state", lab: "lab")
    #expect(paths.machine(name) == "/state/labs/lab/\(folder)")
  }

  @Test func socketsHaveShortPathsWhereverALabIs() throws {
    let far = "/home/somebody-with-a-long-name/work/continuous-integration/job/.local/state/pxelab"
    let name = String(repeating: "long-machine-name-", count: 3) + "end"
    let text = LabText(name: name)
    let near = try LabPlanner(
      try text.input(), facts: .fixed(stateDirectory: "/root/.local/state/pxelab")
    ).plan()
    let plan = try LabPlanner(try text.input(), facts: .fixed(stateDirectory: far)).plan()
    #expect(near.paths.socketLink == nil && near.paths.socketDirectory == near.paths.directory)
    let link = try #require(plan.paths.socketLink)
    #expect(plan.paths.directory.hasPrefix(far) && link.hasPrefix("/tmp/pxelab-"))
    #expect(link != LabPaths(stateDirectory: far, lab: "other").socketLink)
    let machine = try #require(plan.machines.first)
    #expect(machine.consoleLog.hasPrefix(far))
    let sockets = [
      plan.paths.controlSocket, plan.paths.files(of: .only("node01")).libvirtSocket,
      "\(plan.paths.files(of: .node(String(repeating: "n", count: 200))).openVSwitch)/db.sock",
      machine.consoleSocket, machine.vncSocket,
    ]
    for socket in sockets {
      #expect(socket.hasPrefix(link) && socket.utf8.count <= LabPaths.socketPathLimit)
    }
    #expect(machine.domainXML.contains("path=\"\(machine.consoleSocket)\""))
  }

  @Test func longMachineNamesKeepTheirSocketsShortAndApart() throws {
    let paths = LabPaths(stateDirectory: "/home/somebody/.local/state/pxelab", lab: "secureboot")
    let start = String(repeating: "very-long-name-", count: 4)
    let names = [start + "1", start + "2", start + "abc"]
    #expect(names.allSatisfy { $0.count > 60 })
    let folders = names.map(paths.machine)
    #expect(Set(folders).count == names.count)
    for (name, folder) in zip(names, folders) {
      let console = "\(folder)/console.sock"
      #expect(console.utf8.count <= LabPaths.socketPathLimit)
      let plan = try LabPlanner(
        try LabText(name: name).input(),
        facts: .fixed(stateDirectory: "/home/somebody/.local/state/pxelab")
      ).plan()
      #expect(plan.machines.first?.name == name)
      #expect(plan.machines.first?.domainXML.contains("<name>\(name)</name>") == true)
    }
  }

  /// `/labs/lab/node-`, 24 bytes and `/libvirt/libvirt-admin-sock` are the longest, 66 bytes.
  @Test(arguments: [(41, true), (42, false)])
  func theLongestSocketDecides(_ length: Int, _ fits: Bool) {
    let paths = LabPaths(
      stateDirectory: "/" + String(repeating: "s", count: length - 1), lab: "lab")
    #expect((paths.socketLink == nil) == fits)
  }

  @Test func anImageThatIsNotThereIsNamed() throws {
    var facts = try PlanningFacts.fixed()
    facts.images = [:]
    let error = #expect(throws: PlanningError.self) {
      try LabText(interface: "bridge: {}, bootOrder: 1").plan(facts)
    }
    #expect(error?.description.contains("debian-secureboot") == true)
  }
}
