import Execution
import ExternalCommand

/// SHA-256 by coreutils' sha256sum.
enum Checksum {
  /// The sums of files, in their order, in lower-case hexadecimal.
  static func of(_ files: [String], _ runner: any CommandRunner) async throws -> [String] {
    let output = try await runner.runUnpacker(Command("sha256sum", ["--zero", "--"] + files))
    let sums = output.split(separator: "\0").map { String($0.prefix(64)) }
    guard sums.count == files.count else {
      throw ImageError.failed(command: "sha256sum", output: output)
    }
    return sums
  }

  /// The sum of a text.
  static func of(text: String, _ runner: any CommandRunner) async throws -> String {
    String(try await runner.runUnpacker(Command("sha256sum", input: text)).prefix(64))
  }
}

extension CommandRunner {
  /// Runs one of the programs that unpack or check files; errors say which Debian package has it.
  func runUnpacker(_ command: Command) async throws -> String {
    do {
      return try await run(command)
    } catch CommandError.missingProgram(let program, _) {
      let packages = [
        "dpkg-deb": "dpkg", "xz": "xz-utils", "zstd": "zstd", "sfdisk": "fdisk",
        "mformat": "mtools", "mmd": "mtools", "mcopy": "mtools",
        "objcopy": "binutils",
      ]
      throw ImageError.missingProgram(program, package: packages[program] ?? "coreutils")
    } catch CommandError.notStarted(let command, let reason) {
      throw ImageError.failed(command: command.shellText, output: reason)
    } catch CommandError.failed(let command, _, let output) {
      throw ImageError.failed(command: command.shellText, output: output)
    }
  }
}
