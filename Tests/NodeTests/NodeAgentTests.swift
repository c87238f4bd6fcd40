import Execution
import FileSystem
import Kinds
import Libvirt
import Logging
import Objects
import Parts
import Planning
import TestObjects
import Testing

@testable import Node

/// A node's agent on libvirt's test driver, with a network that is only written down. The driver's machines
/// are in memory: connections that are open at the same time share them, so one test runs at a time.
@Suite(.serialized, .timeLimit(.minutes(5))) struct NodeAgentTests {
  @Test func aMachineThatIsScheduledHereIsStarted() async throws {
    try await TestNode.run { node in
      let key = try node.schedule("agent-appears")
      let instance = try await node.api.first(of: .virtualMachineInstances) {
        $0["status", "phase"]?.string == "Running"
      }
      #expect(instance["metadata", "name"]?.string == "agent-appears")
      #expect(try await node.libvirt.domain("agent-appears").state == .running)
      let boot = try await node.api.first(of: Boot.resource).decoded(as: Boot.self)
      #expect(boot.spec.instance == key.name && boot.spec.start == 1)
      #expect(boot.status?.phase == .running)
      let told = try await node.api.first(of: EventRecord.resource) {
        $0["reason"]?.string == "Power"
      }
      #expect(told["message"]?.string == "started")
      // And what a cluster's node says.
      let handler = try await node.api.first(of: EventRecord.resource) {
        $0["reason"]?.string == "Started"
      }
      #expect(handler["message"]?.string == "VirtualMachineInstance started.")
      #expect(handler["source"] == ["component": "virt-handler", "host": "node01"])
    }
  }

  @Test func theNodeSaysThatItIsThere() async throws {
    try await TestNode.run { node in
      let object = try await node.api.first(of: .nodes) {
        $0["status", "conditions"]?.items.contains {
          $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
        } == true
      }
      #expect(object["metadata", "name"]?.string == "node01")
      let lease = try await node.api.first(of: NodeLease.resource)
      #expect(lease["spec", "holderIdentity"]?.string == "node01")
    }
  }

  @Test func anotherNodesMachineIsNotStarted() async throws {
    try await TestNode.run { node in
      try node.schedule("agent-elsewhere", on: "node02")
      // The one that is asked for later is there, so the first was looked at.
      try node.schedule("agent-here")
      _ = try await node.api.first(of: .virtualMachineInstances) {
        $0["status", "phase"]?.string == "Running"
      }
      await #expect(throws: LibvirtError.self) {
        try await node.libvirt.domain("agent-elsewhere")
      }
    }
  }

  @Test func aMachineThatIsRemovedGoesWithItsDomain() async throws {
    try await TestNode.run { node in
      let key = try node.schedule("agent-goes")
      _ = try await node.api.first(of: .virtualMachineInstances) {
        $0["status", "phase"]?.string == "Running"
      }
      var events = try await node.libvirt.events().makeAsyncIterator()
      node.api[key] = nil
      var kinds: [LifecycleEvent.Kind] = []
      while kinds.last != .undefined, let event = await events.next() {
        if event.domain == "agent-goes" { kinds.append(event.kind) }
      }
      #expect(kinds == [.stopped(.destroyed), .undefined])
    }
  }

  /// A domain that no instance asks for is somebody's own: virsh works on a lab.
  @Test func aStrangersDomainIsLeftAlone() async throws {
    try await TestNode.run { node in
      try await node.libvirt.define(xml: TestNode.definition("agent-stranger"))
      try await node.libvirt.start("agent-stranger")
      let key = try node.schedule("agent-own")
      _ = try await node.api.first(of: .virtualMachineInstances) {
        $0["status", "phase"]?.string == "Running"
      }
      try await node.libvirt.suspend("agent-stranger")
      var events = try await node.libvirt.events().makeAsyncIterator()
      node.api[key] = nil
      while let event = await events.next(), event.domain != "agent-own" || event.kind != .undefined
      {}
      #expect(try await node.libvirt.domain("agent-stranger").state == .paused)
      let told = try await node.api.list(EventRecord.resource).compactMap {
        $0.object["involvedObject", "name"]?.string
      }
      #expect(!told.contains("agent-stranger"))
    }
  }

  @Test(arguments: [("agent-ended", true), ("agent-lost", false)])
  func theEndOfADomainIsTheInstances(_ name: String, _ isTold: Bool) async throws {
    try await TestNode.run { node in
      try node.schedule(name)
      _ = try await node.api.first(of: .virtualMachineInstances) {
        $0["status", "phase"]?.string == "Running"
      }
      // Nobody tells of what happens while there is no connection.
      if !isTold { await node.agent.connection?.close() }
      try await node.libvirt.destroy(name)
      let ended = try await node.api.first(of: .virtualMachineInstances) {
        $0["status", "phase"]?.string != "Running"
      }
      #expect(ended["status", "phase"]?.string == "Succeeded")
    }
  }

  @Test func aDomainThatLibvirtRefusesIsTheInstancesFailure() async throws {
    try await TestNode.run(form: { _ in "<domain type='test'/>" }) { node in
      try node.schedule("agent-refused")
      let failed = try await node.api.first(of: .virtualMachineInstances) {
        $0["status", "phase"]?.string == "Failed"
      }
      let condition = failed["status", "conditions"]?.items.first {
        $0["type"]?.string == "Synchronized"
      }
      #expect(condition?["status"]?.string == "False")
      #expect(condition?["message"]?.string?.contains("name") == true)
      let boot = try await node.api.first(of: Boot.resource) {
        $0["status", "verdict"] != nil
      }.decoded(as: Boot.self)
      #expect(boot.status?.phase == .over && boot.status?.verdict?.verdict == .fail)
    }
  }

  @Test func thePortIsThereBeforeTheMachine() async throws {
    try await TestNode.run { node in
      let key = try node.schedule("agent-port", attachment: "net")
      _ = try await node.api.first(of: .virtualMachineInstances) {
        $0["status", "phase"]?.string == "Running"
      }
      var commands = node.runner.commands.makeAsyncIterator()
      var made: String?
      while made == nil, let command = await commands.next() {
        if command.contains("mode tap") { made = command }
      }
      #expect(made?.contains("agent-port/net") == true)
      let device = try #require(made?.firstMatch(of: /tuntap add dev (\S+) mode tap/)?.1)
      node.api[key] = nil
      while let command = await commands.next() {
        if command == "ip link delete dev \(device)" { break }
      }
    }
  }
}

/// libvirt's test driver, which takes descriptions of its own kind alone.
private struct TestHypervisor: Hypervisor {
  var uri: String { "test:///default" }
  let change: @Sendable (String) -> String

  /// The driver knows no variable stores.
  var variableStores: VariableStoreDisposal? { nil }

  func daemon() throws -> Part? { nil }
  func form(_ xml: String) -> String { change(xml) }
}

/// A lab with one node, and its agent.
private struct TestNode {
  let api = MemoryAPI()
  let agent: NodeAgent
  let runner = WrittenRunner()
  /// A connection of the test's own, which keeps the driver's machines.
  let libvirt: Connection

  static func run(
    form: @escaping @Sendable (String) -> String = { definition(name(in: $0)) },
    _ body: (TestNode) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let node = try await TestNode(folder.path, form)
    let running = Task { try await node.agent.run() }
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await body(node))
    } catch {
      outcome = .failure(error)
    }
    running.cancel()
    _ = await running.result
    // What the agent was about to do may come in between.
    for domain in try await node.libvirt.domains() where domain.name.hasPrefix("agent-") {
      try? await node.libvirt.destroy(domain.name)
      try? await node.libvirt.undefine(domain.name)
    }
    await node.libvirt.close()
    try outcome.get()
  }

  private init(_ folder: String, _ form: @escaping @Sendable (String) -> String) async throws {
    let paths = LabPaths(stateDirectory: folder, lab: "lab")
    try Files.makeFolder(paths.directory)
    libvirt = try await Connection.open(uri: "test:///default")
    agent = NodeAgent(
      NodeAgent.Configuration(
        role: .only("node01"), paths: paths, fileServer: "/none", usesKVM: false),
      api: api, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, runner: runner,
      hypervisor: TestHypervisor(change: form), wire: WireListener { _, _ in nil })
    let facts = PlanningFacts(
      stateDirectory: folder, engine: Reasoned(.linuxBridge, because: "test"),
      acceleration: Reasoned("tcg", because: "test"), isRoot: true, firmwares: [], images: [:])
    let host = HostFacts(spec: facts)
    api[host.key] = try host.tree()
    // Until people's manifests are all there, a node does nothing.
    let folder = ManifestFolder(spec: ManifestFolder.Spec(path: folder, files: []))
    api[folder.key] = try folder.tree()
    api[ObjectKey(.labs, namespace: "", name: "lab")] = [
      "apiVersion": "pxelab.dev/v1alpha1", "kind": "Lab", "metadata": ["name": "lab"],
      "spec": ["attachments": [["name": "net", "server": "none"]]],
    ]
    api[ObjectKey(.networkAttachmentDefinitions, namespace: "default", name: "net")] = [
      "apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
      "metadata": ["name": "net", "namespace": "default"],
      "spec": [
        "config": #"{"cniVersion": "0.3.1", "name": "net", "type": "bridge", "bridge": "br0"}"#
      ],
    ]
  }

  /// An instance that the controllers have handed to a node.
  @discardableResult
  func schedule(
    _ name: String, on node: String = "node01", attachment: String? = nil
  ) throws -> ObjectKey {
    let key = ObjectKey(.virtualMachineInstances, namespace: "default", name: name)
    var spec: ObjectNode = [
      "domain": ["memory": ["guest": "64Mi"], "devices": ["interfaces": [], "disks": []]],
      "networks": [],
    ]
    if let attachment {
      spec["domain", "devices", "interfaces"] = [["name": .text(attachment), "bridge": [:]]]
      spec["networks"] = [
        ["name": .text(attachment), "multus": ["networkName": .text(attachment)]]
      ]
    }
    api[key] = [
      "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance",
      "metadata": ["name": .text(name), "namespace": "default", "uid": .text("uid-\(name)")],
      "spec": spec, "status": ["phase": "Scheduled", "nodeName": .text(node)],
    ]
    return key
  }

  /// A domain of the test driver's.
  static func definition(_ name: String) -> String {
    """
    <domain type='test'><name>\(name)</name><memory>8192</memory><vcpu>1</vcpu>
    <os><type arch='i686'>hvm</type></os></domain>
    """
  }

  private static func name(in xml: String) -> String {
    xml.firstMatch(of: /<name>([^<]*)<\/name>/).map { String($0.1) } ?? ""
  }
}
