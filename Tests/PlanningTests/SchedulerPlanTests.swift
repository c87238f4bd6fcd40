import LabManifest
import Testing

@testable import Planning

/// A scheduler of the lab's own, as the agent runs it that has what serves the nodes.
@Suite struct SchedulerPlanTests {
  private func schedulers(on role: NodeRole) throws -> [SchedulerPlan] {
    let lab = """

      ---
      apiVersion: pxelab.dev/v1alpha1
      kind: Lab
      metadata: {name: lab}
      spec: {schedulers: [{name: my-scheduler, command: [python3, s.py]}]}
      """
    var facts = try PlanningFacts.fixed()
    facts.manifestFolder = "/manifests"
    return try LabPlanner(try LabText().input(lab), facts: facts, role: role).plan().schedulers
  }

  @Test func itReachesTheLabByItsKubeconfig() throws {
    let scheduler = try #require(try schedulers(on: .lab).first)
    #expect(
      scheduler.environment == [
        "KUBECONFIG": "/state/labs/lab/access/kubeconfig", "PXELAB_SCHEDULER": "my-scheduler",
      ])
    #expect(scheduler.program == "python3" && scheduler.arguments == ["s.py"])
    #expect(scheduler.workingDirectory == "/manifests")
    #expect(scheduler.log == "/state/labs/lab/schedulers/my-scheduler/scheduler.log")
  }

  @Test(arguments: [
    ("python3", "python3"), ("/bin/s", "/bin/s"),
    (".venv/bin/python", "/manifests/.venv/bin/python"),
    ("./s", "/manifests/./s"),
  ])
  func aPathIsFromTheManifestsFolder(_ program: String, _ expected: String) throws {
    let plan = SchedulerPlan(
      LabScheduler(name: "s", command: [program]),
      paths: LabPaths(stateDirectory: "/state", lab: "lab"), workingDirectory: "/manifests")
    #expect(plan?.program == expected)
  }

  @Test(arguments: ["a", "lab", "node01", "scheduler-a"])
  func itsFilesAreNobodyElses(_ name: String) throws {
    let paths = LabPaths(stateDirectory: "/state", lab: "lab")
    let plan = try #require(
      SchedulerPlan(
        LabScheduler(name: name, command: ["s"]), paths: paths, workingDirectory: "/manifests"))
    let files = [plan.log, plan.note]
    #expect(Set(files).count == 2)
    for node in ["scheduler-\(name)", name, "schedulers"] {
      let taken = [paths.agentLog(node), paths.agentNote(node)]
      #expect(Set(files).isDisjoint(with: taken), "\(node)")
    }
  }

  @Test func itRunsOnce() throws {
    #expect(try schedulers(on: .only("node01")).count == 1)
    #expect(try schedulers(on: .fabric).count == 1)
    #expect(try schedulers(on: .node("node01")).isEmpty)
  }
}
