import Foundation
import Subprocess

/// What `pxelab diagnose --format json` says of a capture.
struct Diagnosis: Decodable, Sendable {
  let findings: [Finding]

  struct Finding: Decodable, Sendable {
    let id: String
    let severity: String
    let title: String
  }

  /// Runs the program, with the files that go with the capture.
  init(of capture: Corpus.Capture, by program: String) async throws {
    var arguments = ["diagnose", "\(Corpus.folder)/\(capture.file)", "--format", "json"]
    for (option, file) in capture.attachments {
      let owner = option == "--manifests" ? nil : capture.mac
      arguments += [option, "\(owner.map { "\($0)=" } ?? "")\(Corpus.folder)/\(file)"]
    }
    let result = try await Subprocess.run(
      .path(.init(program)), arguments: Arguments(arguments), output: .string(limit: 16 << 20),
      error: .string(limit: 1 << 20))
    // 0 and 1 are verdicts; anything else is a failure, and says why.
    guard [.exited(0), .exited(1)].contains(result.terminationStatus) else {
      throw Unusable(
        "\(capture.file): \(result.terminationStatus): \(result.standardError)")
    }
    self = try JSONDecoder().decode(Diagnosis.self, from: Data(result.standardOutput.utf8))
  }

  /// The program: `PXELAB_PROGRAM`, else what was built together with these tests.
  static func program() throws -> String {
    if let asked = ProcessInfo.processInfo.environment["PXELAB_PROGRAM"] { return asked }
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = ([tests] + CommandLine.arguments.filter { $0.hasSuffix(".xctest") }).map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("pxelab").path
    }
    guard let program = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw Unusable("pxelab is not beside the tests: `swift build`")
    }
    return program
  }
}

/// The corpus cannot be judged.
struct Unusable: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
