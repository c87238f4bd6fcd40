import Foundation
import Glibc
import Testing

extension LabTests {
  /// A scheduler that comes with its lab, written with the package `kubernetes` as for a cluster.
  @Suite struct CustomSchedulers {
    @Test func aLabsOwnSchedulerPlacesItsMachines() async throws {
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
        let first = try await pod(of: "vm-fedora", client, phase: "Running")
        #expect(first.contains("my-scheduler") && first.contains(" to node02"), "\(first)")
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
        let second = try await pod(of: "later", client, phase: "Running")
        #expect(second.contains("my-scheduler") && second.contains(" to node01"), "\(second)")
        // Nobody has this name: it waits without an event, while others run.
        let waiting = try await pod(of: "waiting", client, phase: "Pending")
        #expect(waiting.contains(#/Events: +<none>/#), "\(waiting)")
        let log = try await workspace.run("logs", "--part", "scheduler/my-scheduler").output
        #expect(log.contains(" goes to node01") && log.contains(" goes to node02"), "\(log)")
        #expect(try await workspace.run("down").status == 0)
      }
    }

    /// What `describe` says of a machine's launcher pod, once it has this phase.
    private func pod(
      of machine: String, _ client: KubernetesClient, phase: String
    ) async throws -> String {
      let selector = ["-l", "vm.kubevirt.io/name=\(machine)"]
      let deadline = ContinuousClock.now + .seconds(60)
      var said = ""
      repeat {
        said = try await client.output(["describe", "pods"] + selector)
      } while !said.contains(try Regex("Status: +\(phase)")) && ContinuousClock.now < deadline
      #expect(said.contains(try Regex("Status: +\(phase)")), "\(said)")
      return said
    }
  }
}
