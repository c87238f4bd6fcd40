import DryLab
import Foundation
import Kinds
import KubeVirt
import LabManifest
import Objects
import Testing

@testable import Planning

/// Where the machines of labs go that are about that, and what keeps them from it.
@Suite struct PlacementLabTests {
  /// `nil` is any node.
  @Test(
    arguments: [
      (
        "node-cpus",
        [
          "requires": "haswell", "requires-without-policy": "haswell", "forbids": "westmere",
          "model": "haswell", "older-model": "westmere", "host-model": nil, "forces": nil,
          "takes": nil, "goes-without": nil,
        ]
      ),
      (
        "node-placement",
        [
          "example-vm-node-selector": "node01", "example-vm-pod-affinity": "node01",
          "example-vm-node-affinity": "node02", "example-vm-tolerations": "node03",
        ]
      ),
    ] as [(String, [String: String?])])
  func whereMachinesGo(_ lab: String, _ expected: [String: String?]) async throws {
    let dry = try await Checkout.dryLab(lab, .fixed())
    #expect(Set(dry.plan.machines.map(\.name)) == Set(expected.keys))
    for machine in dry.plan.machines {
      let placement = dry.placement(of: machine)
      #expect(placement.node != nil, "\(machine.name): \(placement.message ?? "")")
      #expect(placement.message == nil)
      if let node = expected[machine.name] ?? nil {
        #expect(placement.node == node, "\(machine.name)")
      }
      // The node carries out what is printed, and no other does.
      let owners = dry.parts.filter { $0.plan.machines.contains(machine) }.compactMap(\.role.agent)
      #expect(owners == [placement.node].compactMap { $0 })
    }
  }

  /// What machines ask of processors is told with the nodes that have it.
  @Test func whatProcessorsMeanForMachines() async throws {
    let dry = try await Checkout.dryLab("node-cpus", .fixed())
    func remarks(_ name: String) throws -> [String] {
      dry.placement(of: try #require(dry.plan.machines.first { $0.name == name })).remarks
    }
    #expect(try remarks("requires") == ["CPU feature avx2: haswell"])
    #expect(try remarks("forbids") == ["no CPU feature avx2: westmere"])
    #expect(
      try remarks("older-model") == [
        "CPU model Westmere: haswell, westmere", "no CPU feature pcid: westmere",
      ])
    #expect(try remarks("host-model").isEmpty)
  }

  /// What libvirt alone knows is assumed, and that is told; what nobody has is not.
  @Test(arguments: [
    ("kvm", "{model: Haswell}", true, "if libvirt says so of node01 at `up`: CPU model Haswell"),
    ("kvm", "{model: Haswel}", false, "no node has the CPU model Haswel"),
    ("kvm", "{model: Conroe}", false, "CPU model Conroe is one that the cluster calls obsolete"),
    ("tcg", "{model: Haswell}", true, nil),
    ("tcg", "{model: Haswel}", false, "did you mean Haswell?"),
    (
      "tcg", "{features: [{name: avx2}]}", true,
      "if libvirt says so of node01 at `up`: CPU feature avx2"
    ),
  ])
  func processorsOfThisMachine(
    _ acceleration: String, _ cpu: String, _ isPlaced: Bool, _ remark: String?
  ) async throws {
    let text = LabText(domain: "memory: {guest: 1Gi}\n    cpu: \(cpu)")
    let dry = try await text.dryLab(facts: .fixed(acceleration: acceleration))
    let placement = dry.placement(of: try #require(dry.plan.machines.first))
    #expect((placement.node != nil) == isPlaced, "\(placement)")
    #expect((placement.message == nil) == isPlaced, "\(placement)")
    #expect(placement.remarks.count == (remark == nil ? 0 : 1), "\(placement)")
    if let remark { #expect(placement.remarks.first?.contains(remark) == true, "\(placement)") }
  }

  /// A lab without a folder has nothing that a folder would have to say, and a node.
  @Test func anEmptyLabIsPlanned() async throws {
    let dry = try await DryLab(
      of: ManifestFolder.Spec(path: "", files: []), LabInput(objects: [], name: "empty"), .fixed())
    #expect(dry.plan.lab == "empty" && dry.plan.machines.isEmpty)
    #expect(dry.plan.notices == [])
    #expect(dry.parts.map(\.role) == [.only("node01")])
  }

  /// As `up` does it, what a folder has twice, or every lab has, is written over.
  @Test func objectsThatAreThereAreChanged() async throws {
    let more = """

      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: default, labels: {team: a}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c}
      data: {key: first}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c}
      data: {key: second}
      """
    let objects = try await LabText().dryLab(more, facts: .fixed()).objects
    let namespace = ObjectKey(GroupResource("namespaces"), namespace: "", name: "default")
    #expect(
      objects[namespace]?["metadata", "labels"]?.strings == [
        "team": "a", "kubernetes.io/metadata.name": "default",
      ])
    let configuration = ObjectKey(.configMaps, namespace: "default", name: "c")
    #expect(objects[configuration]?["data", "key"]?.string == "second")
  }

  /// Each file of a folder may begin with its namespace.
  @Test func filesThatBeginWithTheSameNamespace() async throws {
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: lab}\n---\n"
    let files = [
      ManifestFolder.File(path: "a.yaml", text: namespace + LabText().yaml),
      ManifestFolder.File(
        path: "b.yaml",
        text: namespace + "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: lab}\n"),
    ]
    let input = LabInput(files: files.map { ($0.path, $0.text) }, folderName: "lab")
    let dry = try await DryLab(
      of: ManifestFolder.Spec(path: "/lab", files: files), input, .fixed())
    let namespaces = dry.objects.keys.filter { $0.resource == GroupResource("namespaces") }
    #expect(Set(namespaces.map(\.name)) == ["default", "lab"])
  }

  /// Kubernetes keeps a Node's status when it is made; of one that was printed, whether it was ready is
  /// not this node's.
  @Test func whatANodeManifestHasCounts() async throws {
    let node = """

      ---
      apiVersion: v1
      kind: Node
      metadata: {name: small, uid: 0f2b, resourceVersion: "7"}
      status:
        allocatable: {cpu: "1", memory: 8Gi, pods: "110"}
        capacity: {cpu: "2", memory: 8Gi, pods: "110"}
        conditions: [{type: Ready, status: "False", reason: KubeletNotReady}]
        nodeInfo: {kubeletVersion: v1.20.0}
      """
    func placement(cpu: Int) async throws -> (MachinePlacement, DryLab) {
      let text = LabText(domain: "resources: {requests: {cpu: \(cpu), memory: 1Gi}}")
      let dry = try await text.dryLab(node, facts: .fixed())
      return (dry.placement(of: try #require(dry.plan.machines.first)), dry)
    }
    let (pending, dry) = try await placement(cpu: 2)
    #expect(pending.node == nil)
    #expect(pending.message?.contains("0/1 nodes are available: 1 Insufficient cpu") == true)
    let key = ObjectKey(.nodes, namespace: "", name: "small")
    let status = try #require(dry.objects[key]?["status"])
    #expect(status["allocatable", "cpu"]?.string == "1" && status["capacity", "cpu"]?.string == "2")
    #expect(status["conditions"]?.items.map { $0["status"]?.string } == ["True"])
    let instance = ObjectKey(.virtualMachineInstances, namespace: "default", name: "m")
    let scheduled = dry.objects[instance]?["status", "conditions"]?.items.first {
      $0["type"]?.string == "PodScheduled"
    }
    #expect(scheduled?["message"]?.string == pending.message)
    #expect(try await placement(cpu: 0).0.node == "small")
  }

  @Test(arguments: [("", "v1.36.0"), ("kubernetes: \"1.34\"", "v1.34.0")])
  func nodesSayWhatTheyRunOn(_ spec: String, _ version: String) async throws {
    let lab = """

      ---
      apiVersion: pxelab.dev/v1alpha1
      kind: Lab
      metadata: {name: lab}
      spec: {nodes: 2\(spec.isEmpty ? "" : ", \(spec)")}
      """
    var facts = try PlanningFacts.fixed()
    facts.kernel = "6.1.0"
    facts.operatingSystem = "Debian"
    let objects = try await LabText().dryLab(lab, facts: facts).objects
    let statuses = objects.filter { $0.key.resource == .nodes }.sorted { $0.key < $1.key }
      .map { $0.value["status"] }
    #expect(statuses.count == 2)
    for status in statuses {
      #expect(status?["nodeInfo", "kubeletVersion"]?.string == version)
      #expect(status?["nodeInfo", "kernelVersion"]?.string == "6.1.0")
      #expect(status?["nodeInfo", "osImage"]?.string == "Debian")
      #expect(status?["nodeInfo", "machineID"]?.string?.count == 32)
      #expect(status?["capacity"] == nil && status?["allocatable"] == nil)
    }
    #expect(statuses[0]?["nodeInfo", "machineID"] != statuses[1]?["nodeInfo", "machineID"])
    #expect(
      statuses.map { $0?["addresses"]?.items.first?["address"]?.string } == ["node01", "node02"])
    let again = try await LabText().dryLab(lab, facts: facts).objects
    #expect(objects == again)
  }

  /// Other schedulers place a machine when they run, if the lab has them.
  @Test(arguments: [
    ("own", "its scheduler own places it when the lab is up"),
    ("other", "no scheduler of this lab is named other"),
  ])
  func machinesOfOtherSchedulers(_ scheduler: String, _ message: String) async throws {
    let lab = """

      ---
      apiVersion: pxelab.dev/v1alpha1
      kind: Lab
      metadata: {name: lab}
      spec: {schedulers: [{name: own, command: [python3, s.py]}]}
      """
    let dry = try await LabText(outer: "schedulerName: \(scheduler)").dryLab(lab, facts: .fixed())
    let placement = dry.placement(of: try #require(dry.plan.machines.first))
    #expect(placement.node == nil && placement.message == message)
  }

  /// What is in one machine's way is not in that of others.
  @Test func aMachineThatCannotBePlannedIsRefusedAlone() async throws {
    let bad = """

      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachineInstance
      metadata: {name: bad}
      spec:
        domain:
          memory: {guest: 1Gi}
          devices:
            interfaces: [{name: net, bridge: {}}]
            disks: [{name: d, disk: {bus: virtio}}]
        networks: [{name: net, multus: {networkName: net}}]
        volumes: [{name: d, hostDisk: {path: /run/d.img, type: Disk}}]
      ---
      apiVersion: hco.kubevirt.io/v1beta1
      kind: HyperConverged
      metadata: {name: kubevirt-hyperconverged}
      spec: {featureGates: {HostDisk: true}}
      """
    let dry = try await LabText().dryLab(bad, facts: .fixed())
    #expect(dry.plan.machines.map(\.name) == ["m"])
    #expect(dry.refusals.keys.map(\.name) == ["bad"])
    let machine = try #require(dry.plan.machines.first?.key)
    #expect(try dry.domain(of: machine).xml().contains("<domain"))
    let refused = try #require(dry.refusals.keys.first)
    #expect(throws: PlanningError.self) { try dry.domain(of: refused) }
    #expect(throws: PlanningError.self) { try dry.complete() }
  }

  /// An order that the controllers' names give, whatever that of the files is; what is not started has no port.
  @Test func machinesThatAreNotStartedHaveNoPort() async throws {
    let halted = """

      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachine
      metadata: {name: a-halted}
      spec:
        runStrategy: Halted
        template:
          spec:
            domain:
              memory: {guest: 1Gi}
              devices: {interfaces: [{name: net, bridge: {}}]}
            networks: [{name: net, multus: {networkName: net}}]
      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachine
      metadata: {name: always}
      spec:
        runStrategy: Always
        template:
          spec:
            domain:
              memory: {guest: 1Gi}
              devices: {interfaces: [{name: net, bridge: {}}]}
            networks: [{name: net, multus: {networkName: net}}]
      """
    let dry = try await LabText().dryLab(halted, facts: .fixed())
    #expect(dry.plan.machines.map(\.name) == ["a-halted", "always", "m"])
    #expect(dry.plan.machines.map(\.runStrategy) == [.halted, .always, .instance])
    let part = try #require(dry.parts.first)
    #expect(dry.parts.count == 1 && part.plan.machines.map(\.name) == ["always", "m"])
    let owners = part.plan.dataplane.bridges.flatMap(\.ports).compactMap { port -> String? in
      if case .machine(let machine, _) = port.peer { machine } else { nil }
    }
    #expect(Set(owners) == ["always", "m"])
    #expect(dry.placement(of: dry.plan.machines[0]).node == nil)
    #expect(dry.placement(of: dry.plan.machines[1]).node == "node01")
    // KubeVirt gives the instance of a VirtualMachine a serial number.
    #expect(dry.plan.machines[1].domainXML.contains(#"<entry name="serial">"#))
    #expect(!dry.plan.machines[2].domainXML.contains(#"<entry name="serial">"#))
    let explained = try dry.domain(of: dry.plan.machines[1].key).xml(explained: true)
    #expect(explained.contains("<!-- lab.yaml:"), "\(explained)")
  }

  @Test(arguments: [
    ("node-selector-unmet", "2 node(s) didn't match Pod's node affinity/selector"),
    ("pod-affinity-alone", "2 node(s) didn't match pod affinity rules"),
    ("node-affinity-unmet", "2 node(s) didn't match Pod's node affinity/selector"),
    ("toleration-misplaced", "1 node(s) had untolerated taint(s)"),
    ("toleration-forgotten", "1 node(s) had untolerated taint(s)"),
    ("cpu-model-obsolete", "2 node(s) didn't match Pod's node affinity/selector"),
    ("cpu-feature-missing", "2 node(s) didn't match Pod's node affinity/selector"),
    ("cpu-feature-forbidden", "2 node(s) didn't match Pod's node affinity/selector"),
    ("processor-not-here", "1 node(s) didn't match Pod's node affinity/selector"),
  ])
  func whyMachinesStayPending(_ lab: String, _ words: String) async throws {
    let dry = try await Checkout.dryLab("faults/\(lab)", .fixed())
    let machine = try #require(dry.plan.machines.first { $0.expectedFinding != nil })
    let placement = dry.placement(of: machine)
    #expect(placement.node == nil)
    #expect(placement.message?.contains(words) == true, "\(placement.message ?? "")")
    #expect(!dry.parts.contains { $0.plan.machines.contains { $0.key == machine.key } })
  }

  /// The seed's own example: kubectl refuses it, and says where the tolerations belong.
  @Test func tolerationsInTheWrongPlace() throws {
    let folder = Checkout.root.appending(path: "labs/faults/toleration-misplaced/machine.yaml")
    let validation = ManifestValidation(
      files: [("machine.yaml", Array(try Data(contentsOf: folder)))], folderName: "f")
    #expect(
      validation.problems.contains {
        $0.field == "spec.tolerations" && $0.message.contains("spec.template.spec.tolerations")
      }, "\(validation.problems)")
  }

  @Test func aModelThatTheClusterCallsObsolete() throws {
    let folder = Checkout.root.appending(path: "labs/faults/cpu-model-obsolete/machine.yaml")
    let validation = ManifestValidation(
      files: [("machine.yaml", Array(try Data(contentsOf: folder)))], folderName: "f")
    #expect(
      validation.problems.contains {
        $0.field == "spec.domain.cpu.model" && $0.message.contains("Conroe obsolete")
      }, "\(validation.problems)")
  }
}
