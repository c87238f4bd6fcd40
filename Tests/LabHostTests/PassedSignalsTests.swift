import Execution
import ExternalCommand
import Foundation
import Glibc
import Testing

@testable import LabHost

@Suite(.timeLimit(.minutes(10))) struct PassedSignalsTests {
  @Test("a signal goes to the program below the one that was started, also one that came early")
  func passing() async throws {
    // The outer shell stands for nsenter, which the signal would end.
    let script = #"""
      sh -c 'trap "echo got it; exit 3" USR1; echo ready; while :; do sleep 0.1; done'
      exit $?
      """#
    let pipe = Pipe()
    var program = Program(Command("sh", ["-c", script]))
    program.output = .descriptor(pipe.fileHandleForWriting.fileDescriptor)
    let signals = await PassedSignals { Issue.record("\($0)") }
    kill(getpid(), SIGUSR1)
    let (started, start) = AsyncStream.makeStream(of: Int32.self)
    let passing = Task {
      for await pid in started {
        // Before that the shell has no trap.
        let said = await onThread { pipe.fileHandleForReading.availableData }
        #expect(String(decoding: said, as: UTF8.self) == "ready\n")
        await signals.pass(toChildOf: pid)
      }
    }
    #expect(try await program.run { start.yield($0) } == .exited(3))
    passing.cancel()
    let said = pipe.fileHandleForReading.availableData
    #expect(String(decoding: said, as: UTF8.self) == "got it\n")
  }
}
