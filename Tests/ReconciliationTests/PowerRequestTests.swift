import Objects
import Testing

@testable import Reconciliation

/// What KubeVirt's API answers to start, stop and restart, and what becomes of it.
@Suite struct PowerRequestTests {
  private static let prefix =
    "Operation cannot be fulfilled on virtualmachine.kubevirt.io \"pxe\": "

  private func world(_ strategy: RunStrategy, _ phase: InstancePhase?) throws -> World {
    var world = World()
    try world.create(machineKey, machine(strategy.rawValue))
    guard let phase, let owner = world.object(machineKey) else { return world }
    try world.create(
      instanceKey, InstanceTemplate.instance(of: owner, request: nil, at: world.now))
    if phase.isFinal { try world.setPhase(.running) }
    try world.setPhase(phase)
    try world.change(machineKey) { machine in
      machine["status", "runStrategy"] = .text(strategy.rawValue)
      machine["status", "startFailure"] = ["consecutiveFailCount": 3]
    }
    return world
  }

  @Test(
    arguments: [
      (.start(), .always, .running, 409, "VM is already running"),
      (.start(), .manual, .scheduling, 409, "VM is already running"),
      (.start(), .always, nil, 409, "Always does not support manual start requests"),
      (.start(), .once, .succeeded, 409, "Once does not support manual start requests"),
      (
        .start(), .rerunOnFailure, .failed, 409,
        "RerunOnFailure does not support starting VM from failed state"
      ),
      (.stop(), .manual, nil, 409, "VM is not running"),
      (.stop(), .manual, .failed, 409, "VM is not running"),
      (.stop(), .rerunOnFailure, nil, 409, "VM is not running"),
      (.stop(), .halted, nil, 409, "VM is not running"),
      (
        .stop(), .halted, .running, 409,
        "Halted only supports manual stop requests with a shorter graceperiod"
      ),
      (
        .restart(), .halted, nil, 409,
        "RunStategy Halted does not support manual restart requests"
      ),
      (
        .restart(), .once, .running, 409,
        "RunStategy Once does not support manual restart requests"
      ),
      (.restart(), .always, nil, 409, "VM is not running: Halted"),
      (
        .restart(gracePeriod: 5), .always, .running, 400,
        "For force restart, only gracePeriod=0 is supported for now"
      ),
      (
        .restart(gracePeriod: -1), .always, .running, 400,
        "gracePeriod has to be greater or equal to 0"
      ),
    ] as [(PowerRequest, RunStrategy, InstancePhase?, Int, String)])
  func refusal(
    request: PowerRequest, strategy: RunStrategy, phase: InstancePhase?, code: Int, message: String
  ) throws {
    let world = try world(strategy, phase)
    let error = try #require(throws: PowerRefusal.self) {
      try request.changes(of: machineKey, in: world)
    }
    #expect(error.code == code)
    #expect(error.message == (code == 409 ? Self.prefix : "") + message)
  }

  @Test func aMachineThatIsNotThere() throws {
    let error = try #require(throws: PowerRefusal.self) {
      try PowerRequest.start().changes(of: machineKey, in: World())
    }
    #expect(error == .notFound(machineKey))
    #expect(error.message == "virtualmachine.kubevirt.io \"pxe\" not found")
  }

  @Test func requestsAreNotPiledUp() throws {
    var world = try world(.manual, .running)
    try world.carryOut(.restart())
    #expect(throws: PowerRefusal.self) {
      try PowerRequest.restart().changes(of: machineKey, in: world)
    }
    // One to stop takes their place.
    try world.carryOut(.stop())
    #expect(world.object(machineKey)?["status", "stateChangeRequests"]?.items.count == 1)
  }

  /// What the request leaves, and what a machine comes to after it when its guest ends in order.
  @Test(
    arguments: [
      (.start(), .halted, nil, "Always", true), (.start(), .manual, nil, "Manual", true),
      (.start(), .manual, .failed, "Manual", true),
      (.start(), .rerunOnFailure, .succeeded, "RerunOnFailure", true),
      (.start(isPaused: true), .halted, nil, "Always", true),
      (.start(bootOnce: "pxe"), .halted, nil, "Always", true),
      (.stop(), .always, .running, "Halted", false), (.stop(), .manual, .running, "Manual", false),
      (.stop(), .rerunOnFailure, .running, "RerunOnFailure", false),
      (.stop(gracePeriod: 0), .manual, .running, "Manual", false),
      (.restart(), .always, .running, "Always", true),
      (.restart(), .manual, .running, "Manual", true),
      (.restart(), .rerunOnFailure, .running, "RerunOnFailure", true),
      (.restart(gracePeriod: 0, bootOnce: "pxe"), .always, .running, "Always", true),
    ] as [(PowerRequest, RunStrategy, InstancePhase?, String, Bool)])
  func request(
    request: PowerRequest, strategy: RunStrategy, phase: InstancePhase?, after: String,
    runs: Bool
  ) throws {
    var world = try world(strategy, phase)
    let old = world.object(instanceKey)?.uid
    try world.carryOut(request)
    if case .stop(let gracePeriod?) = request {
      #expect(
        world.object(instanceKey)?["spec", "terminationGracePeriodSeconds"]?.integer == gracePeriod)
    }
    for _ in 0..<6 {
      _ = try world.settle(VirtualMachineReconciler(), machineKey)
      _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
      if world.object(instanceKey)?.isBeingDeleted == true { try world.setPhase(.succeeded) }
      for pod in world.pods { _ = try world.settle(LauncherPodReconciler(), pod.key) }
    }
    let machine = try #require(world.object(machineKey))
    let instance = world.object(instanceKey)
    #expect(machine["spec", "runStrategy"]?.string == after)
    #expect((instance != nil) == runs)
    #expect(instance == nil || instance?.uid != old)
    #expect(machine["status", "stateChangeRequests"] == nil)
    switch request {
    case .start(let isPaused, let bootOnce):
      #expect((instance?["spec", "startStrategy"] == "Paused") == isPaused)
      #expect(instance?.annotation(Mark.bootOnce) == bootOnce)
    case .restart(_, let bootOnce): #expect(instance?.annotation(Mark.bootOnce) == bootOnce)
    case .stop: break
    }
  }

  @Test func theOlderFormIsKept() throws {
    var world = World()
    var tree = machine("Halted")
    tree["spec", "runStrategy"] = nil
    tree["spec", "running"] = false
    try world.create(machineKey, tree)
    try world.carryOut(.start())
    #expect(world.object(machineKey)?["spec", "running"] == true)
    #expect(world.object(machineKey)?["spec", "runStrategy"] == nil)
    try world.carryOut(.stop())
    #expect(world.object(machineKey)?["spec", "running"] == false)
  }
}
