import Execution
import ExternalCommand
import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(10))) struct ProgramTests {
  /// What a shell's command says, and how it ends.
  private func outcome(
    _ script: String, environment: [String: String] = [:],
    _ change: (inout Program) -> Void = { _ in }
  ) async throws -> (end: Program.End, text: String) {
    let pipe = Pipe()
    var program = Program(Command("sh", ["-c", script], environment: environment))
    program.output = .descriptor(pipe.fileHandleForWriting.fileDescriptor)
    change(&program)
    let end = try await program.run()
    try pipe.fileHandleForWriting.close()
    let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    return (end, text)
  }

  @Test(
    "how it ends, in words",
    arguments: [
      ("exit 0", .exited(0), "exited with status 0"),
      ("exit 7", .exited(7), "exited with status 7"),
      ("kill -9 $$", .signaled(9), "was ended by signal 9"),
    ] as [(String, Program.End, String)])
  func ends(_ script: String, _ end: Program.End, _ words: String) async throws {
    let outcome = try await outcome(script)
    #expect(outcome.end == end && "\(outcome.end)" == words)
  }

  @Test("it has the variables and the folder that it is given, and nothing to read")
  func surroundings() async throws {
    let outcome = try await outcome(
      "echo $PXELAB_TEST; pwd; wc -c",
      environment: [
        "PXELAB_TEST": "a b"
      ]
    ) { $0.workingDirectory = "/usr" }
    #expect(outcome.text == "a b\n/usr\n0\n")
  }

  @Test("a session of its own, where that is asked for", arguments: [false, true])
  func session(_ isOwn: Bool) async throws {
    let outcome = try await outcome("cut -d ' ' -f 6 /proc/$$/stat; echo $$") {
      $0.hasOwnSession = isOwn
    }
    let numbers = outcome.text.split(separator: "\n").compactMap { Int32($0) }
    #expect(numbers.count == 2)
    #expect(numbers.first == (isOwn ? numbers.last : getsid(0)))
  }

  @Test("its number is told when it has begun")
  func number() async throws {
    let (numbers, number) = AsyncStream.makeStream(of: Int32.self)
    let pipe = Pipe()
    var program = Program(Command("sh", ["-c", "echo $$"]))
    program.output = .handedOver(dup(pipe.fileHandleForWriting.fileDescriptor))
    #expect(try await program.run { number.yield($0) } == .exited(0))
    number.finish()
    let told = await numbers.first { _ in true }
    let said = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    #expect(said == told.map { "\($0)\n" })
  }

  @Test("what is handed over is closed here, also when there is no such program")
  func handingOver() async throws {
    for name in ["true", "nonexistent-pxelab"] {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      var program = Program(Command(name))
      program.output = .handedOver(ends[1])
      let run = program
      let result = await Task { try await run.run() }.result
      switch result {
      case .success(let end): #expect(name == "true" && end == .exited(0))
      case .failure(let error):
        #expect(error as? CommandError != nil && name != "true", "\(error)")
      }
      // The pipe has come to its end when nobody has its other one.
      var byte: UInt8 = 0
      #expect(read(ends[0], &byte, 1) == 0)
      close(ends[0])
    }
  }

  @Test("cancelled, it ends")
  func cancellation() async throws {
    let (numbers, number) = AsyncStream.makeStream(of: Int32.self)
    let task = Task { try await Program(Command("sleep", ["1000"])).run { number.yield($0) } }
    for await _ in numbers { break }
    task.cancel()
    let end = await task.result
    #expect((try? end.get()) != .exited(0))
  }
}
