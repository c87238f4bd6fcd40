import BootService
import Dataplane
import Libvirt
import Logging
import Objects
import PXEWire
import Parts
import Planning

extension NodeAgent {
  /// Makes what serves the network attachments what the plan has.
  func applyServices(_ wanted: LabPlan) async {
    let served = Set(wanted.servers.map(\.attachment))
    for (attachment, service) in services where !served.contains(attachment) {
      await service.stop()
      services[attachment] = nil
      for state in await service.states() { await reporter.forget(state.title) }
    }
    for plan in wanted.servers {
      do {
        if let service = services[plan.attachment] {
          if present(plan) { continue }
          try await service.update(to: plan)
        } else {
          let service = BootService(
            plan: plan, program: configuration.fileServer, runner: runner)
          services[plan.attachment] = service
          follow(service.events)
          try await service.start()
        }
      } catch {
        log.error("a server does not start", metadata: ["error": "\(error)"])
        writer.tell(labReference, .warning, reason: "Failure", "\(error)")
      }
    }
  }

  /// Whether a server is as planned already.
  private func present(_ wanted: ServerPlan) -> Bool {
    plan?.servers.contains(wanted) ?? false
  }

  /// Keeps the way out of one of several nodes for its machines' pod network. A node without is one all
  /// the same.
  func keepUplink(_ wanted: LabPlan) async {
    guard case .node = configuration.role else { return }
    let files = configuration.files
    let part = wanted.uplink.map { uplink in
      Part(
        title: configuration.role.title(of: UplinkPlan.program),
        start: .foreground(UplinkPlan.nodeCommand), networks: uplink.networks,
        log: "\(files.directory)/uplink.log", note: "\(files.directory)/uplink.part")
    }
    await keep(part.map { [$0] } ?? [], in: uplinkParts)
  }

  /// Keeps the servers of the addresses that attachments assign.
  func keepAddressServers(_ wanted: LabPlan) async {
    let servers = wanted.dataplane.bridges.flatMap(\.addressServers)
    await keep(servers.map { $0.part(of: configuration.role) }, in: addressParts)
  }

  /// Keeps the schedulers of the lab's own. Without one its machines wait, and others go on.
  func keepSchedulers(_ wanted: LabPlan) async {
    await keep(wanted.schedulers.map(\.part), in: schedulerParts)
  }

  /// Keeps parts that a node can do without, each for itself; nothing is said any more of those that are
  /// not to run now.
  private func keep(_ parts: [Part], in group: PartGroup) async {
    let former = await group.states().map(\.title)
    do {
      try await group.keep(parts)
    } catch {
      log.error("parts are not started", metadata: ["error": "\(error)"])
    }
    for title in former where !parts.contains(where: { $0.title == title }) {
      await reporter.forget(title)
    }
  }

  /// Keeps the programs of the dataplane under watch, which has started them.
  func watchDataplane(_ wanted: LabPlan) async {
    let parts = wanted.dataplane.daemons.map { daemon in
      Part(
        title: configuration.role.title(of: daemon.name),
        start: .detaching(daemon.start, pidFile: daemon.pidFile), log: daemon.log,
        note: "\(daemon.directory)/\(daemon.name).part", policy: PartPolicy(isUrgent: true),
        probe: { [runner] in try await runner.run(daemon.probe) },
        restore: { [runner] in for command in daemon.restore { try await runner.run(command) } })
    }
    do {
      try await dataplaneParts.run(parts)
    } catch {
      log.error("the dataplane is not watched", metadata: ["error": "\(error)"])
      writer.tell(labReference, .warning, reason: "Failure", "\(error)")
    }
  }

  /// Tells of what becomes of parts, for as long as they are.
  func follow(_ events: AsyncStream<PartEvent>, isEssential: Bool = true) {
    Task {
      for await event in events { await note(event, isEssential: isEssential) }
    }
  }

  private func note(_ event: PartEvent, isEssential: Bool) async {
    let time = Timestamp.now
    partFailures.note(event, at: time)
    await reporter.tell(event, isEssential: isEssential, of: labReference, at: time)
  }

  /// Starts libvirtd, and keeps a connection to it: when one is lost, what has become of the machines
  /// meanwhile is asked for.
  func keepLibvirt() async throws {
    try await libvirtParts.run(try hypervisor.daemon().map { [$0] } ?? [])
    follow(libvirtParts.events)
    var isFirst = true
    while !Task.isCancelled {
      do {
        try await attend(
          to: try await Connection.open(uri: hypervisor.uri), isFirst)
        isFirst = false
      } catch is CancellationError {
        return
      } catch {
        log.warning("libvirtd is not reached", metadata: ["error": "\(error)"])
      }
      connection = nil
      try await Task.sleep(for: .milliseconds(500))
    }
  }

  private func attend(to opened: Connection, _ isFirst: Bool) async throws {
    // Before the first start, of which it tells.
    let lifecycle = try await opened.events()
    connection = opened
    if !isFirst { await lookAtDomains(by: opened) }
    trigger()
    note(labeller: await NodeRegistration(agent: self).labeller(by: opened))
    for await event in lifecycle { await observe(event) }
  }

  /// What has become of the domains while nobody told.
  private func lookAtDomains(by connection: Connection) async {
    do {
      let states = Dictionary(
        try await connection.domains().map { ($0.name, $0.state) }
      ) { first, _ in first }
      for (key, instance) in instances {
        guard let name = instance.plan?.name else { continue }
        switch states[name] {
        case .running?, .paused?:
          let domain = states[name] == .paused ? DomainCondition.paused : .running
          instances[key]?.domain = domain
          if domain != instance.domain { await tellRunning(key) }
        case .crashed?, nil: instances[key]?.domain = .ended(hasFailed: true)
        default: instances[key]?.domain = .ended(hasFailed: false)
        }
      }
    } catch {
      log.warning("the machines are not known", metadata: ["error": "\(error)"])
    }
  }
}
