import Diagnosis
import Execution
import FileSystem
import FoundationEssentials
import Kinds
import Libvirt
import Objects
import PXEWire
import Parts
import Planning

extension NodeAgent {
  /// Looks at each instance of the node, and at each that it still has a domain of.
  func reconcileInstances(_ wanted: NodePlan) {
    var keys = Set(instances.keys)
    for (key, object) in cache.objects(of: .virtualMachineInstances) {
      let isMine =
        object["status", "nodeName"]?.string == configuration.name || pod(of: object) != nil
      if isMine { keys.insert(key) }
    }
    for key in keys.sorted() where !busy.contains(key) { reconcile(key, wanted) }
  }

  private func reconcile(_ key: ObjectKey, _ wanted: NodePlan) {
    var object = cache[key]
    let known = instances[key]
    // An instance that was made again is another, and waits until the one before it is cleaned away.
    if let known, known.uid != object?["metadata", "uid"]?.string ?? "" { object = nil }
    let step = InstanceStep(
      instance: object, pod: object.flatMap { pod(of: $0) }, node: configuration.name,
      domain: known?.domain ?? .absent, wasStarted: (known?.starts ?? 0) > 0)
    if step == .none {
      if object == nil { instances[key] = nil }
      return
    }
    // libvirtd is not up yet; its connection brings one here again.
    if step == .start, connection == nil { return }
    if step == .stop, let known, known.stopping.covers(Self.patience(object)) { return }
    busy.insert(key)
    Task {
      await carryOut(step, key, object, wanted)
      busy.remove(key)
      trigger()
    }
  }

  /// The launcher pod of an instance, where it is bound to this node.
  private func pod(of instance: ObjectNode) -> ObjectNode? {
    let uid = instance["metadata", "uid"]?.string ?? ""
    return cache.objects(of: GroupResource("pods")).first { _, pod in
      pod["spec", "nodeName"]?.string == configuration.name
        && pod["metadata", "labels", "kubevirt.io/created-by"]?.string == uid
    }?.object
  }

  private func carryOut(
    _ step: InstanceStep, _ key: ObjectKey, _ object: ObjectNode?, _ wanted: NodePlan
  ) async {
    let time = Timestamp.now.secondTime
    switch step {
    case .none: return
    case .takePod:
      if let pod = object.flatMap({ pod(of: $0) }) { await takePod(pod, at: time) }
    case .start:
      if let object { await start(key, object, wanted) }
    case .tellRunning: await tellRunning(key)
    case .tellEnd(let hasFailed): await tellEnd(key, hasFailed: hasFailed)
    case .stop: await stop(key, object)
    case .clean:
      guard let plan = instances[key]?.plan else { return }
      do {
        try await domains.clean(plan.name)
        instances[key] = nil
      } catch {
        log.error(
          "a domain is not removed", metadata: ["domain": "\(plan.name)", "error": "\(error)"])
      }
    }
  }

  private func takePod(_ pod: ObjectNode, at time: String) async {
    let key = ObjectKey(
      GroupResource("pods"), namespace: pod["metadata", "namespace"]?.string ?? "",
      name: pod["metadata", "name"]?.string ?? "")
    await writer.changeStatus(key) { InstanceStatus.takePod(at: time, in: &$0) }
  }

  private func start(_ key: ObjectKey, _ object: ObjectNode, _ wanted: NodePlan) async {
    var instance = Instance(key, object)
    if let refusal = wanted.refusals[key] {
      await noteRefusal(of: instance, refusal.description)
      return await refuse(instance, refusal.description)
    }
    guard let plan = wanted.lab.machines.first(where: { $0.key == key }) else { return }
    instance.plan = plan
    instance.starts = 1
    let began = Timestamp.now
    instance.boot = BootFollower(plan, began: began)
    instance.deadline = BootDeadline(limit: plan.timeoutSeconds, began: began)
    var boot = Boot(
      namespace: key.namespace,
      spec: Boot.Spec(
        instance: key.name, title: plan.name, instanceUID: instance.uid, node: configuration.name,
        start: 1, isJudged: plan.expectation != nil, timeoutSeconds: plan.timeoutSeconds),
      status: Boot.Status(
        phase: .running, stage: "\(Stage.defined)", began: began.microTime))
    boot.spec.earlierLogs = Boot.LogLengths(
      console: Files.size(of: plan.consoleLog) ?? 0,
      emulator: Files.size(of: configuration.files.emulatorLog(of: plan.name)) ?? 0)
    instance.bootKey = boot.key
    instances[key] = instance
    do {
      await writer.make(boot.key, try boot.tree())
      try Files.makeFolder(plan.directory)
      try followConsole(of: key, plan)
      let once = object["metadata", "annotations", bootOnceAnnotation]?.string
        .flatMap(BootTarget.init)
      for notice in try await domains.start(plan, bootOnce: once) {
        writer.tell(instance.reference, reason: "Notice", notice)
      }
      instances[key]?.domain = .running
      weighGuests()
      writer.tell(instance.reference, reason: "Power", "started")
      writer.tell(instance.reference, as: .defined)
      await tellRunning(key)
      writer.tell(instance.reference, as: .started)
    } catch {
      instances[key]?.domain = .ended(hasFailed: true)
      let reason = (error as? LibvirtError)?.message ?? "\(error)"
      var verdict = MachineVerdict(notStarted: plan.name, reason: reason, places: plan.places)
      verdict.expectedFinding = plan.expectedFinding
      await conclude(key, verdict)
      await refuse(instance, reason)
    }
  }

  /// Makes the boot of an instance that cannot be planned: it is judged at once.
  private func noteRefusal(of instance: Instance, _ reason: String) async {
    let key = instance.key
    var status = Boot.Status(
      phase: .over, stage: "\(Stage.failed)", began: Timestamp.now.microTime)
    status.verdict = MachineVerdict(notStarted: key.name, reason: reason)
    let boot = Boot(
      namespace: key.namespace,
      spec: Boot.Spec(
        instance: key.name, title: key.name, instanceUID: instance.uid, node: configuration.name,
        start: 1, isJudged: true, timeoutSeconds: 0), status: status)
    do {
      await writer.make(boot.key, try boot.tree())
    } catch {
      log.error("a boot is not written", metadata: ["error": "\(error)"])
    }
  }

  /// The instance cannot run here; the controllers decide what becomes of it.
  private func refuse(_ instance: Instance, _ reason: String) async {
    let time = Timestamp.now.secondTime
    writer.tell(instance.reference, as: .failed(reason))
    await writer.changeStatus(instance.key) { tree in
      let isNew = InstanceStatus.setCondition(
        "Synchronized", false, reason: "Synchronizing with the Domain failed.", message: reason,
        at: time, in: &tree)
      return InstanceStatus.setPhase("Failed", at: time, in: &tree) || isNew
    }
  }

  /// Says how an instance is that runs: paused or not, its addresses.
  func tellRunning(_ key: ObjectKey) async {
    guard let instance = instances[key], let plan = instance.plan else { return }
    let time = Timestamp.now.secondTime
    let isPaused = instance.domain == .paused
    let addresses = instance.addresses
    await writer.changeStatus(key) { tree in
      var isNew = false
      let phase = tree["status", "phase"]?.string ?? ""
      if phase == "Scheduled" { isNew = InstanceStatus.setPhase("Running", at: time, in: &tree) }
      isNew =
        InstanceStatus.setCondition(
          "Paused", isPaused ? true : nil, reason: "PausedByUser",
          message: "VMI was paused by user",
          at: time, in: &tree) || isNew
      return InstanceStatus.setInterfaces(plan, addresses: addresses, in: &tree) || isNew
    }
  }

  /// Lets the guests that run weigh no more together than they should.
  private func weighGuests() {
    let names = instances.values.filter { $0.domain == .running || $0.domain == .paused }
      .compactMap(\.plan?.name)
    let nice = GuestWeight.nice(
      guests: names.count, processors: ProcessInfo.processInfo.activeProcessorCount)
    guard nice != guestNice || nice > 0 else { return }
    guestNice = nice
    Task {
      for name in names {
        guard let pid = LibvirtDaemon.emulator(of: name) else { continue }
        await ProcessorWeight(of: pid).setNice(nice)
      }
    }
  }

  private func tellEnd(_ key: ObjectKey, hasFailed: Bool) async {
    weighGuests()
    await endBoot(key, isTimeOver: false)
    let time = Timestamp.now.secondTime
    let phase = hasFailed ? "Failed" : "Succeeded"
    let isNews = await writer.changeStatus(key) { tree in
      guard !["Succeeded", "Failed"].contains(tree["status", "phase"]?.string ?? "") else {
        return false
      }
      return InstanceStatus.setPhase(phase, at: time, in: &tree)
    }
    if isNews, let instance = instances[key] {
      writer.tell(instance.reference, as: hasFailed ? .crashed : .shutDown)
    }
    if let pod = cache[key].flatMap({ pod(of: $0) }), let name = pod["metadata", "name"]?.string {
      let podKey = ObjectKey(GroupResource("pods"), namespace: key.namespace, name: name)
      await writer.changeStatus(podKey) { tree in
        guard tree["status", "phase"]?.string != phase else { return false }
        tree["status", "phase"] = .text(phase)
        for type in ["ContainersReady", "Ready"] {
          _ = InstanceStatus.setCondition(type, false, reason: "PodCompleted", at: time, in: &tree)
        }
        return true
      }
    }
  }

  /// Ends an instance: its guest is asked, and after the time that it has its power is taken away.
  private func stop(_ key: ObjectKey, _ object: ObjectNode?) async {
    guard let instance = instances[key], let plan = instance.plan else { return }
    let patience = Self.patience(object)
    // A guest that is paused hears of no power button.
    let isGentle = patience > 0 && instance.domain == .running
    instances[key]?.stopping = isGentle ? .gently : .atOnce
    do {
      // What becomes of it libvirt tells.
      try await domains.stop(plan.name, gently: isGentle)
      writer.tell(instance.reference, as: isGentle ? .shuttingDown : .stopping)
    } catch {
      log.error(
        "a domain is not stopped", metadata: ["domain": "\(plan.name)", "error": "\(error)"])
    }
    guard isGentle else { return }
    Task {
      try await Task.sleep(for: .seconds(patience))
      await takePower(key, instance.uid)
    }
  }

  /// How long the guest of an instance that is to end may take to power off, in seconds
  /// (spec.terminationGracePeriodSeconds).
  private static func patience(_ object: ObjectNode?) -> Int {
    object?["spec", "terminationGracePeriodSeconds"]?.integer ?? 0
  }

  private func takePower(_ key: ObjectKey, _ uid: String) async {
    guard let instance = instances[key], instance.uid == uid, let plan = instance.plan else {
      return
    }
    if case .ended = instance.domain { return }
    do {
      try await domains.stop(plan.name, gently: false)
      writer.tell(instance.reference, as: .stopping)
    } catch {
      log.error(
        "a domain is not stopped", metadata: ["domain": "\(plan.name)", "error": "\(error)"])
    }
  }
}
