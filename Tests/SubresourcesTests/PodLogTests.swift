import FileSystem
import HTTPService
import Kinds
import Objects
import Planning
import Store
import Testing

@testable import Subresources

/// `kubectl logs` of launcher pods.
@Suite struct PodLogTests {
  private static let log = "/api/v1/namespaces/default/pods/virt-launcher-pxe/log"

  /// A lab in which a machine runs for the second time.
  private func lab() async throws -> TestLab {
    let lab = try await TestLab()
    let console = MachinePaths(lab.paths, machine: "pxe").consoleLog
    let emulator = lab.paths.files(of: .only("node01")).emulatorLog(of: "pxe")
    try lab.append("first boot\n", to: console)
    try lab.append("first start\n", to: emulator)
    try await lab.makeRunningMachine(
      logs: Boot.LogLengths(
        console: try #require(Files.size(of: console)),
        emulator: try #require(Files.size(of: emulator))))
    try lab.append("Station IP\r\nNBP filename\r\ngrub> ", to: console)
    try lab.append("starting up libvirt\nchar device\n", to: emulator)
    return lab
  }

  @Test(
    arguments: [
      ("", "starting up libvirt\nchar device\n"),
      ("?container=compute", "starting up libvirt\nchar device\n"),
      ("?container=compute&tailLines=1", "char device\n"),
      ("?container=compute&tailLines=0", ""),
      ("?container=compute&limitBytes=8", "starting"),
      ("?container=guest-console-log", "Station IP\r\nNBP filename\r\ngrub> "),
      ("?container=guest-console-log&tailLines=2", "NBP filename\r\ngrub> "),
      ("?container=guest-console-log&tailLines=99", "Station IP\r\nNBP filename\r\ngrub> "),
      ("?container=guest-console-log&tailLines=1&limitBytes=4", "grub"),
    ])
  func logsAreOfThisStart(_ query: String, _ expected: String) async throws {
    let lab = try await lab()
    let (status, text) = try await lab.send("GET", Self.log + query)
    #expect(status == 200)
    #expect(text == expected)
  }

  @Test func logOfANodeAmongSeveralIsInItsFolder() async throws {
    let lab = try await TestLab()
    let files = lab.paths.files(of: .node("node01"))
    try lab.append("of node01\n", to: files.emulatorLog(of: "pxe"))
    try await lab.makeRunningMachine(logs: Boot.LogLengths(console: 0, emulator: 0))
    #expect(try await lab.send("GET", Self.log).text == "of node01\n")
  }

  @Test func followedLogGoesOnUntilThePodHasEnded() async throws {
    let lab = try await lab()
    let key = ObjectKey(GroupResource("pods"), namespace: "default", name: "virt-launcher-pxe")
    let response = await lab.api.answer(
      HTTPRequest(
        method: "GET", target: Self.log + "?container=guest-console-log&follow=true&tailLines=1"))
    guard case .stream(let chunks, let time) = response.body else {
      Issue.record("\(response.body)")
      return
    }
    #expect(time == nil)
    var seen = ""
    for try await chunk in chunks {
      let isFirst = seen.isEmpty
      seen += String(decoding: chunk, as: UTF8.self)
      if isFirst {
        let console = MachinePaths(lab.paths, machine: "pxe").consoleLog
        try lab.append("\r\nBooting\r\n", to: console)
      }
      if seen.hasSuffix("Booting\r\n") {
        var tree = try #require(await lab.store.get(key)).tree
        tree["status", "phase"] = "Succeeded"
        try await lab.store.updateStatus(key, tree)
      }
    }
    #expect(seen == "grub> \r\nBooting\r\n")
  }

  @Test func logOfAMachineThatHasNotStartedIsEmpty() async throws {
    let lab = try await TestLab()
    try await lab.make(GroupResource("pods"), pod("virt-launcher-pxe", phase: "Running"))
    #expect(try await lab.send("GET", Self.log) == (200, ""))
  }

  @Test(
    arguments: [
      ("?container=nosuch", 400, "container nosuch is not valid for pod virt-launcher-pxe"),
      (
        "?previous=true", 400,
        "previous terminated container \"compute\" in pod \"virt-launcher-pxe\" not found"
      ),
      (
        "?tailLines=-1", 422,
        "PodLogOptions \"virt-launcher-pxe\" is invalid: tailLines: Invalid value: -1: must be "
          + "greater than or equal to 0"
      ),
      (
        "?limitBytes=0", 422,
        "PodLogOptions \"virt-launcher-pxe\" is invalid: limitBytes: Invalid value: 0: must be "
          + "greater than 0"
      ),
      ("?tailLines=few", 400, "tailLines is a number, not \"few\""),
      ("?follow=perhaps", 400, "follow is true or false, not \"perhaps\""),
      (
        "?sinceSeconds=5&timestamps=true", 400,
        "the logs of a lab have no times beside their lines, which sinceSeconds and timestamps would "
          + "need; tailLines works"
      ),
    ])
  func refusalsAreTheAPIServersAndTheKubelets(
    _ query: String, _ code: Int, _ message: String
  ) async throws {
    let lab = try await lab()
    #expect(try await lab.refusal("GET", Self.log + query) == (code, message))
  }

  @Test func containerMustBeNamedWhereThereAreSeveral() async throws {
    let lab = try await TestLab()
    var several = pod("virt-launcher-pxe", phase: "Running")
    several["spec", "containers"] = [["name": "compute"], ["name": "volumeroot"]]
    try await lab.make(GroupResource("pods"), several)
    #expect(
      try await lab.refusal("GET", Self.log) == (
        400,
        "a container name must be specified for pod virt-launcher-pxe, choose one of: "
          + "[guest-console-log compute volumeroot]"
      ))
    #expect(try await lab.send("GET", Self.log + "?container=volumeroot") == (200, ""))
  }

  @Test func podsThatAreNotThereOrHaveNotBegun() async throws {
    let lab = try await TestLab()
    #expect(
      try await lab.refusal("GET", Self.log) == (404, "pods \"virt-launcher-pxe\" not found"))
    try await lab.make(GroupResource("pods"), pod("virt-launcher-pxe", phase: "Pending"))
    #expect(
      try await lab.refusal("GET", Self.log) == (
        400,
        "container \"compute\" in pod \"virt-launcher-pxe\" is waiting to start: ContainerCreating"
      ))
    var unbound = pod("unbound", phase: "Pending")
    unbound["spec", "nodeName"] = nil
    try await lab.make(GroupResource("pods"), unbound)
    #expect(
      try await lab.send("GET", "/api/v1/namespaces/default/pods/unbound/log") == (204, ""))
  }

  @Test func tailIsFoundOverManyBlocks() async throws {
    let lab = try await TestLab()
    let console = MachinePaths(lab.paths, machine: "pxe").consoleLog
    let line = String(repeating: "x", count: 1000) + "\n"
    try lab.append(String(repeating: line, count: 500), to: console)
    try await lab.makeRunningMachine(logs: Boot.LogLengths(console: 0, emulator: 0))
    let target = Self.log + "?container=guest-console-log&tailLines=300"
    #expect(try await lab.send("GET", target).text == String(repeating: line, count: 300))
  }
}
