import Foundation
import Glibc
import LabHost
import Mutations
import Testing

extension LabTests {
  /// `kill -9` at moments that a seed chooses: nothing is lost, nothing is left, and the words are right.
  /// PXELAB_RELIABILITY is the number of moments, PXELAB_SEED the first seed.
  @Suite(.timeLimit(.minutes(30))) struct Reliability {
    private static func number(_ variable: String) -> Int? {
      ProcessInfo.processInfo.environment[variable].flatMap(Int.init)
    }

    static let seeds: [Int] = {
      let first = number("PXELAB_SEED") ?? 1
      return Array(first..<first + (number("PXELAB_RELIABILITY") ?? 9))
    }()

    /// What is killed, by a word of its command line.
    enum Victim: String, CaseIterable {
      case up = "up -d"
      case down = "down killed"
      case supervisor = "supervise"
      case daemon = "pxelab-lab api"
      case node = "pxelab-lab node"
      case libvirtd
      case switchDaemon = "ovs-vswitchd"
      case database = "ovsdb-server"
      case server = "dnsmasq"
      case wayOut = "--ns-ifname"
      case fileServer = "pxelab-lab serve-files"
      case keeper = "pxelab-lab uplink"

      /// Whether the lab goes on without it.
      var isStartedAgain: Bool {
        switch self {
        case .up, .down, .supervisor, .node, .keeper: false
        case .daemon, .libvirtd, .switchDaemon, .database, .server, .wayOut, .fileServer: true
        }
      }

      /// Kills the process, if it is there.
      func kill(in workspace: Workspace) {
        for entry in ProcessTable.entries(mentioning: workspace.root)
        where entry.arguments.joined(separator: " ").contains(rawValue) {
          // tini and unshare have the node's name on their command lines too.
          let program = entry.arguments.first.map { URL(fileURLWithPath: $0).lastPathComponent }
          if ["tini", "unshare"].contains(program) { continue }
          Glibc.kill(entry.pid, SIGKILL)
        }
      }
    }

    /// What the lab does when something is killed.
    enum Phase: CaseIterable {
      case making
      case running
      case removing
    }

    @Test(arguments: seeds)
    func killedAtAnyMoment(_ seed: Int) async throws {
      var numbers = RepeatableNumbers(seed: UInt64(seed))
      let phase = Phase.allCases[seed % 3]
      let others = Victim.allCases.filter { phase != .running || ($0 != .up && $0 != .down) }
      let victim = others[seed / 3 % others.count]
      let moment = Duration.milliseconds(Int.random(in: 0..<800, using: &numbers))
      let words = "seed \(seed): \(victim) killed \(phase), after \(moment)"
      try await Workspace.use { workspace in
        let up = try await workspace.start(["up", "-d", "\(Workspace.labs)/killed"])
        if phase == .making {
          try await kill(victim, in: workspace, after: moment)
          let outcome = try await up.outcome()
          #expect(
            outcome.status == 0 || outcome.errors.contains("Error: ") || victim == .up,
            "\(words): \(outcome.status) \(outcome.errors)")
        } else {
          let outcome = try await up.outcome()
          #expect(outcome.status == 0, "\(words): \(outcome.errors)")
          try await expectRunning(workspace, words)
        }
        if phase == .running {
          try await kill(victim, in: workspace, after: moment)
          if victim.isStartedAgain {
            try await expectRunning(workspace, words)
            try await expectWell(workspace, words)
            let machine = try await workspace.run("status", "--format", "json").labs.first?.machines
              .first
            #expect(machine?.starts == 1 && machine?.power == "running", "\(words)")
          }
        }
        if phase == .removing {
          let down = try await workspace.start(["down", "killed"])
          try await kill(victim, in: workspace, after: moment / 4)
          _ = try await down.outcome()
        }
        let status = try await workspace.run("status")
        #expect([0, 5].contains(status.status), "\(words): \(status.errors)")
        let down = try await workspace.run("down", "--all", "--purge")
        #expect(down.status == 0, "\(words): \(down.errors)")
        workspace.expectNothingLeft()
      }
    }

    /// The moment is what is tried here.
    private func kill(
      _ victim: Victim, in workspace: Workspace, after moment: Duration
    ) async throws {
      try await Task.sleep(for: moment)
      victim.kill(in: workspace)
    }

    /// Every program of the lab runs, in the end.
    private func expectWell(_ workspace: Workspace, _ words: String) async throws {
      let deadline = ContinuousClock.now + .seconds(60)
      while true {
        let lab = try await workspace.run("status", "--format", "json").labs.first
        let ailing = lab?.parts?.filter { $0.state != "running" } ?? []
        if lab?.phase == .running, ailing.isEmpty { return }
        guard ContinuousClock.now < deadline else {
          Issue.record("\(words): \(lab?.phase.rawValue ?? "no lab"), \(ailing)")
          return
        }
        // Nobody tells when all is well.
        try await Task.sleep(for: .milliseconds(200))
      }
    }

    private func expectRunning(_ workspace: Workspace, _ words: String) async throws {
      let wait = try await workspace.run(
        "wait", "killed", "--for", "phase=Running", "--timeout", "60")
      #expect(wait.status == 0, "\(words): \(wait.errors)")
    }

    /// Each is told to be started again, and is.
    @Test(arguments: [
      (Victim.wayOut, "pasta"), (.server, "dnsmasq"), (.fileServer, "the HTTP server"),
    ])
    func aProgramThatIsKilledRunsAgain(_ victim: Victim, _ title: String) async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "-d", "\(Workspace.labs)/killed")
        try #require(up.status == 0, "\(up.errors)")
        try await expectRunning(workspace, "\(victim)")
        try await expectWell(workspace, "\(victim)")
        victim.kill(in: workspace)
        let deadline = ContinuousClock.now + .seconds(60)
        var parts: [PartStatus] = []
        repeat {
          // The event says that it ended, nothing that it runs again.
          try await Task.sleep(for: .milliseconds(200))
          let lab = try await workspace.run("status", "--format", "json").labs.first
          parts = lab?.parts?.filter { $0.name.contains(title) } ?? []
        } while ContinuousClock.now < deadline
          && (parts.isEmpty || !parts.allSatisfy { $0.state == "running" && $0.restarts > 0 })
        #expect(!parts.isEmpty, "\(title)")
        for part in parts { #expect(part.state == "running" && part.restarts == 1, "\(part)") }
        #expect(try await workspace.run("down", "--all", "--purge").status == 0)
        workspace.expectNothingLeft()
      }
    }

    /// Nobody starts it again, which is said; the machines go on.
    @Test func theEndOfWhatKeepsPastaIsSaid() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "-d", "\(Workspace.labs)/killed")
        try #require(up.status == 0, "\(up.errors)")
        try await expectRunning(workspace, "keeper")
        try await expectWell(workspace, "keeper")
        Victim.keeper.kill(in: workspace)
        let deadline = ContinuousClock.now + .seconds(60)
        var lab: LabStatus?
        repeat {
          // The end is told once; it is the status that counts.
          try await Task.sleep(for: .milliseconds(200))
          lab = try await workspace.run("status", "--format", "json").labs.first
        } while ContinuousClock.now < deadline
          && lab?.parts?.contains { $0.name.hasPrefix("the keeper") && $0.state == "failed" }
            != true
        let ailing = (lab?.parts ?? []).filter { $0.state != "running" }
        #expect(ailing.map(\.name) == ["the keeper of pasta"], "\(ailing)")
        #expect(lab?.machines.first?.power == "running")
        #expect(try await workspace.run("down", "--all", "--purge").status == 0)
        workspace.expectNothingLeft()
      }
    }

    @Test func aLabWithoutItsFolderEnds() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "-d", "\(Workspace.labs)/halted")
        try #require(up.status == 0, "\(up.errors)")
        try await expectWell(workspace, "before its folder is removed")
        let folder = "\(workspace.state)/labs"
        let deadline = ContinuousClock.now + .seconds(60)
        repeat {
          // What still runs may make a file where one was removed.
          try? FileManager.default.removeItem(atPath: folder)
          // Nobody tells, for nobody is there who could.
          try await Task.sleep(for: .milliseconds(100))
        } while ContinuousClock.now < deadline
          && (FileManager.default.fileExists(atPath: folder)
            || !ProcessTable.entries(mentioning: workspace.root).isEmpty)
        #expect(ProcessTable.entries(mentioning: workspace.root).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder))
      }
    }
  }
}
