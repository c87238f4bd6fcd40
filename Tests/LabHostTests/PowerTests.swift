import Kinds
import Objects
import Planning
import TestObjects
import Testing

@testable import LabHost

/// What the power verbs ask of a lab's API, and what they say where they cannot. The controllers and the node
/// are played: each request has the answer that a case gives it.
@Suite(.timeLimit(.minutes(1))) struct PowerTests {
  private static let machineKey = ObjectKey(.virtualMachines, namespace: "default", name: "m")
  private static let instanceKey = ObjectKey(
    .virtualMachineInstances, namespace: "default", name: "m")
  private static let subresources = ObjectKey(
    GroupResource("virtualmachines", group: "subresources.kubevirt.io"), namespace: "default",
    name: "m")

  /// How a machine is before a verb.
  enum State {
    case off, running, paused, pending, failed

    var status: ObjectNode? {
      switch self {
      case .off: nil
      case .running: ["phase": "Running", "nodeName": "node01"]
      case .paused:
        [
          "phase": "Running", "nodeName": "node01",
          "conditions": [["type": "Paused", "status": "True"]],
        ]
      case .pending:
        [
          "phase": "Scheduling",
          "conditions": [
            [
              "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
              "message": "0/1 nodes are available: 1 Insufficient memory.",
            ]
          ],
        ]
      case .failed:
        [
          "phase": "Failed", "nodeName": "node01",
          "conditions": [
            ["type": "Synchronized", "status": "False", "message": "no such file"]
          ],
        ]
      }
    }
  }

  private static let template: ObjectNode = [
    "domain": ["memory": ["guest": "64Mi"], "devices": ["interfaces": [], "disks": []]],
    "networks": [],
  ]

  private static func instance(_ state: State, uid: String = "first") -> ObjectNode {
    var tree: ObjectNode = [
      "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance",
      "metadata": [
        "name": "m", "namespace": "default", "uid": .text(uid),
        "annotations": ["note": "kept", "kubevirt.io/latest": "v1"],
      ],
      "spec": template,
    ]
    tree["status"] = state.status
    return tree
  }

  /// A lab with the machine `m`: with a strategy a VirtualMachine, without one an instance of its own.
  private static func lab(
    _ state: State, _ strategy: String? = "Always"
  ) throws -> (client: LabClient, api: MemoryAPI) {
    let api = MemoryAPI()
    let host = HostFacts(
      spec: PlanningFacts(
        stateDirectory: "/state", engine: Reasoned(.linuxBridge, because: "test"),
        acceleration: Reasoned("tcg", because: "test"), isRoot: true, firmwares: [], images: [:]))
    api[host.key] = try host.tree()
    api[ObjectKey(.labs, namespace: "", name: "lab")] = [
      "apiVersion": "pxelab.dev/v1alpha1", "kind": "Lab", "metadata": ["name": "lab"],
      "spec": [:],
    ]
    if let strategy {
      api[machineKey] = [
        "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine",
        "metadata": ["name": "m", "namespace": "default"],
        "spec": ["runStrategy": .text(strategy), "template": ["spec": template]],
      ]
    }
    if state != .off || strategy == nil { api[instanceKey] = instance(state) }
    return (LabClient(lab: "lab", api: api), api)
  }

  /// A node that does what it is asked, and controllers that start and stop.
  private static func obey(_ request: MemoryAPI.Request, _ api: MemoryAPI) {
    switch request {
    case .create(let key, let object) where key.resource == NodeOperation.resource:
      switch object["spec", "action"]?.string {
      case "powerOff", "powerButton": api[instanceKey]?["status", "phase"] = "Succeeded"
      case "pause": api[instanceKey] = instance(.paused)
      case "resume": api[instanceKey] = instance(.running)
      default: break
      }
      api[key]?["status"] = ["outcome": "Done"]
    case .call(_, "start", _), .call(_, "restart", _):
      api[instanceKey] = instance(.running, uid: "second")
    case .call(_, "stop", _): api[instanceKey] = nil
    case .create(instanceKey, _): api[instanceKey] = instance(.running, uid: "second")
    default: break
    }
  }

  /// What was asked of others, in a line each.
  private static func asked(_ api: MemoryAPI) -> [String] {
    api.requests.compactMap { request in
      switch request {
      case .call(subresources, let name, let body):
        return "\(name) \(String(decoding: body.canonicalJSON, as: UTF8.self))"
      case .call(let key, let name, _): return "\(name) of \(key)"
      case .create(let key, let object) where key.resource == NodeOperation.resource:
        return "node: \(object["spec", "action"]?.string ?? "")"
      case .create(let key, _): return "create \(key)"
      case .delete(let key) where key.resource == NodeOperation.resource: return nil
      case .delete(let key): return "delete \(key)"
      }
    }
  }

  @Test(
    arguments: [
      (.off, "Always", PowerRequest(.on), ["start {}"]),
      (.off, "Manual", PowerRequest(.on), ["start {}"]),
      (.running, "Always", PowerRequest(.off), ["stop {\"gracePeriod\":0}"]),
      (
        .running, "Always", PowerRequest(.shutdown, patienceSeconds: 20.2),
        ["node: powerButton", "stop {\"gracePeriod\":21}"]
      ),
      (.running, "Always", PowerRequest(.cycle), ["restart {\"gracePeriodSeconds\":0}"]),
      (.running, "Halted", PowerRequest(.cycle), ["stop {\"gracePeriod\":0}", "start {}"]),
      (.running, "Manual", PowerRequest(.cycle, isSoft: true), ["node: powerButton", "start {}"]),
      (.off, "Halted", PowerRequest(.cycle), ["start {}"]),
      (.running, "Always", PowerRequest(.reset), ["node: reset"]),
      (.running, "Always", PowerRequest(.pause), ["node: pause"]),
      (.paused, "Always", PowerRequest(.resume), ["node: resume"]),
      (.paused, "Always", PowerRequest(.off), ["stop {\"gracePeriod\":0}"]),
      (.running, nil, PowerRequest(.off), ["node: powerOff"]),
      (.running, nil, PowerRequest(.shutdown), ["node: powerButton"]),
      (
        .running, nil, PowerRequest(.cycle),
        ["node: powerOff", "delete default/m", "create default/m"]
      ),
    ] as [(State, String?, PowerRequest, [String])])
  func whatIsAsked(
    _ state: State, _ strategy: String?, _ request: PowerRequest, _ asked: [String]
  ) async throws {
    let (client, api) = try Self.lab(state, strategy)
    api.answer(Self.obey)
    let answer = try await client.power("m", request)
    #expect(Self.asked(api) == asked)
    #expect(answer.machine.name == "m" && answer.notices.isEmpty)
    let isOff = [.off, .shutdown].contains(request.action)
    #expect(
      answer.machine.power == (isOff ? "off" : request.action == .pause ? "paused" : "running"))
  }

  @Test func anInstanceOfItsOwnIsMadeAnewAsItWas() async throws {
    let (client, api) = try Self.lab(.running, nil)
    api.answer(Self.obey)
    _ = try await client.power("m", PowerRequest(.cycle))
    let made = api.requests.compactMap { request in
      if case .create(Self.instanceKey, let object) = request { object } else { nil }
    }
    let tree = try #require(made.first)
    #expect(made.count == 1 && tree["spec"]?.canonical == Self.template.canonical)
    // What KubeVirt's controllers have written is theirs.
    #expect(tree["metadata", "annotations"]?.canonical == ["note": "kept"])
    #expect(tree["status"] == nil && tree["metadata", "uid"]?.string != "first")
  }

  @Test(
    arguments: [
      (.running, "Always", .on, "m runs already"),
      (.paused, "Always", .on, "m is paused: `pxelab resume m` lets it go on"),
      (.off, "Always", .off, "m is off already"), (.off, nil, .off, "m is off already"),
      (.off, "Always", .shutdown, "m is off already"), (.off, "Always", .reset, "m is off"),
      (.off, "Always", .pause, "m is off"), (.off, "Always", .resume, "m is off"),
      (
        .paused, "Always", .shutdown,
        "m is paused, and its guest hears of no power button: `pxelab resume m` first"
      ),
      (
        .running, "Once", .cycle,
        "m is left as it is: Once does not support manual start requests"
      ),
      (
        .pending, "Always", .on,
        "m is Pending: 0/1 nodes are available: 1 Insufficient memory."
      ),
      (
        .pending, "Always", .off,
        "m is Pending: 0/1 nodes are available: 1 Insufficient memory."
      ),
    ] as [(State, String?, PowerRequest.Action, String)])
  func whatCannotBeIsSaidAndNothingIsAsked(
    _ state: State, _ strategy: String?, _ action: PowerRequest.Action, _ words: String
  ) async throws {
    let (client, api) = try Self.lab(state, strategy)
    let error = await #expect(throws: LabHostError.self) {
      try await client.power("m", PowerRequest(action))
    }
    #expect(error?.description == words && error?.cause == .lab)
    #expect(Self.asked(api).isEmpty)
  }

  @Test func aMachineThatIsNotThereIsNamedWithThoseThatAre() async throws {
    let (client, _) = try Self.lab(.off)
    let error = await #expect(throws: LabHostError.self) {
      try await client.power("n", PowerRequest(.on))
    }
    #expect(error?.description == "the lab lab has no machine n; it has m")
    #expect(error?.cause == .request)
  }

  @Test func aGuestThatHeedsNoPowerButtonIsSaid() async throws {
    let (client, api) = try Self.lab(.running)
    api.answer { request, api in
      if case .create(let key, _) = request, key.resource == NodeOperation.resource {
        api[key]?["status"] = ["outcome": "Done"]
      }
    }
    let error = await #expect(throws: LabHostError.self) {
      try await client.power("m", PowerRequest(.shutdown, patienceSeconds: 0.25))
    }
    #expect(
      error?.description
        == "m did not power off within 0.25 seconds: its guest does not heed the power button; "
        + "`pxelab power off m` takes the power away")
  }

  @Test func theNodesRefusalIsPassedOn() async throws {
    let (client, api) = try Self.lab(.running)
    api.answer { request, api in
      if case .create(let key, _) = request, key.resource == NodeOperation.resource {
        api[key]?["status"] = ["outcome": "Refused", "message": "libvirtd does not answer"]
      }
    }
    let error = await #expect(throws: LabHostError.self) {
      try await client.power("m", PowerRequest(.reset))
    }
    #expect(error?.description == "libvirtd does not answer")
    // What was asked is not left behind.
    #expect(try await api.list(NodeOperation.resource).isEmpty)
  }

  @Test func aStartThatFailsSaysWhy() async throws {
    let (client, api) = try Self.lab(.off)
    api.answer { request, api in
      if case .call(_, "start", _) = request {
        api[Self.instanceKey] = Self.instance(.failed, uid: "second")
      }
    }
    let error = await #expect(throws: LabHostError.self) {
      try await client.power("m", PowerRequest(.on))
    }
    #expect(error?.description == "m does not start: no such file")
  }

  @Test func aStartThatNoNodeTakesIsAnAnswer() async throws {
    let (client, api) = try Self.lab(.off)
    api.answer { request, api in
      if case .call(_, "start", _) = request {
        api[Self.instanceKey] = Self.instance(.pending, uid: "second")
      }
    }
    let machine = try await client.power("m", PowerRequest(.on)).machine
    #expect(machine.stage == "pending")
    #expect(machine.reason == "0/1 nodes are available: 1 Insufficient memory.")
  }
}
