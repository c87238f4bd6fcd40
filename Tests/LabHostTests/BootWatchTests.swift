import Kinds
import Objects
import Planning
import TestObjects
import Testing

@testable import LabHost

/// The verdicts on machines that wait for a scheduler of another name.
@Suite(.timeLimit(.minutes(1))) struct BootWatchTests {
  /// A lab whose machine `m` names a scheduler, which has bound nothing yet.
  private static func lab(_ scheduler: String) throws -> (client: LabClient, api: MemoryAPI) {
    let api = MemoryAPI()
    let host = HostFacts(
      spec: PlanningFacts(
        stateDirectory: "/state", engine: Reasoned(.linuxBridge, because: "test"),
        acceleration: Reasoned("tcg", because: "test"), isRoot: true, firmwares: [], images: [:]))
    api[host.key] = try host.tree()
    api[ObjectKey(.labs, namespace: "", name: "lab")] = [
      "apiVersion": "pxelab.dev/v1alpha1", "kind": "Lab", "metadata": ["name": "lab"],
      "spec": ["schedulers": [["name": "own", "command": ["s"]]]],
    ]
    api[ObjectKey(.virtualMachineInstances, namespace: "default", name: "m")] = [
      "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance",
      "metadata": ["name": "m", "namespace": "default"],
      "spec": [
        "schedulerName": .text(scheduler), "networks": [],
        "domain": ["memory": ["guest": "64Mi"], "devices": ["interfaces": [], "disks": []]],
      ],
      "status": ["phase": "Scheduling"],
    ]
    api[ObjectKey(GroupResource("pods"), namespace: "default", name: "virt-launcher-m")] = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": "virt-launcher-m", "namespace": "default",
        "ownerReferences": [["kind": "VirtualMachineInstance", "name": "m"]],
      ],
      "spec": ["schedulerName": .text(scheduler)],
    ]
    return (LabClient(lab: "lab", api: api), api)
  }

  /// One that the lab does not have is told at once, one that it has when the machine's time is over.
  @Test(arguments: [
    ("other", 3600, "no scheduler of this lab is named other"),
    ("own", 0.01, "its scheduler own has not placed it within 0 s"),
  ])
  func aSchedulerThatDoesNotPlace(
    _ scheduler: String, _ limit: Double, _ reason: String
  ) async throws {
    let (client, _) = try Self.lab(scheduler)
    var machines = try await client.plan().machines
    machines[0].timeoutSeconds = limit
    let verdicts = try await BootWatch(client: client, machines: machines, former: []).verdicts()
    let finding = try #require(verdicts.first?.findings.first)
    #expect(finding.id == "PXL016")
    #expect(finding.title == "The machine stays Pending: \(reason).")
    #expect(finding.evidence.map(\.text) == [reason])
    #expect(finding.fix.contains("schedule"))
  }

  /// A machine that its scheduler has placed is judged by its boot.
  @Test func aSchedulerThatPlaces() async throws {
    let (client, api) = try Self.lab("own")
    let pod = ObjectKey(GroupResource("pods"), namespace: "default", name: "virt-launcher-m")
    api[pod]?["spec", "nodeName"] = "node01"
    var machines = try await client.plan().machines
    machines[0].timeoutSeconds = 0
    let boot = Boot(
      namespace: "default",
      spec: Boot.Spec(
        instance: "m", title: "m", instanceUID: "u", node: "node01", start: 1, isJudged: false,
        timeoutSeconds: 0), status: Boot.Status(phase: .running, stage: "defined", began: "1"))
    api[boot.key] = try boot.tree()
    api[machines[0].instanceKey]?["status", "phase"] = "Running"
    let verdicts = try await BootWatch(client: client, machines: machines, former: []).verdicts()
    #expect(verdicts.isEmpty)
  }
}
