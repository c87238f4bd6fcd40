import Objects
import Store
import Testing

@testable import Subresources

/// `virtctl start` and what else is asked of machines.
@Suite struct PowerTests {
  private static func target(_ request: String, version: String = "v1") -> String {
    "/apis/subresources.kubevirt.io/\(version)/namespaces/default/virtualmachines/pxe/\(request)"
  }

  private static let machine: ObjectNode = [
    "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine",
    "metadata": ["name": "pxe", "namespace": "default"],
    "spec": ["runStrategy": "Halted", "template": ["spec": ["domain": [:]]]],
  ]

  @Test func machineIsStartedInBothVersions() async throws {
    for version in ["v1", "v1alpha3"] {
      let lab = try await TestLab()
      try await lab.make(.virtualMachines, Self.machine)
      #expect(try await lab.send("PUT", Self.target("start", version: version), "{}") == (202, ""))
      let key = ObjectKey(.virtualMachines, namespace: "default", name: "pxe")
      #expect(await lab.store.get(key)?.tree["spec", "runStrategy"] == "Always")
    }
  }

  @Test func aDryRunStartsNothing() async throws {
    let lab = try await TestLab()
    try await lab.make(.virtualMachines, Self.machine)
    let revision = await lab.store.status.revision
    for (query, body) in [("", #"{"dryRun":["All"]}"#), ("?dryRun=All", "")] {
      #expect(try await lab.send("PUT", Self.target("start") + query, body) == (202, ""))
    }
    #expect(await lab.store.status.revision == revision)
  }

  @Test func refusalsAreKubeVirts() async throws {
    let lab = try await TestLab()
    #expect(
      try await lab.refusal("PUT", Self.target("start")) == (
        404, "virtualmachine.kubevirt.io \"pxe\" not found"
      ))
    try await lab.make(.virtualMachines, Self.machine)
    #expect(
      try await lab.refusal("PUT", Self.target("stop")) == (
        409,
        "Operation cannot be fulfilled on virtualmachine.kubevirt.io \"pxe\": VM is not running"
      ))
  }
}
