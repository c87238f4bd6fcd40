import Diagnosis
import FileSystem
import FoundationEssentials
import ImageStore
import Kinds
import LabManifest
import NetworkAttachment
import Objects
import Planning

/// A lab and its manifests: what `up`, `test` and `diff` do.
package struct LabSession: Sendable {
  private let folders: Folders
  private let interruption: Interruption
  private let progress: SessionProgress
  /// The release of the CNI plugins, instead of lab.yaml's.
  package var cniPlugins: CNIPluginsVersion?
  /// The host's interfaces that the lab borrows.
  package var uplinks = UplinkRequest()
  /// The cards that virtual functions are from, each as `RESOURCE=CARD`.
  package var functionCards: [String] = []

  /// Whether the lab may neither run programs of its own nor use files but its folder's.
  package var isConfined = false

  /// A session that ends early when the interruption happens.
  package init(folders: Folders, interruption: Interruption, progress: SessionProgress) {
    self.folders = folders
    self.interruption = interruption
    self.progress = progress
  }

  /// What becomes of the lab at the session's end.
  package enum Ending: Sendable {
    /// It stays up.
    case keep
    /// It stays up, and nobody waits for verdicts.
    case detach
    /// It is removed.
    case remove
  }

  /// Brings a lab up, or applies what is another than in the lab that is up; follows the machines that
  /// it starts to their verdicts, and shows those.
  ///
  /// An interruption or an error removes the lab again that this session has made, also an error of
  /// showing. A lab that was up before stays.
  ///
  /// - Parameter path: the manifests; `nil` for a lab without any, in which everything is made by its API.
  /// - Throws: ``EndedSession`` after an interruption or when `show` throws; ``LabHostError`` and
  ///   other errors of this target.
  package func run(
    _ path: String?, name: String?, ending: Ending, show: (LabReport) throws -> Void
  ) async throws -> LabReport {
    let prepared = try await prepare(path, name: name)
    progress.planned(prepared.plan)
    let launch = LabLaunch(
      folders: folders, plan: prepared.plan, images: prepared.images,
      manifestFolder: prepared.facts.manifestFolder, remark: progress.remark)
    let started = try await interruption.cancelling { try await launch.start() }
    guard let lab = started else {
      guard case .remove = ending else { return try await change(prepared, launch, ending, show) }
      throw LabHostError(
        .lab,
        "a lab named \(prepared.plan.lab) is up already: `pxelab down \(prepared.plan.lab)` first,"
          + " or use --name")
    }
    return try await bringUp(lab, prepared, ending, show)
  }

  /// What applying the manifests would change in the lab that is up.
  ///
  /// - Throws: ``LabHostError`` when the lab is of another folder.
  package func difference(_ path: String, name: String?) async throws -> ObjectDifference {
    let input = try LabFolder.load(
      path, name: name, cniPlugins: cniPlugins, problem: progress.problem)
    let client = try LabRegistry(folders: folders).client(of: input.lab.name)
    let folder = try LabFolder.manifests(of: path)
    let objects = ManifestObjects(folder.files, lab: input.lab.name, cniPlugins: cniPlugins)
    return objects.difference(from: try await former(client, folder: folder.path))
  }

  // MARK: - Steps

  private struct Prepared: Sendable {
    var plan: LabPlan
    var facts: PlanningFacts
    var images: [String: PreparedImage]
    var objects: ManifestObjects
    var folder: ManifestFolder.Spec

    /// - Throws: `PlanningError` for a machine that cannot be planned.
    init(_ lab: Preparation.PreparedLab) throws {
      plan = try lab.dry.complete().plan
      facts = lab.facts
      images = lab.images
      objects = lab.objects
      folder = lab.folder
    }
  }

  private func prepare(_ path: String?, name: String?) async throws -> Prepared {
    guard let path else { return try await prepareEmpty(named: name) }
    let input = try LabFolder.load(
      path, name: name, cniPlugins: cniPlugins, problem: progress.problem)
    if isConfined {
      try Confinement(folder: LabFolder.folder(of: path))
        .check(input, from: path, problem: progress.problem)
    }
    return try await interruption.cancelling { [self] in
      try Prepared(
        await preparation.lab(
          input, from: path, cniPlugins: cniPlugins, fetching: true, uplinks: uplinks,
          progress: progress.note))
    }
  }

  /// A lab without manifests: with what machines that are made later may need of this machine.
  private func prepareEmpty(named name: String?) async throws -> Prepared {
    let name = try name ?? LabRegistry(folders: folders).freeName("empty")
    let input = LabInput(objects: [], name: name)
    for problem in input.problems where problem.field == "metadata.name" {
      progress.problem(problem)
      throw LabHostError(.manifests, "\(name) cannot be a lab's name; nothing was made")
    }
    return try await interruption.cancelling { [self] in
      var prepared = try Prepared(
        await preparation.lab(
          input, from: nil, cniPlugins: cniPlugins, fetching: true, uplinks: uplinks,
          progress: progress.note))
      prepared.plan.uplink = UplinkPlan(
        userNamespace: !prepared.facts.isRoot, networks: [LabPart.podNetwork])
      return prepared
    }
  }

  private var preparation: Preparation {
    var preparation = Preparation(folders: folders, functionCards: functionCards)
    preparation.isConfined = isConfined
    return preparation
  }

  private func bringUp(
    _ lab: RunningLab, _ prepared: Prepared, _ ending: Ending, _ show: (LabReport) throws -> Void
  ) async throws -> LabReport {
    let report: LabReport
    do {
      // Not awaited: it lasts as long as the sandbox.
      Task { [progress, folders] in
        if let notice = await Uplink(folders: folders, plan: lab.plan, sandbox: lab.sandbox).run() {
          progress.note(notice)
        }
      }
      report = try await interruption.cancelling { [self] in
        try await follow(
          lab.client, prepared,
          ObjectDifference(all: prepared.objects), waiting: ending.waits)
      }
      progress.followed()
      try keep(report, lab.plan.paths)
      do {
        try show(report)
      } catch {
        interruption.interrupt(because: error)
        throw error
      }
      if case .remove = ending {
      } else {
        try lab.detach()
        return report
      }
    } catch {
      progress.followed()
      let reason = interruption.reason
      if let reason { progress.remark("\(reason): removing the lab \(prepared.plan.lab)") }
      var wasThere = true
      do {
        wasThere = try await lab.end()
      } catch let leftover {
        progress.remark("\(leftover)")
      }
      if let reason { throw EndedSession(lab: prepared.plan.lab, reason: reason) }
      guard wasThere else {
        throw LabHostError(.lab, "the lab \(prepared.plan.lab) was removed by another command")
      }
      throw error
    }
    _ = try await lab.end()
    return report
  }

  /// Applies what has changed to a lab that is up.
  private func change(
    _ prepared: Prepared, _ launch: LabLaunch, _ ending: Ending, _ show: (LabReport) throws -> Void
  ) async throws -> LabReport {
    let client = try LabRegistry(folders: folders).client(of: prepared.plan.lab)
    let former = try await former(client, folder: prepared.folder.path)
    try await refuseOtherUplinks(client)
    try await refuseOtherNodes(client, prepared.facts)
    var kept = prepared
    // They were lent when the lab was made, and stay.
    kept.facts.uplinks = try await client.facts().uplinks
    let prepared = kept
    let difference = prepared.objects.difference(from: former)
    for line in difference.lines { progress.note(line) }
    if difference.isEmpty {
      progress.note("the lab \(prepared.plan.lab) is up, and nothing has changed")
    }
    let report = try await interruption.cancelling { [self] in
      if !difference.isEmpty { try await launch.writeFiles(present: try await client.plan()) }
      return try await follow(client, prepared, difference, waiting: ending.waits)
    }
    progress.followed()
    if !report.machines.isEmpty { try keep(report, prepared.plan.paths) }
    try show(report)
    return report
  }

  private func keep(_ report: LabReport, _ paths: LabPaths) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try Files.write(try encoder.encode(report) + Data("\n".utf8), to: paths.report)
  }

  /// Applies a difference, and waits for the verdicts on what it starts.
  private func follow(
    _ client: LabClient, _ prepared: Prepared, _ difference: ObjectDifference, waiting: Bool
  ) async throws -> LabReport {
    let plan = prepared.plan
    let former = Set(try await client.api.list(Boot.resource).map(\.key))
    let started = difference.startedInstances
    let machines = plan.machines.filter { machine in
      machine.startsAtOnce && started.contains(machine.instanceKey)
    }
    let events = try await client.eventStream(
      from: difference.isWhole ? .beginning : .now,
      titles: Dictionary(plan.machines.map { ("\($0.key)", $0.name) }) { first, _ in first })
    var report = LabReport(
      lab: plan.lab, dataplane: plan.dataplane.engine.choice.rawValue,
      acceleration: plan.acceleration.choice, machines: [])
    try await client.apply(difference, from: prepared.folder, facts: prepared.facts)
    guard waiting else { return report }
    var watch = BootWatch(client: client, machines: machines, former: former)
    watch.progress = { [progress] machine, status in progress.boot(machine.name, status) }
    let awaited = Set(machines.filter { $0.expectation != nil }.map(\.key.name))
    report.machines = try await withThrowingTaskGroup(of: [MachineVerdict]?.self) {
      [watch] group in
      group.addTask {
        async let settled: Void = client.settle(within: .seconds(120))
        let verdicts = try await watch.verdicts()
        try await settled
        return verdicts
      }
      group.addTask { try await watch.lostNode() }
      group.addTask { [progress] in
        var judged: Set<String> = []
        for try await event in events {
          progress.event(event)
          if event.kind == .failure, event.machine == nil {
            throw LabHostError(.lab, event.text)
          }
          if event.kind == .verdict, let machine = event.machine { judged.insert(machine) }
          if judged.isSuperset(of: awaited) { return nil }
        }
        return nil
      }
      defer { group.cancelAll() }
      var verdicts: [MachineVerdict]?
      while verdicts == nil, let next = try await group.next() { verdicts = next ?? verdicts }
      return verdicts ?? []
    }
    return report
  }
}

extension LabSession.Ending {
  fileprivate var waits: Bool {
    if case .detach = self { false } else { true }
  }
}
