import Execution
import ExternalCommand
import FileSystem
import Firmware
import Foundation
import LabStore
import Testing

/// Stores that another program unpacks.
@Suite struct VariableStoreReaderTests {
  /// Writes a file where qemu-img and uefivars are told to.
  private struct Unpacker: CommandRunner {
    var result: Result<[UInt8], CommandError>
    var commands = Commands()

    final class Commands: @unchecked Sendable {
      private let lock = NSLock()
      private var stored: [Command] = []

      var all: [Command] { lock.withLock { stored } }

      func add(_ command: Command) { lock.withLock { stored.append(command) } }
    }

    func run(_ command: Command) async throws -> String {
      commands.add(command)
      try Files.write(Data(try result.get()), to: command.arguments.last ?? "")
      return ""
    }
  }

  private static let template = "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"

  private func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "pxelab-reader-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    try await body(folder)
  }

  /// A header without anything behind it.
  private func qcow2(size: UInt8 = 8, backing: UInt8 = 0) -> Data {
    var bytes = Data([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]) + Data(count: 96)
    bytes[15] = backing
    bytes[28] = size
    return bytes
  }

  @Test func imagesOfQEMU() async throws {
    try await inFolder { folder in
      let runner = SubprocessRunner()
      let raw = try VariableStoreFile(path: Self.template).read()
      for options in [[], ["-c"], ["-o", "compat=0.10"], ["-o", "cluster_size=4096"]] {
        let path = "\(folder)/\(options.joined()).qcow2"
        try await runner.run(
          Command(
            "qemu-img",
            ["convert", "-f", "raw", "-O", "qcow2"] + options + [Self.template, path]))
        let file = VariableStoreFile(path: path)
        let stored = try await VariableStoreReader(runner: runner).read(file)
        #expect(stored.form == .qcow2 && stored.editable == nil)
        #expect(stored.flash == raw)
        #expect(try await VariableStoreReader(runner: runner).flash(file) == raw)
      }
    }
  }

  @Test func commands() async throws {
    try await inFolder { folder in
      let json = Array("{\"version\": 2, \"variables\": []}".utf8)
      for (name, bytes, program, first) in [
        ("a.qcow2", qcow2(size: 0), "qemu-img", ["convert", "-U", "-f", "qcow2", "-O", "raw"]),
        ("a b;c", Data("QU1aTlVFRkmz".utf8), "uefivars", ["-i", "aws", "-o", "json", "-I"]),
      ] {
        let path = "\(folder)/\(name)"
        try Files.write(bytes, to: path)
        let runner = Unpacker(result: .success(json))
        let stored = try await VariableStoreReader(runner: runner).read(
          VariableStoreFile(path: path))
        #expect(stored.form == StoreForm(of: [UInt8](bytes)) && stored.variables == [])
        let command = try #require(runner.commands.all.first)
        #expect(command.program == program && runner.commands.all.count == 1)
        #expect(Array(command.arguments.prefix(first.count)) == first)
        // What was unpacked does not stay.
        #expect(try !Files.exists(#require(command.arguments.last)))
        #expect(command.arguments[first.count] == VariableStoreFile(path: path).path)
      }
    }
  }

  /// What another program is not asked for.
  @Test func refusedBefore() async throws {
    try await inFolder { folder in
      let runner = Unpacker(result: .success([]))
      for (bytes, words) in [
        (qcow2(backing: 1), "backing file"), (qcow2(size: 9), "more than any variable store"),
        (qcow2().prefix(20), "cut off"), (Data("QFI".utf8), "not a variable store"),
      ] {
        try Files.write(bytes, to: "\(folder)/a")
        let error = await #expect(throws: VariableStoreFileError.self) {
          try await VariableStoreReader(runner: runner).read(
            VariableStoreFile(path: "\(folder)/a"))
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
      }
      #expect(runner.commands.all == [])
    }
  }

  @Test(arguments: [
    (CommandError.missingProgram("qemu-img", searched: []), ["qemu-img", "qemu-utils"]),
    (
      CommandError.failed(Command("qemu-img"), status: "failed", output: "Invalid L1"),
      ["qcow2", "Invalid L1"]
    ),
  ])
  func programsThatFail(error: CommandError, words: [String]) async throws {
    try await inFolder { folder in
      try Files.write(qcow2(size: 0), to: "\(folder)/a")
      let thrown = await #expect(throws: VariableStoreFileError.self) {
        try await VariableStoreReader(runner: Unpacker(result: .failure(error))).read(
          VariableStoreFile(path: "\(folder)/a"))
      }
      #expect(words.allSatisfy { thrown?.description.contains($0) == true })
    }
  }
}
