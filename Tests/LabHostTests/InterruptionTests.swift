import Glibc
import LabHost
import Testing

/// The signals themselves are the whole process's, and tested with the whole program.
@Suite(.timeLimit(.minutes(10)), .serialized) struct InterruptionTests {
  struct Reason: Error, Equatable { var number: Int }

  @Test("the first reason is the one that counts, and work is cancelled, before and after")
  func reasons() async throws {
    let interruption = await Interruption()
    #expect(!interruption.happened)
    try interruption.check()
    #expect(try await interruption.cancelling { 7 } == 7)
    await #expect(throws: Reason(number: 1)) {
      try await interruption.cancelling {
        interruption.interrupt(because: Reason(number: 1))
        interruption.interrupt(because: Reason(number: 2))
        try Task.checkCancellation()
      }
    }
    #expect(interruption.happened && interruption.reason as? Reason == Reason(number: 1))
    #expect(throws: Reason(number: 1)) { try interruption.check() }
    await #expect(throws: Reason(number: 1)) {
      try await interruption.cancelling { try await Task.sleep(for: .seconds(1000)) }
    }
  }

  @Test("an error of the work is its own while nothing has happened")
  func healthy() async throws {
    let interruption = await Interruption()
    await #expect(throws: Reason(number: 3)) {
      try await interruption.cancelling { throw Reason(number: 3) }
    }
    #expect(!interruption.happened)
  }
}
