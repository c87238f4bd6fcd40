import ExternalCommand
import Foundation
import Glibc
import LabHost
import Planning
import Testing

/// A state folder of a test's own, and the pxelab that works on it.
struct Workspace: Sendable {
  /// A folder of the test's own; short, because unix sockets lie below it.
  let root: String
  /// Variables for every command, in addition to this process's.
  var environment: [String: String]

  /// The state folder.
  var state: String { "\(root)/s" }

  /// The repository.
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../..").standardizedFileURL.path

  /// Where the labs that exist only for these tests are.
  static let labs = "\(repository)/Tests/IntegrationTests/Labs"

  /// The folder of the images that this user has fetched.
  static var cache: String {
    let variables = ProcessInfo.processInfo.environment
    return variables["PXELAB_CACHE_HOME"] ?? variables["XDG_CACHE_HOME"].map { "\($0)/pxelab" }
      ?? "\(NSHomeDirectory())/.cache/pxelab"
  }

  /// The program: `PXELAB_PROGRAM`, else what was built together with these tests.
  static func program() throws -> String {
    if let asked = ProcessInfo.processInfo.environment["PXELAB_PROGRAM"] { return asked }
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folders = [tests] + CommandLine.arguments.filter { $0.hasSuffix(".xctest") }
    let candidates = folders.map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("pxelab").path
    }
    guard let program = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw Missing(
        "pxelab is not beside the tests (\(candidates.joined(separator: ", "))): `swift build`")
    }
    return program
  }

  /// Gives `body` a workspace, and requires that nothing is left of its labs: no process, no
  /// folder but the variable stores, and the host's network as before.
  static func use(_ body: (Workspace) async throws -> Void) async throws {
    var template = Array("/tmp/pxi-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Missing("no folder can be made in /tmp") }
    let root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let workspace = Workspace(
      root: root,
      environment: ["PXELAB_STATE_HOME": "\(root)/s", "PXELAB_IMAGES": "\(repository)/images"])
    let network = try await HostNetwork.current()
    do {
      try await body(workspace)
    } catch {
      workspace.endProcesses()
      try FileManager.default.removeItem(atPath: root)
      throw error
    }
    workspace.expectNothingLeft()
    let after = try await HostNetwork.current()
    #expect(after == network, "the host's network has changed")
    try FileManager.default.removeItem(atPath: root)
  }

  /// Starts pxelab.
  func start(_ arguments: [String], environment more: [String: String] = [:]) async throws
    -> RunningCommand
  {
    try await RunningCommand(
      Command(
        try Self.program(), arguments,
        environment: environment.merging(more) { $1 }),
      directory: Self.repository)
  }

  /// Runs pxelab to its end.
  func run(_ arguments: String..., environment more: [String: String] = [:]) async throws
    -> Outcome
  {
    try await start(arguments, environment: more).outcome()
  }

  /// The folders of labs.
  var labFolders: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(state)/labs")) ?? []
  }

  /// The variable stores.
  var stores: [String] {
    let files = try? FileManager.default.subpathsOfDirectory(atPath: "\(state)/stores")
    return (files ?? []).filter { $0.hasSuffix(".fd") }
  }

  /// The paths of a lab.
  func paths(_ lab: String) -> LabPaths { LabPaths(stateDirectory: state, lab: lab) }

  /// Records an issue for each process and folder of a lab.
  func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) {
    let processes = ProcessTable.entries(mentioning: root)
    #expect(processes.map(\.description) == [], sourceLocation: sourceLocation)
    #expect(labFolders == [], sourceLocation: sourceLocation)
    let others = (try? FileManager.default.contentsOfDirectory(atPath: state)) ?? []
    #expect(Set(others).isSubset(of: ["labs", "stores", "kept"]), sourceLocation: sourceLocation)
    endProcesses()
  }

  /// Ends what a failed test left.
  private func endProcesses() {
    for process in ProcessTable.entries(mentioning: root) { kill(process.pid, SIGKILL) }
  }
}

/// Something that the tests need is not there.
struct Missing: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
