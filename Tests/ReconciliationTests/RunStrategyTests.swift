import Objects
import Testing

@testable import Reconciliation

/// Every run strategy in every situation.
@Suite struct RunStrategyTests {
  enum Situation: String, CaseIterable {
    case neverStarted, poweredOffAndGone, startAsked, unschedulable, starting, running, paused
    case poweredOff, crashed, failedEarly, stopAsked, deletedByPerson, deletedAndFailed, backingOff
  }

  /// Steps in the order of ``RunStrategy/allCases``: Always, RerunOnFailure, Manual, Halted, Once,
  /// WaitAsReceiver.
  private static let steps: [Situation: [PowerStep]] = [
    .neverStarted: [.start, .start, .keep, .keep, .start, .keep],
    .poweredOffAndGone: [.start, .keep, .keep, .keep, .start, .keep],
    .startAsked: [.start, .start, .start, .switchOn, .start, .keep],
    .unschedulable: [.keep, .keep, .keep, .stop, .keep, .keep],
    .starting: [.keep, .keep, .keep, .stop, .keep, .keep],
    .running: [.keep, .keep, .keep, .stop, .keep, .keep],
    .paused: [.keep, .keep, .keep, .stop, .keep, .keep],
    .poweredOff: [.stop, .stop, .keep, .stop, .keep, .keep],
    .crashed: [.stop, .stop(restarts: true), .keep, .stop, .keep, .keep],
    .failedEarly: [.stop, .stop(restarts: true), .keep, .stop, .keep, .keep],
    .stopAsked: [.stop, .stop, .stop, .stop, .keep, .keep],
    .deletedByPerson: [.keep, .keep, .keep, .stop, .keep, .keep],
    .deletedAndFailed: [.stop, .keep, .keep, .stop, .keep, .keep],
    .backingOff: [.wait(seconds: 7), .wait(seconds: 7), .start, .switchOn, .start, .keep],
  ]

  /// What people are shown after the step, in the same order.
  private static let words: [Situation: [String]] = [
    .neverStarted: [
      "Starting", "Starting", "Stopped", "Stopped", "Starting", "WaitingForReceiver",
    ],
    .poweredOffAndGone: [
      "Starting", "Stopped", "Stopped", "Stopped", "Starting", "WaitingForReceiver",
    ],
    .startAsked: [
      "Starting", "Starting", "Starting", "Starting", "Starting", "WaitingForReceiver",
    ],
    .unschedulable: same("ErrorUnschedulable", halted: "Stopping"),
    .starting: same("Starting", halted: "Stopping"),
    .running: same("Running", halted: "Stopping"),
    .paused: same("Paused", halted: "Stopping"),
    .poweredOff: same("Stopped", halted: "Stopped", receiver: "WaitingForReceiver"),
    .crashed: same("Stopped", halted: "Stopped", receiver: "WaitingForReceiver"),
    .failedEarly: [
      "CrashLoopBackOff", "CrashLoopBackOff", "Stopped", "Stopped", "CrashLoopBackOff",
      "WaitingForReceiver",
    ],
    .stopAsked: ["Stopping", "Stopping", "Stopping", "Stopping", "Running", "Running"],
    .deletedByPerson: same("Stopping", halted: "Stopping"),
    .deletedAndFailed: same("Stopped", halted: "Stopped", receiver: "WaitingForReceiver"),
    .backingOff: [
      "CrashLoopBackOff", "CrashLoopBackOff", "Starting", "Starting", "Starting",
      "WaitingForReceiver",
    ],
  ]

  private static func same(_ word: String, halted: String, receiver: String? = nil) -> [String] {
    [word, word, word, halted, word, receiver ?? word]
  }

  /// A machine in a situation, without anything that a decision on it would have left.
  private func world(_ strategy: RunStrategy, _ situation: Situation) throws -> World {
    var world = World()
    try world.create(machineKey, machine(strategy.rawValue))
    guard let owner = world.object(machineKey) else { return world }
    func makeInstance(_ phases: InstancePhase...) throws {
      try world.create(
        instanceKey, InstanceTemplate.instance(of: owner, request: nil, at: world.now))
      for phase in phases { try world.setPhase(phase) }
      try world.change(machineKey) { $0["status", "runStrategy"] = .text(strategy.rawValue) }
    }
    switch situation {
    case .neverStarted: break
    case .poweredOffAndGone:
      try world.change(machineKey) { $0["status", "runStrategy"] = .text(strategy.rawValue) }
    case .startAsked: try world.request(StateChangeRequest.start)
    case .backingOff:
      let retry = world.now + 7
      try world.change(machineKey) { machine in
        machine["status", "startFailure"] = [
          "consecutiveFailCount": 1, "lastFailedVMIUID": "gone",
          "retryAfterTimestamp": .text("\(retry)"),
        ]
      }
      try world.request(StateChangeRequest.start)
    case .unschedulable:
      try makeInstance(.scheduling)
      try world.change(instanceKey) { instance in
        instance.setCondition(
          ["type": "PodScheduled", "status": "False", "reason": "Unschedulable"])
      }
    case .starting: try makeInstance(.scheduling)
    case .running: try makeInstance(.scheduling, .scheduled, .running)
    case .paused:
      try makeInstance(.running)
      try world.change(instanceKey) { $0.setCondition(["type": "Paused", "status": "True"]) }
    case .poweredOff: try makeInstance(.running, .succeeded)
    case .crashed: try makeInstance(.running, .failed)
    case .failedEarly: try makeInstance(.scheduling, .failed)
    case .stopAsked:
      try makeInstance(.running)
      let uid = world.object(instanceKey)?.uid ?? ""
      try world.request(["action": "Stop", "uid": .text(uid)])
    case .deletedByPerson:
      try makeInstance(.running)
      try world.delete(instanceKey)
    case .deletedAndFailed:
      try makeInstance(.running)
      try world.delete(instanceKey)
      try world.setPhase(.failed)
    }
    return world
  }

  @Test(arguments: Situation.allCases)
  func step(_ situation: Situation) throws {
    let expected = try #require(Self.steps[situation])
    for (strategy, expected) in zip(RunStrategy.allCases, expected) {
      let world = try world(strategy, situation)
      let machine = try #require(world.object(machineKey))
      let instance = world.object(instanceKey)
      let step = PowerStep(
        strategy, instance: instance,
        request: StateChangeRequest.pending(of: machine, instance: instance).first,
        lastStrategy: machine["status", "runStrategy"]?.string,
        secondsLeft: StartFailure.secondsLeft(of: machine, at: world.now))
      #expect(step == expected, "\(strategy) \(situation)")
    }
  }

  /// The decision is carried out and taken again: what it is, and that it is then done.
  @Test(arguments: Situation.allCases)
  func outcome(_ situation: Situation) throws {
    let steps = try #require(Self.steps[situation])
    let words = try #require(Self.words[situation])
    for (index, strategy) in RunStrategy.allCases.enumerated() {
      var world = try world(strategy, situation)
      let uid = world.object(instanceKey)?.uid
      let settled = try world.settle(VirtualMachineReconciler(), machineKey)
      let name = "\(strategy) \(situation)"
      // To be switched on takes one look, and the start another, of the new generation.
      #expect(settled.passes <= (steps[index] == .switchOn ? 2 : 1), "\(name)")
      #expect(world.status == words[index], "\(name)")
      let instance = world.object(instanceKey)
      switch steps[index] {
      case .start, .switchOn:
        #expect(settled.creations.contains(instanceKey), "\(name)")
        #expect(instance?.isBeingDeleted == false, "\(name)")
        #expect(world.object(machineKey)?["status", "stateChangeRequests"] == nil, "\(name)")
      case .stop(let restarts):
        #expect(instance?.uid == uid && instance?.isBeingDeleted == true, "\(name)")
        let requests = world.object(machineKey)?["status", "stateChangeRequests"]?.items ?? []
        #expect(requests.contains { $0["action"] == "Start" } == restarts, "\(name)")
      case .wait(let seconds):
        #expect(settled.after == .seconds(seconds) && instance == nil, "\(name)")
      case .keep:
        #expect(instance?.uid == uid && !settled.creations.contains(instanceKey), "\(name)")
      }
      // A final instance is not held by the machine any more, one that may go on is.
      let isHeld = instance?.finalizers.contains(Mark.machineFinalizer)
      #expect(instance == nil || isHeld == (instance?.phase.isFinal == false), "\(name)")
    }
  }

  @Test func unknownStrategy() throws {
    var world = World()
    try world.create(machineKey, machine("Sometimes"))
    _ = try world.settle(VirtualMachineReconciler(), machineKey)
    let failure = try #require(world.object(machineKey)?.condition("Failure"))
    #expect(failure["message"] == "Error fetching RunStrategy: unknown runstrategy: Sometimes")
    #expect(world.object(instanceKey) == nil)
    try world.change(machineKey) { $0["spec", "runStrategy"] = "Always" }
    _ = try world.settle(VirtualMachineReconciler(), machineKey)
    #expect(world.object(machineKey)?.condition("Failure") == nil)
    #expect(world.object(instanceKey) != nil)
  }

  @Test(
    arguments: [
      (true, "Always"), (false, "Halted"), (nil, "Halted"),
    ] as [(Bool?, String)])
  func runningIsTheOlderForm(running: Bool?, expected: String) throws {
    var tree = machine("Always")
    tree["spec", "runStrategy"] = nil
    tree["spec", "running"] = running.map { .boolean($0) }
    #expect(try RunStrategy(of: tree).rawValue == expected)
  }

  @Test func runningAndRunStrategyAreRefused() {
    var tree = machine("Always")
    tree["spec", "running"] = true
    #expect(throws: RunStrategy.Refusal.self) { try RunStrategy(of: tree) }
  }

  @Test func delaysGrowAndAreCapped() {
    let delays = (1...8).map(StartFailure.delay(afterFailures:))
    #expect(delays == [10, 40, 90, 160, 250, 300, 300, 300])
    #expect(StartFailure.delay(afterFailures: .max) == 300)
    #expect(StartFailure.delay(afterFailures: .min) == 10)
  }
}
