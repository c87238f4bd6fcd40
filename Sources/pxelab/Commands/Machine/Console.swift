import ArgumentParser
import Dispatch
import FileSystem
import FoundationEssentials
import Glibc
import LabHost
import Planning
import Sockets

/// `pxelab console`.
struct Console: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console",
    abstract: "Attach to a machine's serial console; Ctrl-] leaves.",
    discussion: """
      One can be attached at a time. It ends when the machine's power is off; when standard input \
      ends, it goes on showing.
      """)

  @OptionGroup var argument: MachineArgument

  @Option(name: .long, help: "Append what is shown to this file too, which stays after the lab.")
  var log: String?

  /// Why something is over.
  private enum End {
    case left
    case noMoreKeys
    case off
  }

  func run() async throws {
    let interruption = await Interruption()
    let machine = try await argument.find()
    try await machine.attachedToConsole { socket, said in
      let output = try ConsoleOutput(log: log)
      try output.write(said)
      complain("attached to \(machine.name); Ctrl-] leaves")
      let raw = RawTerminal()
      defer { raw?.restore() }
      let end = try await interruption.cancelling { try await Self.carry(socket, output) }
      if end == .off {
        complain("\(raw == nil ? "" : "\r\n")\(machine.name) is off, and its console with it")
      }
    }
  }

  private static func carry(_ socket: SocketStream, _ output: ConsoleOutput) async throws -> End {
    try await withThrowingTaskGroup(of: End.self) { group in
      group.addTask {
        while true {
          let bytes: [UInt8]
          do {
            bytes = try await socket.read(4096)
          } catch is SocketError {
            return .off
          }
          guard !bytes.isEmpty else { return .off }
          try output.write(Data(bytes))
        }
      }
      group.addTask {
        for await bytes in keys() {
          if let leave = bytes.firstIndex(of: 0x1d) {
            try await socket.write(Array(bytes[..<leave]))
            return .left
          }
          try await socket.write(bytes)
        }
        return .noMoreKeys
      }
      var end = End.off
      while let next = try await group.next() {
        end = next
        if end != .noMoreKeys { break }
      }
      group.cancelAll()
      return end
    }
  }

  /// How many bytes of what was said before are shown: a screen that firmware has drawn takes some
  /// thousand, with its colours and places.
  fileprivate static let screen = 16 << 10

  /// What is typed, read on a thread of its own.
  private static func keys() -> AsyncStream<[UInt8]> {
    AsyncStream { continuation in
      DispatchQueue(label: "keys").async {
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

extension LabMachineReference {
  /// Attaches to the serial console, and gives `body` its socket and the last of what it said.
  ///
  /// - Throws: ``Failure`` where the machine is off or somebody is attached already; what `body`
  ///   throws.
  func attachedToConsole(_ body: (SocketStream, Data) async throws -> Void) async throws {
    // A machine that has never been on has no folder yet.
    guard Files.exists(machine.directory) else { throw Failure(.lab, "\(machine.name) is off") }
    guard let lock = try FileLock(path: machine.consoleLock) else {
      throw Failure(
        .lab,
        "somebody is attached to the console of \(name) already, and it serves one at a time; "
          + "what it says is in `pxelab logs --part console/\(name)`")
    }
    let socket: SocketStream
    do {
      socket = try await SocketStream.connect(to: machine.consoleSocket)
    } catch let error as SocketError {
      // QEMU makes the socket, and listens on it as long as it runs.
      if [ENOENT, ECONNREFUSED].contains(error.code) { throw Failure(.lab, "\(name) is off") }
      throw Failure(
        .lab,
        "the console of \(name) at \(machine.consoleSocket) does not answer: \(error)")
    }
    // Not before there is a connection: what is said meanwhile would be in neither.
    let said = (try? Files.read(machine.consoleLog)) ?? Data()
    try await body(socket, said.suffix(Console.screen))
    _ = consume lock
  }
}

/// Standard output, and a file where one is given.
private struct ConsoleOutput: Sendable {
  private let log: OpenFile?

  /// - Throws: `FileError` when the file cannot be written to.
  init(log path: String?) throws {
    log = try path.map { path in try OpenFile(path, O_WRONLY | O_CREAT | O_APPEND) }
  }

  /// - Throws: ``Failure`` when it could not be written to either.
  func write(_ data: Data) throws {
    try Output.write(data)
    do {
      try log?.write(data)
    } catch {
      throw Failure(.output, "\(error)")
    }
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
