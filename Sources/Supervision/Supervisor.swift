import Client
import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials
import Glibc
import Kinds
import LabManifest
import PXEWire
import Parts
import Planning
import Sandbox

/// What a lab's launch starts inside the sandbox. It keeps the lab's daemon and its nodes running, and does
/// nothing else.
package struct Supervisor: Sendable {
  private let lab: SupervisedLab
  /// The path of pxelab-lab.
  private let program: String

  /// The supervisor of a lab.
  ///
  /// - Parameter program: the path of pxelab-lab.
  package init(_ lab: SupervisedLab, program: String) {
    self.lab = lab
    self.program = program
  }

  /// Works until the process is ended, which ends the lab. Standard input is the ``Lifeline``; what fails
  /// goes to standard error, the lab's supervisor.log.
  ///
  /// - Throws: when the lab cannot be started.
  package func run() async throws {
    let paths = LabPaths(stateDirectory: lab.state, lab: lab.lab)
    // `ip netns exec` looks its program up in PATH, and an ordinary user's on Debian lacks the folders
    // of ethtool and dnsmasq.
    setenv("PATH", ExecutableSearch.current.folders.joined(separator: ":"), 1)
    let port = try Lifeline.receivePort()
    Lifeline.watch { Glibc.exit(0) }
    let presence = Task { await Self.endWithout(folder: paths.directory) }
    defer { presence.cancel() }
    let nodes = lab.nodes
    let agents = (nodes.count > 1 ? [NodeRole.fabricName] : []) + nodes
    for agent in agents { try makeFiles(of: agent, paths) }
    try Mounts(
      paths: paths,
      sandbox: SandboxPlan(
        userNamespace: false, hidesKVM: !lab.usesKVM, emulatorUser: emulatorUser(paths)),
      libvirtCache: "\(lab.cache)/libvirt"
    ).apply()
    let programs = PartGroup()
    if nodes.count > 1 { try await nameFabric() }
    await Self.setLoopbackUp()
    let parts = [daemon(paths, port: port)] + agents.map { agent($0, paths) }
    try await programs.run(parts)
    try await Self.waitForAnswer(at: paths.controlSocket)
    Lifeline.announce()
    let client = APIClient(socketPath: paths.controlSocket)
    let join: @Sendable (String) throws -> Part = { [self] name in
      try makeFiles(of: name, paths)
      return agent(name, paths)
    }
    let power = NodePowerSwitch(
      programs, parts, nodes: nodes, client: client, join: nodes.count > 1 ? join : nil)
    let switching = Task { await power.run(complain: Self.complain) }
    defer { switching.cancel() }
    let keeper = Task { await Self.tellEndOfKeeper(of: paths, client) }
    defer { keeper.cancel() }
    for await event in programs.events {
      if await power.isOff(event.title) { continue }
      if !event.state.isWell { Self.complain("\(event)") }
      await Self.tell(event, isNode: event.title != Self.daemonTitle, client)
    }
  }

  /// When standard error cannot be written, nobody is left to be told.
  private static func complain(_ line: String) {
    try? StandardStream.error.write(line + "\n")
  }

  /// Waits until what keeps pasta has ended, which `up` starts beside the sandbox, and tells of it once:
  /// nobody starts it again.
  private static func tellEndOfKeeper(of paths: LabPaths, _ client: APIClient) async {
    // While pasta was started by it, it has the lock.
    while !Files.exists(paths.uplinkNote) || FileLock.isHeld(path: paths.uplinkLog) {
      do {
        try await Task.sleep(for: .seconds(1))
      } catch {
        return
      }
    }
    let event = PartEvent(
      title: "the keeper of \(UplinkPlan.program)",
      state: .ended(reason: "has ended: \(UplinkPlan.program) is not started again when it ends"))
    complain("\(event)")
    await tell(event, isNode: false, client)
  }

  /// Ends the lab when its folder was removed by somebody else than `down`, which ends the lab first:
  /// nobody could find it any more.
  private static func endWithout(folder path: String) async {
    do {
      let folder = try OpenFolder(path)
      while !folder.isRemoved { try await Task.sleep(for: .seconds(1)) }
      Glibc.exit(1)
    } catch is CancellationError {
      return
    } catch {
      complain("nobody looks after the lab's folder: \(error)")
    }
  }

  private static let daemonTitle = LabNode.daemonTitle

  /// The lab's API and controllers: what it knows is in the store's file, and it is started again, with
  /// the same port.
  private func daemon(_ paths: LabPaths, port: Int32) -> Part {
    Part(
      title: Self.daemonTitle, start: .foreground(Command(program, ["api", lab.state, lab.lab])),
      input: port, log: paths.daemonLog, note: paths.daemonNote)
  }

  /// The lab's schedulers reach the API at 127.0.0.1, and once another device has an address nobody can
  /// listen there while `lo` is down. Without it the lab is there all the same.
  private static func setLoopbackUp() async {
    do {
      try await SubprocessRunner().run(Command("ip", ["link", "set", "dev", "lo", "up"]))
    } catch {
      complain("the sandbox's loopback is not up: \(error)")
    }
  }

  /// Gives the sandbox's network namespace, where the fabric is, the name by which nodes reach it.
  private func nameFabric() async throws {
    try await SubprocessRunner().run(
      Command("ip", ["netns", "attach", NodeRole.fabricNamespace, "\(getpid())"]))
  }

  private func emulatorUser(_ paths: LabPaths) -> EmulatorUser? {
    lab.hasOwnUser ? EmulatorUser(lab: paths) : nil
  }

  private func makeFiles(of agent: String, _ paths: LabPaths) throws {
    try paths.files(of: NodeRole(agent: agent, nodes: lab.nodes.count))
      .make(emulatorUser: emulatorUser(paths))
  }

  /// A node, or the fabric: its end is the end of all that runs on it, and nobody starts it again.
  private func agent(_ name: String, _ paths: LabPaths) -> Part {
    let role = NodeRole(agent: name, nodes: lab.nodes.count)
    let files = paths.files(of: role)
    return Part(
      title: name,
      start: .foreground(
        SandboxPlan.agent(
          role, program,
          [
            "node", lab.state, lab.lab, name, "\(lab.nodes.count)", lab.usesKVM ? "kvm" : "tcg",
          ])),
      log: paths.agentLog(name), note: paths.agentNote(name),
      policy: PartPolicy(restarts: false, hungPatience: nil),
      prepare: { try files.forgetLastLife() })
  }

  /// Writes how a program is into its object; while the API is away nobody could read it.
  private static func tell(_ event: PartEvent, isNode: Bool, _ client: APIClient) async {
    if case .starting = event.state { return }
    let now = Timestamp(seconds: Date().timeIntervalSince1970).microTime
    guard let part = event.object(node: nil, isNode: isNode, at: now) else { return }
    do {
      var tree = try part.tree()
      let present = try? await client.get(part.key)
      let made = if let present { present } else { try await client.create(tree).object }
      tree["metadata"] = made["metadata"]
      try await client.updateStatus(tree)
    } catch {
      complain("\(error)")
    }
  }

  private static func waitForAnswer(at socket: String) async throws {
    let client = APIClient(socketPath: socket)
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      do {
        return try await client.checkHealth()
      } catch {
        guard ContinuousClock.now < deadline else { throw error }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }
}
