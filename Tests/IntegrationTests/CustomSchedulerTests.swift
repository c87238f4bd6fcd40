import Foundation
import Glibc
import Testing

extension LabTests {
  /// A scheduler that comes with its lab, written with the package `kubernetes` as for a cluster.
  @Suite struct CustomSchedulers {
    @Test func aLabsOwnSchedulerPlacesItsMachines() async throws {
      try await KubernetesClient.requirePythonPackages()
      try await Workspace.use { workspace in
        let refused = try await workspace.run(
          "up", "--no-commands", "--detach", "labs/custom-scheduler")
        #expect(refused.status == 2)
        #expect(
          refused.errors.contains("spec.schedulers[0].command: --no-commands: it runs"),
          "\(refused.errors)")
        let up = try await workspace.run("up", "--detach", "labs/custom-scheduler")
        #expect(up.status == 0, "\(up.errors)")
        let client = KubernetesClient(
          workspace: workspace, kubeconfig: try await workspace.kubeconfig(of: "custom-scheduler"))
        try await wait(for: Self.placed, of: "vm-fedora", client)
        // One that is killed is started again, and places what came meanwhile.
        let program = try #require(
          ProcessTable.entries(mentioning: workspace.root).first {
            $0.arguments.last == "scheduler.py"
          })
        kill(program.pid, SIGKILL)
        for (name, scheduler) in [("later", "my-scheduler"), ("waiting", "nobody")] {
          let machine = """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: \(name)}
            spec:
              schedulerName: \(scheduler)
              domain: {devices: {}, memory: {guest: 64Mi}}
            """
          #expect(
            try await client.output(["create"], manifest: machine)
              == "virtualmachineinstance.kubevirt.io/\(name) created\n")
        }
        try await wait(for: Self.placed, of: "later", client)
        // Nobody has this name: it waits without an event, while others run.
        try await wait(for: [#"Status: +Pending"#, #"Events: +<none>"#], of: "waiting", client)
        let log = try await workspace.run("logs", "--part", "scheduler/my-scheduler").output
        for machine in ["vm-fedora", "later"] {
          let line = try Regex(#"default/virt-launcher-\#(machine)-\S+ goes to node0[12]\n"#)
          #expect(log.contains(line), "\(log)")
        }
        #expect(try await workspace.run("down").status == 0)
      }
    }

    /// Nothing but the lab itself brings the sandbox's loopback up here, and addresses are on other devices
    /// when the API is started again.
    @Test func theAPIIsReachedInsideOfTheSandbox() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "--detach", "\(Workspace.labs)/scheduled")
        try #require(up.status == 0, "\(up.errors)")
        try await waitForAnswers(1, workspace)
        let daemon = try #require(
          ProcessTable.entries(mentioning: workspace.root).first {
            $0.arguments.joined(separator: " ").contains("pxelab-lab api")
          })
        kill(daemon.pid, SIGKILL)
        // One may have been on its way.
        try await waitForAnswers(try await answers(workspace) + 2, workspace)
        #expect(try await workspace.run("down").status == 0)
      }
    }

    /// How often the scheduler was answered.
    private func answers(_ workspace: Workspace) async throws -> Int {
      let log = try await workspace.run("logs", "--part", "scheduler/asks").output
      return log.split(separator: "\n").count { $0.hasSuffix("node/node01") }
    }

    private func waitForAnswers(_ count: Int, _ workspace: Workspace) async throws {
      let deadline = ContinuousClock.now + .seconds(120)
      while try await answers(workspace) < count {
        guard ContinuousClock.now < deadline else {
          let log = try await workspace.run("logs", "--part", "scheduler/asks")
          Issue.record("\(log.output)\(log.errors)")
          return
        }
        // It is started again after a while.
        try await Task.sleep(for: .milliseconds(200))
      }
    }

    /// What is said of a pod that the scheduler has placed: the event comes after the binding.
    private static let placed = [
      #"Status: +Running"#, #"Scheduled .* my-scheduler +Successfully assigned \S+ to node0[12]\n"#,
    ]

    /// Waits until `describe` says all that of a machine's launcher pod.
    private func wait(
      for patterns: [String], of machine: String, _ client: KubernetesClient,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let selector = ["-l", "vm.kubevirt.io/name=\(machine)"]
      let wanted = try patterns.map { try Regex($0) }
      let deadline = ContinuousClock.now + .seconds(60)
      var said = ""
      repeat {
        said = try await client.output(["describe", "pods"] + selector)
      } while !wanted.allSatisfy({ said.contains($0) }) && ContinuousClock.now < deadline
      #expect(
        wanted.allSatisfy { said.contains($0) }, "\(said)", sourceLocation: sourceLocation)
    }
  }
}
