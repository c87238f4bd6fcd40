import ArgumentParser
import FileSystem
import FlyingSocks
import Foundation
import Glibc
import LabPlan

/// `pxelab console`.
struct Console: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console",
    abstract: "Attach to a machine's serial console; Ctrl-] leaves.")

  @OptionGroup var argument: MachineArgument

  @Option(name: .long, help: "Append what is shown to this file too, which stays after the lab.")
  var log: String?

  func run() async throws {
    let machine = try argument.find().machine
    let output = try ConsoleOutput(log: log)
    let socket: AsyncSocket
    do {
      socket = try await AsyncSocket.connected(to: .unix(path: machine.consoleSocket))
    } catch {
      throw Failure(
        .lab,
        "the console of \(machine.name) at \(machine.consoleSocket) does not answer "
          + "(\(error)): is the machine off?")
    }
    defer { try? socket.close() }
    // Not before there is a connection: what is said meanwhile would be in neither.
    if let said = try? Files.read(machine.consoleLog) { output.write(said.suffix(Self.screen)) }
    complain("attached to \(machine.name); Ctrl-] leaves")
    let raw = RawTerminal()
    defer { raw?.restore() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for try await byte in socket.bytes {
          output.write(Data([byte]))
        }
      }
      group.addTask {
        for await bytes in Self.keys() {
          if let leave = bytes.firstIndex(of: 0x1d) {
            try await socket.write(Data(bytes[..<leave]))
            return
          }
          try await socket.write(Data(bytes))
        }
      }
      try await group.next()
      group.cancelAll()
      try? socket.close()
    }
  }

  /// How many bytes of what was said before are shown: a screen that firmware has drawn takes some
  /// thousand, with its colours and places.
  private static let screen = 16 << 10

  /// What is typed, read on a thread of its own.
  private static func keys() -> AsyncStream<[UInt8]> {
    AsyncStream { continuation in
      Thread.detachNewThread {
        var buffer = [UInt8](repeating: 0, count: 256)
        while true {
          let count = read(STDIN_FILENO, &buffer, buffer.count)
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { break }
          continuation.yield(Array(buffer[..<count]))
        }
        continuation.finish()
      }
    }
  }
}

/// Standard output, and a file where one is given.
private struct ConsoleOutput: Sendable {
  private let log: FileHandle?

  /// - Throws: `FileError` when the file cannot be appended to.
  init(log path: String?) throws {
    guard let path else {
      log = nil
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("append to \(path)") }
    log = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func write(_ data: Data) {
    FileHandle.standardOutput.write(data)
    log?.write(data)
  }
}

/// The terminal in raw mode (termios(3)), so that every key but Ctrl-] reaches the machine.
private struct RawTerminal {
  private let saved: termios

  init?() {
    var settings = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    saved = settings
    cfmakeraw(&settings)
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }

  func restore() {
    var settings = saved
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }
}
