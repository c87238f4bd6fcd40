import Foundation
import Subprocess

/// The built program.
struct Program: Sendable {
  /// How it ended and what it said.
  struct Outcome: Sendable {
    var status: TerminationStatus
    var output: String
    var errors: String
  }

  /// The checkout that the tests were built in.
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// `PXELAB_PROGRAM`, else what was built together with these tests.
  let path: String

  init() throws {
    if let asked = ProcessInfo.processInfo.environment["PXELAB_PROGRAM"] {
      path = asked
      return
    }
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = ([tests] + CommandLine.arguments.filter { $0.hasSuffix(".xctest") }).map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("pxelab").path
    }
    guard let program = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw Missing(description: "pxelab is not beside the tests: `swift build`")
    }
    path = program
  }

  /// Runs it in the checkout.
  ///
  /// - Parameters:
  ///   - shell: what a shell does with `"$@"`, which is the program and its arguments.
  ///   - state: the folder of labs; one that is not there unless given.
  func run(
    _ arguments: [String], shell: String = #"exec "$@""#, state: String = "/nonexistent-pxelab"
  ) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: Arguments(["-c", shell, "sh", path] + arguments),
      environment: .inherit.updating(["PXELAB_STATE_HOME": state]),
      workingDirectory: .init(Self.repository), output: .string(limit: 16 << 20),
      error: .string(limit: 1 << 20))
    return Outcome(
      status: result.terminationStatus, output: result.standardOutput,
      errors: result.standardError)
  }
}

/// What the tests need is not there.
struct Missing: Error, CustomStringConvertible {
  let description: String
}

/// A folder that is removed with the value's end.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "pxelab-command-line-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
