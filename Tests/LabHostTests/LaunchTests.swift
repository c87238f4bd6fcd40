import FileSystem
import Foundation
import Glibc
import LabStore
import Planning
import Testing

@testable import LabHost

@Suite(.timeLimit(.minutes(10))) struct LaunchTests {
  private func launch(
    _ state: State, _ program: String = "/none/pxelab",
    remark: @escaping @Sendable (String) -> Void = { Issue.record("\($0)") }
  ) -> LabLaunch {
    LabLaunch(
      folders: Folders(state: state.path, cache: "\(state.path)/cache", program: program),
      plan: .empty("x", state.paths("x")), images: [:], manifestFolder: state.path, remark: remark)
  }

  @Test("a launch that fails leaves nothing")
  func failure() async throws {
    let state = try State()
    await #expect(throws: (any Error).self) { try await launch(state).start() }
    #expect(try state.labs() == [])
  }

  @Test("the short way to a lab's sockets is made, made anew, and goes; another's is left")
  func socketLink() throws {
    let state = try State()
    let paths = LabPaths(
      directory: "\(state.path)/\(String(repeating: "long", count: 20))", stores: state.path)
    let path = try #require(paths.socketLink)
    let link = try #require(SocketLink(paths))
    defer { unlink(path) }
    for _ in 1...2 {
      try link.make()
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == paths.directory)
    }
    try link.remove()
    try link.remove()
    #expect(!Files.exists(path))
    try Files.makeFolder(path)
    defer { rmdir(path) }
    let error = #expect(throws: LabHostError.self) { try link.make() }
    #expect(error?.description.contains("remove it") == true)
    try link.remove()
    #expect(Files.exists(path))
    #expect(SocketLink(LabPaths(stateDirectory: "/state", lab: "x")) == nil)
  }

  @Test("what a dead lab left is removed first")
  func dead() async throws {
    let state = try State()
    try state.makeDeadLab("x")
    try state.makeDeadLab("y")
    try state.makeDeadLab("z")
    try Files.rename(
      state.paths("z").directory, to: "\(state.path)/labs/.removing-x-0123456789abcdef")
    await #expect(throws: (any Error).self) { try await launch(state).start() }
    #expect(try state.labs() == ["y"])
  }

  @Test("what a dead lab has not given back stays in its journal, and no lab is made")
  func damaged() async throws {
    let state = try State()
    try state.makeDeadLab("x")
    let journal = state.paths("x").journal
    try Files.write("nonsense\n" + (try Files.text(of: journal)), to: journal)
    await #expect(throws: JournalError.self) { try await launch(state).start() }
    #expect(try state.labs() == ["x"])
    #expect(try Files.text(of: journal).hasPrefix("nonsense\n"))
  }

  @Test("a lab that is up is left as it is")
  func up() async throws {
    let state = try State()
    try state.makeDeadLab("x")
    let holder = try await LockHolder("echo; exec sleep 1000", of: state.paths("x"))
    let before = try Files.names(in: state.paths("x").directory)
    #expect(try await launch(state).start() == nil)
    #expect(holder.identity.isRunning)
    #expect(try Files.names(in: state.paths("x").directory) == before)
  }

  @Test(
    "a command ends the lab that it has made, and no later one of the name",
    .enabled(if: canUnshare))
  func identity() async throws {
    let state = try State()
    let program = "\(state.path)/pxelab-lab"
    try Files.write("#!/bin/sh\necho listening\nexec sleep 1000\n", to: program, mode: 0o700)
    let first = try #require(try await launch(state, program).start())
    #expect(try Journal(path: state.paths("x").journal).identity() == first.identity)
    #expect(try await launch(state, program).start() == nil)
    #expect(first.sandbox.isRunning)
    #expect(try await LabRemoval(paths: state.paths("x"), loans: RecordedLoans()).remove())
    #expect(try state.labs() == [])
    let second = try #require(try await launch(state, program).start())
    #expect(second.identity != first.identity)
    #expect(try await !first.end())
    #expect(second.sandbox.isRunning)
    #expect(try await second.end())
    #expect(try await !second.end())
    #expect(try state.labs() == [])
  }

  @Test("a sandbox that ends without a word leaves its last ones", .enabled(if: canUnshare))
  func lastWords() async throws {
    let state = try State()
    let program = "\(state.path)/pxelab-lab"
    try Files.write("#!/bin/sh\necho no luck >&2\nexit 1\n", to: program, mode: 0o700)
    let error = await #expect(throws: LabHostError.self) {
      try await launch(state, program).start()
    }
    #expect(error?.cause == .host && error?.description.contains("no luck") == true)
    #expect(try state.labs() == [])
  }

  @Test(
    "a cancelled launch ends its sandbox, also one that never answers", .enabled(if: canUnshare))
  func cancelled() async throws {
    let state = try State()
    let started = "\(state.path)/started"
    #expect(mkfifo(started, 0o600) == 0)
    let program = "\(state.path)/pxelab-lab"
    try Files.write(
      "#!/bin/sh\necho $$ >\(started)\nexec sleep 1000\n", to: program, mode: 0o700)
    let launch = launch(state, program)
    let task = Task { try await launch.start() }
    // To open a FIFO for reading waits for who writes to it.
    let isReady = await onThread {
      let descriptor = open(started, O_RDONLY | O_CLOEXEC)
      defer { close(descriptor) }
      var byte: UInt8 = 0
      return read(descriptor, &byte, 1) == 1
    }
    #expect(isReady)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try state.labs() == [])
  }

  private static let canUnshare: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let plan = SandboxPlan(userNamespace: getuid() != 0, hidesKVM: true)
    let command = plan.launch("true", [])
    process.arguments = [command.program] + command.arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
