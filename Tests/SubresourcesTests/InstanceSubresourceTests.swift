import FileSystem
import Glibc
import HTTPService
import Kinds
import Objects
import Store
import Testing

@testable import Subresources

/// What virtctl asks of instances, and what nodes are asked because of it.
@Suite struct InstanceSubresourceTests {
  private static func target(_ request: String, version: String = "v1") -> String {
    "/apis/subresources.kubevirt.io/\(version)/namespaces/default/virtualmachineinstances/pxe/"
      + request
  }

  /// A node that answers the first thing that it is asked.
  private func node(
    of lab: TestLab, _ status: ObjectNode
  ) async throws -> Task<NodeOperation.Spec?, any Error> {
    let watch = try await lab.store.watch(WatchScope(NodeOperation.resource), from: .existing)
    return Task {
      for try await event in watch {
        guard case .added(let key, let object) = event else { continue }
        var tree = object.tree
        tree["status"] = status
        try await lab.store.updateStatus(key, tree)
        return try tree.decoded(as: NodeOperation.self).spec
      }
      return nil
    }
  }

  @Test(
    arguments: [
      ("pause", "pause", false), ("unpause", "resume", true), ("reset", "reset", false),
      ("softreboot", "softReboot", false),
    ])
  func nodeIsAskedForIt(_ request: String, _ action: String, _ isPaused: Bool) async throws {
    for version in ["v1", "v1alpha3"] {
      let lab = try await TestLab()
      try await lab.makeRunningMachine(isPaused: isPaused)
      let node = try await node(of: lab, ["outcome": "Done"])
      let answer = try await lab.send("PUT", Self.target(request, version: version), "{}")
      #expect(answer == (200, ""))
      let asked = try #require(await node.value)
      #expect(asked.node == "node01" && asked.machine == "pxe" && asked.action == action)
      // Nothing is left behind.
      #expect(await lab.store.list(NodeOperation.resource).items.isEmpty)
    }
  }

  @Test func nodesReasonIsTold() async throws {
    let lab = try await TestLab()
    try await lab.makeRunningMachine()
    let node = try await node(of: lab, ["outcome": "Refused", "message": "pxe is off"])
    let refusal = try await lab.refusal("PUT", Self.target("pause"))
    #expect(refusal == (500, "Internal error occurred: pxe is off"))
    _ = try await node.value
  }

  @Test func resetBeforeTheMachineRuns() async throws {
    let lab = try await TestLab()
    try await lab.makeRunningMachine(phase: "Scheduled")
    let node = try await node(of: lab, ["outcome": "Refused", "message": "pxe is off"])
    #expect(
      try await lab.refusal("PUT", Self.target("reset")) == (
        500,
        "Internal error occurred: Failed to reset non-running VMI with phase Scheduled: pxe is off"
      ))
    _ = try await node.value
  }

  @Test func nothingIsAskedOfANodeByADryRun() async throws {
    let lab = try await TestLab()
    try await lab.makeRunningMachine()
    let revision = await lab.store.status.revision
    for (query, body) in [("", #"{"dryRun":["All"]}"#), ("?dryRun=All", "")] {
      #expect(try await lab.send("PUT", Self.target("pause") + query, body) == (200, ""))
    }
    #expect(await lab.store.status.revision == revision)
  }

  @Test func nodeThatDoesNotAnswerIsNotWaitedForLong() async throws {
    let lab = try await TestLab()
    try await lab.makeRunningMachine()
    let key = ObjectKey(.virtualMachineInstances, namespace: "default", name: "pxe")
    let boot = try #require(try await lab.store.instance(key).boot)
    let requests = NodeRequests(store: lab.store, patience: .milliseconds(1))
    let error = await #expect(throws: StatusError.self) {
      try await requests.perform(.pause, on: boot)
    }
    #expect(error?.message.hasPrefix("Internal error occurred: node01 has not answered") == true)
    #expect(await lab.store.list(NodeOperation.resource).items.isEmpty)
  }

  @Test func screenIsAPicture() async throws {
    let lab = try await TestLab()
    try await lab.makeRunningMachine()
    let file = "\(lab.paths.machine("pxe"))/screen.png"
    try Files.makeFolder(Files.parent(of: file))
    try Files.write("picture", to: file)
    let node = try await node(
      of: lab, ["outcome": "Done", "result": ["file": .text(file), "format": "png"]])
    let response = await lab.api.answer(
      HTTPRequest(
        method: "GET", target: Self.target("vnc/screenshot") + "?moveCursor=false"))
    #expect(response.status == 200 && response.fields["Content-Type"] == "image/png")
    #expect(try await lab.text(of: response) == "picture")
    #expect(try await node.value?.action == "screenshot")
  }

  /// A client of the API can write what an operation came to, and a Boot.
  @Test(arguments: ["secret", "machine-pxe/../secret", "machine-pxe/link"])
  func noOtherFileIsAPicture(_ name: String) async throws {
    let lab = try await TestLab()
    try await lab.makeRunningMachine()
    try Files.makeFolder(lab.paths.machine("pxe"))
    try Files.write("secret", to: "\(lab.folder)/secret")
    #expect(symlink("\(lab.folder)/secret", "\(lab.folder)/machine-pxe/link") == 0)
    let node = try await node(
      of: lab,
      ["outcome": "Done", "result": ["file": .text("\(lab.folder)/\(name)"), "format": "png"]])
    let (status, text) = try await lab.send("GET", Self.target("vnc/screenshot"))
    #expect(status == 500 && !text.contains("\"secret\""))
    _ = try await node.value
  }

  @Test func aBootWithAFolderInItsNameIsNone() async throws {
    let lab = try await TestLab()
    try await lab.makeRunningMachine("../x")
    let boots = await lab.store.list(Boot.resource).items
    let uid = try #require(boots.first?.object.tree["spec", "instanceUID"]?.string)
    #expect(try await lab.store.boot(ofInstance: uid, namespace: "default") == nil)
  }

  @Test func refusalsHaveTheirCodes() async throws {
    let lab = try await TestLab()
    #expect(
      try await lab.refusal("PUT", Self.target("pause")) == (
        404, "virtualmachineinstance.kubevirt.io \"pxe\" not found"
      ))
    try await lab.makeRunningMachine()
    #expect(
      try await lab.refusal("GET", Self.target("guestosinfo")) == (
        409,
        "Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io \"pxe\": VMI does not "
          + "have guest agent connected"
      ))
    #expect(try await lab.send("GET", Self.target("pause")).status == 405)
  }
}
