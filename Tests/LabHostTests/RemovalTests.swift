import FileSystem
import Glibc
import LabStore
import Planning
import Testing

@testable import LabHost

@Suite(.timeLimit(.minutes(10))) struct RemovalTests {
  private static let function = Journal.Entry.virtualFunction(
    address: "0000:01:00.1", driver: "igbvf", restoring: ["link", "set"])
  private static let uplink = Journal.Entry.uplink(interface: "eth7", isUp: true)

  private func removal(_ paths: LabPaths, _ loans: RecordedLoans = .init()) -> LabRemoval {
    LabRemoval(paths: paths, loans: loans, patience: .seconds(60))
  }

  @Test("a dead lab's loans go back, the newest first, with mounts where they are by then")
  func order() async throws {
    let state = try State()
    let paths = state.paths("x")
    let identity = LabIdentity.random()
    let mount = Journal.Entry.mount("\(paths.directory)/home.netns")
    let elsewhere = Journal.Entry.mount("/run/elsewhere")
    try state.makeDeadLab(
      "x", identity: identity, borrowed: [mount, elsewhere, Self.uplink, Self.function])
    try Files.makeFolder(paths.stores)
    let loans = RecordedLoans()
    #expect(try await removal(paths, loans).remove())
    #expect(
      loans.given == [
        Self.function, Self.uplink, elsewhere,
        .mount("\(state.path)/labs/.removing-x-\(identity)/home.netns"),
      ])
    #expect(try state.labs() == [])
    #expect(Files.exists(paths.stores))
  }

  @Test("only the lab that is meant is removed, and its neighbours stay")
  func identity() async throws {
    let state = try State()
    let mine = LabIdentity.random()
    try state.makeDeadLab("x", borrowed: [Self.uplink])
    try state.makeDeadLab("y", identity: mine)
    try state.makeDeadLab("old", identity: nil)
    let loans = RecordedLoans()
    for lab in ["x", "old", "none"] {
      #expect(try await !removal(state.paths(lab), loans).remove(.only(mine)), "\(lab)")
    }
    #expect(loans.given == [])
    #expect(try state.labs() == ["old", "x", "y"])
    #expect(try await removal(state.paths("y")).remove(.only(mine)))
    #expect(try state.labs() == ["old", "x"])
    #expect(try await removal(state.paths("old")).remove())
    #expect(try state.labs() == ["x"])
  }

  @Test("several at once remove a lab once")
  func together() async throws {
    let state = try State()
    try state.makeDeadLab("x", borrowed: [Self.uplink, Self.function])
    let loans = RecordedLoans()
    let removals = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { try await removal(state.paths("x"), loans).remove() }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(removals == 1)
    #expect(loans.given == [Self.function, Self.uplink])
    #expect(try state.labs() == [])
    #expect(try await !removal(state.paths("x"), loans).remove())
  }

  @Test("a lab that lives is not dead, and is ended where any is meant")
  func living() async throws {
    let state = try State()
    let paths = state.paths("x")
    try state.makeDeadLab("x")
    let holder = try await LockHolder("echo; exec sleep 1000", of: paths)
    try Journal(path: paths.journal).append(.sandbox(holder.identity))
    #expect(try await !removal(paths).remove(.dead))
    #expect(holder.identity.isRunning)
    #expect(try await removal(paths).remove())
    await holder.ended()
    #expect(!holder.identity.isRunning)
    #expect(try state.labs() == [])
  }

  @Test("the init of the namespaces is killed, not unshare, which waits for it")
  func hierarchy() async throws {
    let state = try State()
    let paths = state.paths("x")
    try state.makeDeadLab("x")
    let script = #"sh -c "echo; exec sleep 1000"; : >"# + "\(state.path)/waited"
    let holder = try await LockHolder(script, of: paths)
    try Journal(path: paths.journal).append(.sandbox(holder.identity))
    #expect(try await removal(paths).remove(.any))
    #expect(Files.exists("\(state.path)/waited"))
    #expect(try state.labs() == [])
  }

  @Test("who cannot end processes says so, and the next removal finishes it")
  func stuck() async throws {
    let state = try State()
    let paths = state.paths("x")
    try state.makeDeadLab("x", borrowed: [Self.uplink])
    // The journal does not know it, so it is not killed.
    let holder = try await LockHolder("echo; exec sleep 1000", of: paths)
    let loans = RecordedLoans()
    let impatient = LabRemoval(paths: paths, loans: loans, patience: .milliseconds(50))
    let error = await #expect(throws: RemovalError.self) { try await impatient.remove() }
    guard case .processesStay(lab: "x", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(loans.given == [])
    #expect(try state.registry.names() == [])
    try holder.identity.signal(SIGKILL)
    #expect(try await removal(paths, loans).finishInterrupted() == 1)
    #expect(loans.given == [Self.uplink])
    #expect(try state.labs() == [])
  }

  @Test("a removal that was cut short goes on where it stopped")
  func interrupted() async throws {
    let state = try State()
    try state.makeDeadLab("x", borrowed: [Self.uplink, Self.function])
    try state.makeDeadLab("x-y", borrowed: [Self.uplink])
    for lab in ["x", "x-y"] {
      let loans = RecordedLoans(refusing: [Self.uplink])
      await #expect(throws: RecordedLoans.Refusal.self) {
        try await removal(state.paths(lab), loans).remove()
      }
      #expect(loans.given == (lab == "x" ? [Self.function] : []))
    }
    #expect(try state.registry.names() == [])
    #expect(try state.labs().count == 2)
    #expect(throws: RegistryError.severalLabs(["x", "x-y"])) {
      try state.registry.resolveForRemoval(nil, allowingStores: false)
    }
    #expect(try state.registry.resolveForRemoval("x", allowingStores: false) == "x")
    let loans = RecordedLoans()
    #expect(try await !removal(state.paths("x"), loans).remove())
    #expect(try await removal(state.paths("x"), loans).finishInterrupted() == 1)
    #expect(loans.given == [Self.uplink])
    // The other's is not touched, though its name begins so.
    #expect(try state.labs().count == 1)
    #expect(try state.registry.resolveForRemoval(nil, allowingStores: false) == "x-y")
    #expect(try await removal(state.paths("x")).finishInterrupted() == 0)
  }

  @Test("a removal goes on when who asked for it is cancelled")
  func cancelled() async throws {
    let state = try State()
    try state.makeDeadLab("x", borrowed: [Self.uplink])
    let loans = RecordedLoans()
    let removal = removal(state.paths("x"), loans)
    let task = Task {
      // Not before it is cancelled.
      for await _ in AsyncStream<Void>.never {}
      return try await removal.remove()
    }
    task.cancel()
    #expect(try await task.value)
    #expect(loans.given == [Self.uplink])
  }

  @Test(
    "a journal that is not understood leaves the lab as it is",
    arguments: ["nonsense\n", "{\"hugePages\":{\"_0\":7}}\n"])
  func damaged(_ line: String) async throws {
    let state = try State()
    let paths = state.paths("x")
    try state.makeDeadLab("x", borrowed: [Self.uplink])
    let text = try Files.text(of: paths.journal)
    try Files.write(text + line, to: paths.journal)
    let loans = RecordedLoans()
    let error = await #expect(throws: JournalError.self) {
      try await removal(paths, loans).remove()
    }
    #expect(error?.path == paths.journal && error?.line == 4)
    #expect(loans.given == [])
    #expect(try state.labs() == ["x"])
    #expect(try Files.text(of: paths.journal) == text + line)
  }

  @Test("what a process made anew at the lab's path goes too, another lab there does not")
  func remains() async throws {
    let state = try State()
    let paths = state.paths("x")
    for isLab in [false, true] {
      try state.makeDeadLab("x", borrowed: [Self.uplink])
      let loans = MakingLoans {
        if isLab {
          try state.makeDeadLab("x")
        } else {
          try Files.makeFolder("\(paths.directory)/machine-a")
        }
      }
      #expect(try await LabRemoval(paths: paths, loans: loans).remove())
      #expect(try state.labs() == (isLab ? ["x"] : []))
    }
  }

  /// Makes something while it is asked to give back.
  private struct MakingLoans: HostLoans {
    let make: @Sendable () throws -> Void

    func giveBack(_ entry: Journal.Entry, of paths: LabPaths) async throws { try make() }
  }
}

extension AsyncStream where Element == Void {
  /// Ends when who reads it is cancelled.
  fileprivate static var never: AsyncStream { AsyncStream { _ in } }
}
