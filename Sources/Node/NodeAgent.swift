import BootService
import CLinux
import Dataplane
import Diagnosis
import DomainXML
import Execution
import Kinds
import LabManifest
import Libvirt
import Logging
import Objects
import PXEWire
import Parts
import Planning

/// A node's agent: wants what the lab's objects ask of the node, looks at what libvirt and the dataplane
/// have, and applies the difference.
package actor NodeAgent {
  /// What a node is made of.
  package struct Configuration: Sendable {
    /// What of the lab it carries out.
    package var role: NodeRole
    /// Where the lab's files are.
    package var paths: LabPaths
    /// The program that serves files by HTTP.
    package var fileServer: String
    /// Whether KVM runs the guests; else TCG does.
    package var usesKVM: Bool

    /// A node of a lab.
    package init(role: NodeRole, paths: LabPaths, fileServer: String, usesKVM: Bool) {
      self.role = role
      self.paths = paths
      self.fileServer = fileServer
      self.usesKVM = usesKVM
    }

    /// Its name.
    var name: String { role.agent ?? LabNode.usualName }
    /// Where its own files are.
    var files: NodePaths { paths.files(of: role) }
  }

  nonisolated let configuration: Configuration
  let api: any ObjectAPI
  let runner: any CommandRunner
  let cache: ObjectCache
  nonisolated let writer: ObjectWriter
  let wire: WireListener
  nonisolated let log: Logger
  let hypervisor: any Hypervisor
  let domains: DomainRunner

  var connection: Connection?
  /// The plan in force; `nil` before there is one.
  var plan: LabPlan?
  var instances: [ObjectKey: Instance] = [:]
  /// Instances that something is being done with.
  var busy: Set<ObjectKey> = []
  var operations: [ObjectKey: OperationStage] = [:]
  var manifests = ManifestsStage.unknown
  var services: [String: BootService] = [:]
  let dataplaneParts: PartGroup
  let libvirtParts: PartGroup
  let uplinkParts: PartGroup
  let addressParts: PartGroup
  let schedulerParts: PartGroup
  let reporter: PartReporter
  var partFailures = PartFailures()
  /// The nice value that guests were last given.
  var guestNice = 0
  var consoles: ConsoleFollower?
  /// Whether the node's object is made.
  private var isRegistered = false
  /// What machines the node can run, once libvirt has been asked: `nil` before, `.some(nil)` when it did
  /// not say.
  private var labeller: NodeLabeller??
  /// libvirt's map of CPU models, once it has been needed: `.some(nil)` when it could not be read.
  private var processorMap: ProcessorMap??
  /// With what the node was last labelled.
  private var toldLabels: (labeller: NodeLabeller?, obsolete: Set<String>)?
  /// Tells the devices of this life of the agent from those of others.
  let session = String(UInt32.random(in: .min ... .max), radix: 16)
  let programs: ProgramNamespaces
  private let triggers: AsyncStream<Void>.Continuation
  private let triggered: AsyncStream<Void>
  let consoleBytes: AsyncStream<(ObjectKey, [UInt8])>.Continuation
  private let consolePieces: AsyncStream<(ObjectKey, [UInt8])>

  /// An agent.
  package init(
    _ configuration: Configuration, api: any ObjectAPI, log: Logger,
    runner: any CommandRunner = SubprocessRunner()
  ) {
    let daemon = LibvirtDaemon(
      files: configuration.files, title: configuration.role.title(of: "libvirtd"))
    self.init(
      configuration, api: api, log: log, runner: runner,
      hypervisor: PrivateHypervisor(libvirtd: daemon), wire: WireListener())
  }

  /// An agent on a hypervisor and a wire of the caller's.
  init(
    _ configuration: Configuration, api: any ObjectAPI, log: Logger,
    runner: any CommandRunner, hypervisor: any Hypervisor, wire: WireListener
  ) {
    self.hypervisor = hypervisor
    self.wire = wire
    self.configuration = configuration
    self.api = api
    self.log = log
    self.runner = runner
    cache = ObjectCache(
      api, NodePlan.resources + [GroupResource("pods"), NodeOperation.resource, LabPart.resource],
      log: log)
    writer = ObjectWriter(api, node: configuration.name, log: log)
    domains = DomainRunner(hypervisor: hypervisor, runner: runner)
    programs = ProgramNamespaces(runner: runner)
    dataplaneParts = PartGroup(runner: runner)
    libvirtParts = PartGroup(runner: runner)
    uplinkParts = PartGroup(runner: runner)
    addressParts = PartGroup(runner: runner)
    schedulerParts = PartGroup(runner: runner)
    reporter = PartReporter(node: configuration.name, writer: writer, log: log)
    (triggered, triggers) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    (consolePieces, consoleBytes) = AsyncStream.makeStream(
      of: (ObjectKey, [UInt8]).self, bufferingPolicy: .bufferingNewest(4096))
  }

  /// Looks again at what is to be done, soon.
  nonisolated func trigger() { triggers.yield() }

  /// Runs the node until cancelled.
  ///
  /// - Throws: what keeps it from being a node at all: the API is not reached, libvirtd does not start.
  package func run() async throws {
    follow(dataplaneParts.events)
    follow(uplinkParts.events, isEssential: false)
    follow(addressParts.events, isEssential: false)
    follow(schedulerParts.events, isEssential: false)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [cache] in await cache.run() }
      group.addTask { [writer] in await writer.run() }
      group.addTask { [cache] in
        for await _ in cache.changes { self.trigger() }
      }
      if configuration.role.hasMachines {
        group.addTask { try await self.keepLibvirt() }
        group.addTask { await NodeLease(agent: self).run() }
      }
      group.addTask { [wire] in
        for await event in wire.events { await self.observe(event.event) }
      }
      group.addTask { [consolePieces] in
        for await (key, bytes) in consolePieces { await self.read(console: bytes, of: key) }
      }
      group.addTask {
        while true {
          try await Task.sleep(for: .milliseconds(500))
          await self.tick()
        }
      }
      group.addTask {
        // A lock has no event to await.
        while true {
          try await Task.sleep(for: .milliseconds(500))
          await self.removeAbandonedNamespaces()
        }
      }
      group.addTask { [triggered] in
        for await _ in triggered { await self.reconcile() }
      }
      defer { group.cancelAll() }
      // None ends but by an error or by cancellation.
      for try await _ in group {}
    }
  }

  /// Applies what there is to apply.
  func reconcile() async {
    guard cache.isComplete else { return }
    await noteOthersParts()
    let objects = cache.objects
    guard hasWhole(objects) else { return }
    do {
      guard
        let wanted = try NodePlan(
          objects: objects.lazy.map { ($0.key, $0.value) }, role: configuration.role)
      else { return }
      try await apply(wanted)
    } catch {
      log.error("the plan is not applied", metadata: ["error": "\(error)"])
      writer.tell(labReference, .warning, reason: "Failure", "\(error)")
    }
    takeOperations(knowing: objects)
  }

  private func apply(_ wanted: NodePlan) async throws {
    await register(wanted)
    try await applyNetwork(wanted.lab)
    if plan?.dataplane != wanted.lab.dataplane { await keepAddressServers(wanted.lab) }
    if plan?.uplink != wanted.lab.uplink { await keepUplink(wanted.lab) }
    if configuration.role.serves { await applyServices(wanted.lab) }
    if plan?.schedulers != wanted.lab.schedulers { await keepSchedulers(wanted.lab) }
    plan = wanted.lab
    await programs.use(wanted.lab)
    reconcileInstances(wanted)
  }

  /// Makes the node's object. What machines it can run is said when libvirt has answered, and machines
  /// that ask for something of it wait for that.
  private func register(_ wanted: NodePlan) async {
    guard configuration.role.hasMachines else { return }
    let node = wanted.node ?? LabNode(name: configuration.name)
    if !isRegistered {
      await NodeRegistration(agent: self).register(node, on: wanted.system)
      isRegistered = true
    }
    await tellLabels(node, obsolete: wanted.obsoleteModels)
  }

  /// Takes in what machines the node can run.
  func note(labeller: NodeLabeller?) {
    self.labeller = .some(labeller)
    trigger()
  }

  private func tellLabels(_ node: LabNode, obsolete: Set<String>) async {
    guard let known = labeller else { return }
    var labeller = known
    if let processor = node.processor, let offer = known?.offer, let map = libvirtProcessorMap() {
      labeller?.offer = offer.replaced(by: processor, map: map)
      if let model = processor.model, map.models[model] == nil, toldLabels == nil {
        NodeRegistration(agent: self).tellUnknown(model)
      }
    }
    if let told = toldLabels, told.labeller == labeller, told.obsolete == obsolete { return }
    if await NodeRegistration(agent: self).tell(labeller, obsolete: obsolete) {
      toldLabels = (labeller, obsolete)
      // What libvirt says of processors is much to read, and is read once.
      clinux_return_freed_memory()
    }
  }

  /// libvirt's map of CPU models, read once; `nil`, and that is said once, when it cannot be read.
  private func libvirtProcessorMap() -> ProcessorMap? {
    if let processorMap { return processorMap }
    do {
      processorMap = .some(try NodeRegistration.processorMap())
    } catch {
      log.error("libvirt's map of CPU models is not read", metadata: ["error": "\(error)"])
      processorMap = .some(nil)
    }
    return processorMap ?? nil
  }

  /// Removes the namespaces of programs whose `pxelab exec` was killed.
  private func removeAbandonedNamespaces() async {
    do {
      for name in try await programs.removeAbandoned() {
        writer.tell(
          labReference, reason: "Notice",
          "\(name), a namespace of pxelab exec, is removed: the command was killed")
      }
    } catch {
      log.error("a namespace is not removed", metadata: ["error": "\(error)"])
    }
  }

  /// What events name that are about the lab as a whole.
  var labReference: EventRecord.Reference {
    cache.objects(of: .labs).first.map { EventRecord.Reference($0.object) }
      ?? EventRecord.Reference(
        apiVersion: "pxelab.dev/v1alpha1", kind: "Lab", namespace: "",
        name: plan?.lab ?? configuration.name, uid: "")
  }

  private func tick() async {
    wire.advance(to: .now)
    for (key, instance) in instances {
      if let due = instance.dueTime, due <= .now {
        await endBoot(key, isTimeOver: true)
      } else {
        await tellProgress(of: key)
      }
    }
  }

}
