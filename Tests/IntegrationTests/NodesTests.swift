import Diagnosis
import Foundation
import Glibc
import LabHost
import Testing

extension LabTests {
  /// Labs with several nodes: machines go through their own node's bridge and uplink to a server on the
  /// fabric.
  @Suite struct Nodes {
    @Test func machinesBootThroughTheirOwnNodes() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "--format", "json", "labs/three-nodes")
        for machine in try up.report.machines {
          #expect(machine.verdict == .pass, "\(machine.name): \(machine.complaints)")
        }
        #expect(up.status == 0, "\(up.errors)")
        let nodes = try await nodes(workspace)
        #expect(nodes.map(\.name) == ["node01", "node02", "node03"])
        #expect(nodes.map(\.state) == ["Ready", "Ready", "Ready"])
        #expect(nodes.map(\.machines.count) == [1, 1, 1], "no two of them on one node")
        #expect(
          nodes.map(\.uplinks.count) == [1, 1, 1] && Set(nodes.flatMap(\.uplinks)).count == 3)
        let folder = workspace.paths("three-nodes")
        for node in nodes {
          // A machine's frames are on its own node's bridge, tagged, and on no other node's but for
          // what is flooded.
          let capture = folder.files(of: .node(node.name)).capture("br-pxe")
          #expect(FileManager.default.fileExists(atPath: capture))
          let diff = try await workspace.run(
            "netconf", "diff", "--node", node.name, "labs/three-nodes")
          #expect(diff.status == 0, "\(diff.output)\(diff.errors)")
        }
        let several = try await workspace.start(["netconf", "diff", "labs/three-nodes"]).outcome()
        #expect(several.status == 64 && several.errors.contains("node01, node02, node03"))
        try await capturesAreOne(workspace)
        try await nodesAreChanged(workspace)
        try await powerGoesAndComesBack(workspace)
        try await aNodeJoins(workspace)
        #expect(try await workspace.run("down").status == 0)
      }
    }

    /// What was captured at four places is one network's, in which each frame counts once.
    private func capturesAreOne(_ workspace: Workspace) async throws {
      let diagnosis = try await workspace.run(
        "diagnose", "--lab", "three-nodes", "--format", "json")
      #expect(diagnosis.status == 0, "\(diagnosis.output)\(diagnosis.errors)")
      let report = try JSONDecoder().decode(
        DiagnosisReport.self, from: Data(diagnosis.output.utf8))
      let booted = report.clients.filter { $0.outcome == .booted }
      #expect(booted.count == 3)
      // A frame that counted twice would be one that was sent again.
      #expect(!report.findings.contains { $0.id == "PXL031" }, "\(diagnosis.output)")
    }

    /// A node that somebody makes an object of is started and joins the fabric: a machine there hears the
    /// server.
    private func aNodeJoins(_ workspace: Workspace) async throws {
      let client = KubernetesClient(
        workspace: workspace, kubeconfig: try await workspace.kubeconfig(of: "three-nodes"))
      for manifest in [Self.joiningNode, Self.machineThere] {
        _ = try await client.output(["create"], manifest: manifest)
      }
      let question = [
        "get", "vmi", "late", "-o", "jsonpath={.status.nodeName} {.status.interfaces[0].ipAddress}",
      ]
      let deadline = ContinuousClock.now + .seconds(240)
      var answer = ""
      while !answer.hasPrefix("node04 192.168.20."), ContinuousClock.now < deadline {
        answer = try await client.start(question).outcome().output
      }
      #expect(answer.hasPrefix("node04 192.168.20."), "\(answer)")
      let nodes = try await nodes(workspace)
      #expect(nodes.map(\.name) == ["node01", "node02", "node03", "node04"])
      #expect(nodes[3].uplinks.count == 1)
    }

    /// The label has the policy of the lab's bridges apply.
    private static let joiningNode = """
      apiVersion: v1
      kind: Node
      metadata:
        name: node04
        labels: {node-role.kubernetes.io/worker: ""}
      """
    private static let machineThere = """
      apiVersion: kubevirt.io/v1
      kind: VirtualMachineInstance
      metadata: {name: late}
      spec:
        nodeSelector: {kubernetes.io/hostname: node04}
        domain:
          memory: {guest: 128Mi}
          devices:
            rng: {}
            interfaces:
            - {name: provisioning, bridge: {}, bootOrder: 1}
        networks:
        - {name: provisioning, multus: {networkName: provisioning}}
      """

    /// Each machine is an instance of its own, which a drain would not start again.
    private func nodesAreChanged(_ workspace: Workspace) async throws {
      let drain = try await workspace.start(["node", "drain", "node02"]).outcome()
      #expect(drain.status == 5 && drain.errors.contains("without a VirtualMachine"))
      let other = try await workspace.start(["node", "label", "nobody", "a=b"]).outcome()
      #expect(other.status == 64 && other.errors.contains("has no node \"nobody\""))
      let taint = try await workspace.run(
        "node", "taint", "node01", "k=v:NoSchedule", "--format", "json")
      #expect(taint.status == 0)
      let nodes = try await nodes(workspace)
      #expect(nodes.map(\.isSchedulable) == [true, false, true])
      #expect(nodes[0].taints == ["k=v:NoSchedule"])
      let changed = try await workspace.start(["up", "labs/minimal", "--name", "three-nodes"])
        .outcome()
      #expect(changed.status == 5, "\(changed.errors)")
    }

    /// A node without power has no machine that runs, and nobody waits for what it would say.
    private func powerGoesAndComesBack(_ workspace: Workspace) async throws {
      let off = try await workspace.run("node", "power", "off", "node03")
      #expect(off.status == 0, "\(off.errors)")
      #expect(try await nodes(workspace).map(\.state) == ["Ready", "Ready", "Off"])
      let began = ContinuousClock.now
      let drawn = try await workspace.run("topology")
      #expect(drawn.status == 0 && drawn.output.contains("node03"), "\(drawn.errors)")
      // Less than the time for which an agent that does not answer is waited for.
      #expect(began.duration(to: .now) < .seconds(25))
      let on = try await workspace.run("node", "power", "on", "node03")
      #expect(on.status == 0, "\(on.errors)")
      let again = try await nodes(workspace)
      #expect(again.map(\.state) == ["Ready", "Ready", "Ready"])
      #expect(again[2].uplinks.count == 1)
    }

    /// One machine boots over its node's trunk; the other node's lacks the VLAN, and that is found.
    @Test(.enabled(if: getuid() == 0, "only root can make a user; the other tests run as this one"))
    func anOrdinaryUserHasSeveralNodesToo() async throws {
      try await Workspace.useAsOrdinaryUser { _, start in
        let outcome = try await start(
          ["up", "--once", "--format", "json", "labs/faults/trunk-lacks-vlan"]
        ).outcome()
        let machines = try outcome.report.machines
        #expect(machines.map(\.name) == ["here", "there"])
        #expect(machines.first?.verdict == .pass, machines.first?.complaints)
        #expect(machines.last?.findings.first?.id == "PXL102", machines.last?.complaints)
      }
    }

    /// Machines go where the processor is that they ask for; one that no node has stays Pending.
    @Test func machinesGoByProcessor() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "labs/node-cpus")
        #expect(up.status == 0, "\(up.output)\n\(up.errors)")
        let nodes = try await nodes(workspace)
        let places = Dictionary(
          nodes.flatMap { node in node.machines.map { ($0, node.name) } }
        ) { first, _ in first }
        #expect(places.count == 9, "\(places)")
        for (machine, node) in [
          ("requires", "haswell"), ("requires-without-policy", "haswell"), ("model", "haswell"),
          ("forbids", "westmere"), ("older-model", "westmere"),
        ] {
          #expect(places[machine] == node, "\(machine)")
        }
        #expect(try await workspace.run("down").status == 0)
      }
    }

    private func nodes(_ workspace: Workspace) async throws -> [NodeSummary] {
      let list = try await workspace.run("node", "list", "--format", "json")
      return try JSONDecoder().decode([NodeSummary].self, from: Data(list.output.utf8))
    }
  }
}
