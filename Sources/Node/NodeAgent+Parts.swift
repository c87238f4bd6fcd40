import BootService
import Dataplane
import Kinds
import LabPlan
import Libvirt
import Logging
import Objects
import PXEWire
import Parts

extension NodeAgent {
  /// Makes what serves the network attachments what the plan has.
  func applyServices(_ wanted: LabPlan) async {
    let served = Set(wanted.servers.map(\.attachment))
    for (attachment, service) in services where !served.contains(attachment) {
      await service.stop()
      services[attachment] = nil
      for state in await service.states() { await forget(state.title) }
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
          follow(service.events, attachment: plan.attachment)
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

  /// Keeps the way out of one of several nodes for its machines' pod network.
  func keepUplink(_ wanted: LabPlan) async throws {
    guard case .node(let name) = configuration.role else { return }
    let files = configuration.files
    let part = Part(
      title: "pasta of \(name)", start: .foreground(UplinkPlan.nodeCommand),
      log: "\(files.directory)/uplink.log", note: "\(files.directory)/uplink.part")
    try await uplinkParts.run(wanted.uplink == nil ? [] : [part])
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
  func follow(_ events: AsyncStream<PartEvent>, attachment: String? = nil) {
    Task {
      for await event in events { await note(event, attachment) }
    }
  }

  private func note(_ event: PartEvent, _ attachment: String?) async {
    let time = Timestamp.now
    partFailures.note(event, attachment, at: time)
    guard
      let part = event.object(
        node: configuration.name, attachment: attachment, at: time.microTime),
      let state = part.status?.state
    else { return }
    let former = partStates[event.title] ?? .starting
    partStates[event.title] = state
    let key = part.key
    do {
      let tree = try part.tree()
      await writer.make(key, tree)
      await writer.changeStatus(key) { object in
        guard object["status"]?.canonical != tree["status"]?.canonical else { return false }
        object["status"] = tree["status"]
        return true
      }
    } catch {
      log.error("a part is not written", metadata: ["part": "\(event.title)", "error": "\(error)"])
    }
    switch state {
    case .starting, .off: return
    case .running:
      guard former != .starting, former != .running else { return }
      writer.tell(labReference, reason: "Notice", "\(event)")
    case .hung, .restarting:
      log.warning("\(event)")
      writer.tell(labReference, .warning, reason: "Notice", "\(event)")
    case .failed:
      log.error("\(event)")
      writer.tell(labReference, .warning, reason: "Failure", "\(event)")
    }
  }

  private func forget(_ title: String) async {
    partStates[title] = nil
    do {
      try await api.delete(Self.partKey(title))
    } catch {
      log.error("a part is not removed", metadata: ["part": "\(title)", "error": "\(error)"])
    }
  }

  private static func partKey(_ title: String) -> ObjectKey {
    ObjectKey(
      LabPart.resource, namespace: LabPart.namespace, name: LabPart.name(of: title))
  }

  /// Starts libvirtd, and keeps a connection to it: when one is lost, what has become of the machines
  /// meanwhile is asked for.
  func keepLibvirt() async throws {
    try await libvirtParts.run([
      try LibvirtDaemon(
        files: configuration.files, title: configuration.role.title(of: "libvirtd")
      ).part()
    ])
    follow(libvirtParts.events)
    var isFirst = true
    while !Task.isCancelled {
      do {
        try await attend(
          to: try await Connection.open(uri: configuration.files.libvirtURI), isFirst)
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
        case .running?: instances[key]?.domain = .running
        case .paused?: instances[key]?.domain = .paused
        case .crashed?, nil: instances[key]?.domain = .ended(hasFailed: true)
        default: instances[key]?.domain = .ended(hasFailed: false)
        }
      }
    } catch {
      log.warning("the machines are not known", metadata: ["error": "\(error)"])
    }
  }
}
