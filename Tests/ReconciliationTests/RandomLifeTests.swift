import Mutations
import Objects
import Testing

@testable import Reconciliation

/// Random lives of a machine: controllers that look when they like, a node's agent, and people.
@Suite struct RandomLifeTests {
  private let machines = VirtualMachineReconciler()
  private let instances = VirtualMachineInstanceReconciler()

  private struct Life {
    var world = World()
    var numbers: RepeatableNumbers
    /// The seconds of the last delay after a start that failed.
    var lastDelay = 0
    var failures = 0
    var creations = 0
  }

  private func begin(_ seed: UInt64) throws -> Life {
    var life = Life(numbers: RepeatableNumbers(seed: seed))
    try life.world.create(nodeKey, node())
    try life.world.create(machineKey, machine("Always"))
    return life
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func life(seed: UInt64) throws {
    var life = try begin(seed)
    for _ in 0..<300 {
      try step(&life)
      try check(&life)
    }
    #expect(life.creations > 0)
    try comesToRest(&life)
  }

  // MARK: - Steps

  private func step(_ life: inout Life) throws {
    switch Int.random(in: 0..<20, using: &life.numbers) {
    case 0..<6: try lookAtMachine(&life)
    case 6..<10: try life.world.look(instances, instanceKey)
    case 10..<12: try lookAtPods(&life.world)
    case 12..<16: try act(&life)
    case 16: life.world.now = life.world.now + Int.random(in: 1...400, using: &life.numbers)
    default: try interfere(&life)
    }
  }

  private func lookAtMachine(_ life: inout Life) throws {
    let before = life.world
    let look = try life.world.look(machines, machineKey)
    guard look.creations.contains(instanceKey), let machine = before.object(machineKey) else {
      return
    }
    life.creations += 1
    let strategy = try RunStrategy(of: machine)
    #expect(strategy != .halted && strategy != .waitAsReceiver)
    if strategy == .always || strategy == .rerunOnFailure {
      #expect(StartFailure.secondsLeft(of: machine, at: before.now) == 0)
    }
  }

  private func lookAtPods(_ world: inout World) throws {
    for pod in world.pods {
      try world.look(Scheduler(), pod.key)
      try world.look(LauncherPodReconciler(), pod.key)
    }
  }

  /// What a node's agent does next, of one pod.
  private func act(_ life: inout Life) throws {
    let bound = life.world.pods.filter { $0.object.podNode != nil && !$0.object.isPodFinished }
    guard let (key, pod) = bound.randomElement(using: &life.numbers) else { return }
    let own = life.world.object(instanceKey).flatMap { $0.uid == pod.controller?.uid ? $0 : nil }
    let isOver = pod.isBeingDeleted || own?.isBeingDeleted != false || own?.phase.isFinal == true
    if isOver || (own?.phase == .running && Bool.random(using: &life.numbers)) {
      if own?.phase == .scheduled || own?.phase == .running {
        try life.world.setPhase(Bool.random(using: &life.numbers) ? .succeeded : .failed)
      }
      try life.world.finish(key)
    } else if pod["status", "phase"] == "Pending" {
      if Int.random(in: 0..<4, using: &life.numbers) == 0 {
        try life.world.finish(key, "Failed")
      } else {
        try life.world.makeReady(key)
      }
    } else if own?.phase == .scheduled {
      try life.world.setPhase(.running)
    }
  }

  private func interfere(_ life: inout Life) throws {
    switch Int.random(in: 0..<7, using: &life.numbers) {
    case 0: try life.world.delete(instanceKey)
    case 1:
      guard let pod = life.world.pods.randomElement(using: &life.numbers) else { return }
      try life.world.delete(pod.key)
    case 2: try life.world.request(["action": "Start"])
    case 3:
      let uid = life.world.object(instanceKey)?.uid ?? "gone"
      try life.world.request(["action": "Stop", "uid": .text(uid)], ["action": "Start"])
    case 4:
      let isClosed = Bool.random(using: &life.numbers)
      try life.world.change(nodeKey) { $0["spec", "unschedulable"] = .boolean(isClosed) }
    default:
      let strategy = RunStrategy.allCases.randomElement(using: &life.numbers) ?? .always
      try life.world.change(machineKey) { $0["spec", "runStrategy"] = .text(strategy.rawValue) }
    }
  }

  // MARK: - What always holds

  private func check(_ life: inout Life) throws {
    let world = life.world
    let owner = world.object(machineKey)
    let own = world.objects(of: .virtualMachineInstances, namespace: nil).filter {
      $0.object.controller?.uid == owner?.uid
    }
    #expect(own.count <= 1)
    let living = world.pods.filter { !$0.object.isPodFinished }
    #expect(living.count <= 1, "two guests of one machine")
    for (_, pod) in world.pods {
      let instance = world.object(instanceKey)
      #expect(instance?.uid == pod.controller?.uid, "a pod without its instance")
      #expect(instance?.finalizers.contains(Mark.instanceFinalizer) == true)
    }
    try checkDelays(&life, owner)
  }

  private func checkDelays(_ life: inout Life, _ machine: ObjectNode?) throws {
    guard let failure = machine?["status", "startFailure"] else {
      (life.failures, life.lastDelay) = (0, 0)
      return
    }
    let count = failure["consecutiveFailCount"]?.integer ?? 0
    guard count != life.failures else { return }
    let retry = try #require(failure["retryAfterTimestamp"]?.string.flatMap(Timestamp.init))
    let delay = retry.seconds - life.world.now.seconds
    if count == life.failures + 1 {
      #expect(delay > life.lastDelay || delay == StartFailure.longestDelay)
    }
    #expect((1...StartFailure.longestDelay).contains(delay))
    (life.failures, life.lastDelay) = (count, delay)
  }

  // MARK: - The end

  /// When people leave it alone, the machine becomes what its run strategy says.
  private func comesToRest(_ life: inout Life) throws {
    try life.world.change(nodeKey) { $0["spec", "unschedulable"] = nil }
    let isOn = Bool.random(using: &life.numbers)
    try life.world.change(machineKey) { machine in
      machine["spec", "runStrategy"] = isOn ? "Always" : "Halted"
      machine["status", "stateChangeRequests"] = nil
    }
    for _ in 0..<40 {
      try life.world.look(machines, machineKey)
      try life.world.look(instances, instanceKey)
      try lookAtPods(&life.world)
      for (key, pod) in life.world.pods where pod.podNode != nil {
        let instance = life.world.object(instanceKey)
        if pod.isBeingDeleted || instance?.isBeingDeleted == true {
          if instance?.phase == .running || instance?.phase == .scheduled {
            try life.world.setPhase(.succeeded)
          }
          try life.world.finish(key)
        } else if pod["status", "phase"] == "Pending" {
          try life.world.makeReady(key)
        } else if instance?.phase == .scheduled {
          try life.world.setPhase(.running)
        }
      }
      life.world.now = life.world.now + 60
    }
    #expect(life.world.status == (isOn ? "Running" : "Stopped"))
    #expect(life.world.phase == (isOn ? "Running" : nil))
    #expect(life.world.pods.count == (isOn ? 1 : 0))
    #expect(try life.world.settle(machines, machineKey).passes == 0)
    #expect(try life.world.settle(instances, instanceKey).passes == 0)
  }
}
