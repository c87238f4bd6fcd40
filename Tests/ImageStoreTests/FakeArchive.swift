import Execution
import ExternalCommand
import FoundationEssentials
import Synchronization

/// A package archive of small packages, made by the real dpkg-deb; `apt-cache` and `apt-get` are
/// answered by it, all other programs are the real ones.
final class FakeArchive: CommandRunner {
  enum Condition: Sendable { case online, offline, noLists, noApt }

  let folder: TemporaryFolder
  private let state = Mutex<(condition: Condition, calls: [String])>((.online, []))
  private let real = SubprocessRunner()

  init() async throws {
    folder = try TemporaryFolder()
  }

  var condition: Condition {
    get { state.withLock { $0.condition } }
    set { state.withLock { $0.condition = newValue } }
  }

  /// The programs that ran, in order.
  var calls: [String] { state.withLock { $0.calls } }

  func forgetCalls() { state.withLock { $0.calls = [] } }

  /// Adds a package with files; returns the path of its .deb.
  @discardableResult
  func add(
    _ package: String, version: String, depends: String = "", files: [String: [UInt8]]
  ) async throws -> String {
    let root = "build/\(package)"
    try? FileManager.default.removeItem(atPath: "\(folder.path)/\(root)")
    for (path, bytes) in files { try folder.write(bytes, to: "\(root)/\(path)") }
    let dependsLine = depends.isEmpty ? "" : "Depends: \(depends)\n"
    let control = """
      Package: \(package)
      Version: \(version)
      Architecture: amd64
      Maintainer: nobody <nobody@example.org>
      \(dependsLine)Description: a test package

      """
    try folder.write(Array(control.utf8), to: "\(root)/DEBIAN/control")
    // dpkg-deb wants them so, whatever the umask.
    for (name, mode) in [("", 0o755), ("/control", 0o644)] {
      try FileManager.default.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: "\(folder.path)/\(root)/DEBIAN\(name)")
    }
    let deb = "\(folder.path)/\(package)_\(version)_amd64.deb"
    try await real.run(
      Command(
        "dpkg-deb",
        ["--build", "--root-owner-group", "-Znone", "\(folder.path)/\(root)", deb]))
    let sum = try await real.run(Command("sha256sum", [deb])).prefix(64)
    let stanza = control + "Filename: pool/\(package).deb\nSHA256: \(sum)\n"
    try folder.write(Array(stanza.utf8), to: "lists/\(package)")
    return deb
  }

  func run(_ command: Command) async throws -> String {
    let (condition, program) = state.withLock { state in
      let program = command.arguments.contains("apt-get") ? "apt-get" : command.program
      state.calls.append(program)
      return (state.condition, program)
    }
    switch (program, condition) {
    case ("apt-cache", .noApt), ("apt-get", .noApt):
      throw CommandError.missingProgram(program, searched: ["/usr/bin"])
    case ("apt-cache", .noLists):
      throw CommandError.failed(
        command, status: "exited with status 100", output: "E: No packages found")
    case ("apt-cache", _):
      let stanzas = command.arguments.dropFirst(2).compactMap { name in
        try? String(contentsOfFile: "\(folder.path)/lists/\(name)", encoding: .utf8)
      }
      return stanzas.joined(separator: "\n")
    case ("apt-get", .online):
      let target = command.arguments[0].dropFirst("--chdir=".count)
      for word in command.arguments.dropFirst(4) {
        let file = word.split(separator: "=").joined(separator: "_") + "_amd64.deb"
        try FileManager.default.copyItem(
          atPath: "\(folder.path)/\(file)", toPath: "\(target)/\(file)")
      }
      return ""
    case ("apt-get", _):
      throw CommandError.failed(
        command, status: "exited with status 100",
        output: "E: Failed to fetch http://example.org/x.deb  Could not connect")
    default:
      return try await real.run(command)
    }
  }
}
