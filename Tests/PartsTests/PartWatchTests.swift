import Execution
import ExternalCommand
import FileSystem
import Foundation
import Glibc
import LabStore
import Parts
import Synchronization
import Testing

/// Real processes, which the tests end themselves.
@Suite(.timeLimit(.minutes(5))) struct PartWatchTests {
  static let endless = "exec sleep 100000"

  @Test func aKilledPartIsStartedAgain() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let restored = Mutex(0)
    let part = shop.part(Self.endless, restore: { restored.withLock { $0 += 1 } })
    try await shop.watching(part) { watch, events in
      let first = try #require(await watch.processNumber)
      #expect(try await events.next(.running).description == "the program runs")
      #expect(restored.withLock { $0 } == 0)
      kill(first, SIGKILL)
      let end = try await events.next(.restarting)
      #expect(end.description == "the program was ended by signal 9 (SIGKILL); it is started again")
      let again = try await events.next(.running)
      #expect(again.restarts == 1 && again.description == "the program runs again")
      let second = try #require(await watch.processNumber)
      #expect(second != first && ProcessIdentity(running: second) != nil)
      #expect(restored.withLock { $0 } == 1)
    }
  }

  @Test func aPartThatEndsSaysWhatItSaidLast() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    try Files.write("words of an earlier day\n", to: "\(shop.path)/log")
    var part = shop.part("echo listening; echo no memory >&2; exit 3")
    part.policy.restarts = false
    try await shop.watching(part) { _, events in
      let end = try await events.next(.failed)
      #expect(end.state == .ended(reason: "exited with status 3"))
      #expect(end.lastWords == "listening\nno memory")
    }
  }

  /// A pipe that a part held open would never be read to its end.
  @Test func aPartGetsNoDescriptorOfThisProcess() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let inheritable = fcntl(STDERR_FILENO, F_DUPFD, 300)
    defer { close(inheritable) }
    #expect(inheritable >= 300 && fcntl(inheritable, F_GETFD) == 0)
    var part = shop.part("ls /proc/$$/fd; exit 3")
    part.policy.restarts = false
    try await shop.watching(part) { _, events in
      let end = try await events.next(.failed)
      let descriptors = end.lastWords.split(separator: "\n").compactMap { Int($0) }
      #expect(descriptors.contains(0) && descriptors.contains(2))
      #expect(!descriptors.contains(Int(inheritable)))
    }
  }

  /// Less for whoever may; more only for root.
  @Test func aProgramWeighsWhatItIsTold() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    try await shop.watching(shop.part(Self.endless)) { watch, events in
      _ = try await events.next(.running)
      let pid = try #require(await watch.processNumber)
      #expect(await ProcessorWeight(of: pid).setNice(7))
      let session = try Files.text(of: "/proc/\(pid)/autogroup")
      #expect(
        session.hasSuffix("nice 7\n")
          || getpriority(__priority_which_t(PRIO_PROCESS.rawValue), UInt32(pid)) == 7)
      #expect(await ProcessorWeight(of: pid).setNice(-10) == (getuid() == 0))
    }
    #expect(await ProcessorWeight(of: Int32.max).setNice(7) == false)
  }

  @Test func itIsTriedAgainAndAgain() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    try await shop.watching(shop.part("exit 1")) { _, events in
      for attempt in 1...5 {
        guard case .restarting(let count, _, _) = try await events.next(.restarting).state
        else { return }
        #expect(count == attempt)
      }
    }
  }

  @Test func aStoppedProcessHangsUntilItGoesOn() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    try await shop.watching(shop.part(Self.endless)) { watch, events in
      let pid = try #require(await watch.processNumber)
      kill(pid, SIGSTOP)
      let hung = try await events.next(.hung)
      #expect(hung.description == "the program hangs: its process is stopped (SIGSTOP)")
      kill(pid, SIGCONT)
      #expect(try await events.next(.running).restarts == 0)
      #expect(await watch.processNumber == pid)
    }
  }

  @Test func oneThatHangsForTooLongIsKilled() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    var part = shop.part(Self.endless)
    part.policy.hungPatience = .zero
    try await shop.watching(part) { watch, events in
      let pid = try #require(await watch.processNumber)
      kill(pid, SIGSTOP)
      let end = try await events.next(.restarting)
      #expect(end.state.reason == "was ended by signal 9 (SIGKILL)")
      #expect(try await events.next(.running).restarts == 1)
    }
  }

  @Test func oneThatDoesNotAnswerHangs() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let isWell = Mutex(true)
    let part = shop.part(
      Self.endless,
      probe: {
        guard isWell.withLock({ $0 }) else { throw FileError("ask it", errno: EPIPE) }
      })
    try await shop.watching(part) { watch, events in
      _ = try await events.next(.running)
      isWell.withLock { $0 = false }
      let hung = try await events.next(.hung)
      #expect(hung.state.reason == "it does not answer: cannot ask it: Broken pipe")
      isWell.withLock { $0 = true }
      _ = try await events.next(.running)
      #expect(await watch.state.isWell)
    }
  }

  /// A question that is never answered, and that does not heed cancellation, holds nothing up.
  @Test func aProbeThatNeverReturnsIsASilence() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let count = Mutex(0)
    let (never, release) = AsyncStream.makeStream(of: Void.self)
    defer { release.finish() }
    var part = shop.part(
      Self.endless,
      probe: {
        count.withLock { $0 += 1 }
        await Task { for await _ in never {} }.value
      })
    part.policy.probeLimit = .milliseconds(5)
    try await shop.watching(part) { watch, events in
      _ = try await events.next(.hung)
      let pid = try #require(await watch.processNumber)
      kill(pid, SIGKILL)
      _ = try await events.next(.restarting)
      #expect(count.withLock { $0 } == 1)
    }
  }

  @Test func aPartIsReadyWhenItsFileIsThere() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let ready = "\(shop.path)/ready"
    try Files.write("left over", to: ready)
    let part = shop.part("echo now > ready; \(Self.endless)", readyFile: ready)
    try await shop.watching(part) { watch, _ in
      #expect(Files.exists(ready))
      #expect(await watch.state.isWell)
    }
  }

  @Test func aStartThatFailsSaysWhy() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let ends = PartWatch(
      shop.part("echo bad option at line 3; exit 2", readyFile: "\(shop.path)/ready"))
    let error = await #expect(throws: PartError.self) { try await ends.start() }
    #expect(
      error?.description
        == "the program could not be started: it exited with status 2 before it served. "
        + "Its last words:\nbad option at line 3")
    #expect(error?.isFinal == false)
    #expect(await ends.state == .stopped)

    var never = shop.part("echo $$ >pid; \(Self.endless)", readyFile: "\(shop.path)/ready")
    never.policy.startLimit = .seconds(3)
    let slow = await #expect(throws: PartError.self) { try await PartWatch(never).start() }
    #expect(slow?.description.contains("it took longer than 3.0 seconds") == true)
    // Killed, and waited for.
    let text = try Files.text(of: "\(shop.path)/pid")
    let pid = try #require(Int32(text.trimmingCharacters(in: .newlines)))
    #expect(kill(pid, 0) != 0 && errno == ESRCH)

    var missing = shop.part("")
    missing.start = .foreground(Command("no-such-program"))
    let final = await #expect(throws: PartError.self) { try await PartWatch(missing).start() }
    #expect(final?.isFinal == true)
    #expect(final?.description.contains("no-such-program is not installed") == true)
  }

  @Test func whatCannotBeRestoredIsTriedAgain() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let attempts = Mutex(0)
    let part = shop.part(
      Self.endless,
      restore: {
        let isFirst = attempts.withLock { attempts in
          attempts += 1
          return attempts == 1
        }
        if isFirst { throw FileError("give the rules back", errno: EIO) }
      })
    try await shop.watching(part) { watch, events in
      let pid = try #require(await watch.processNumber)
      kill(pid, SIGKILL)
      _ = try await events.next(.restarting)
      let failure = try await events.next(.restarting)
      #expect(failure.state.reason?.contains("cannot give the rules back") == true)
      _ = try await events.next(.running)
      #expect(attempts.withLock { $0 } == 2)
    }
  }

  @Test func anotherWatchAdoptsIt() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let part = shop.part(Self.endless)
    try await shop.watching(part) { watch, _ in
      let pid = try #require(await watch.processNumber)
      try await shop.watching(part) { other, events in
        #expect(await other.processNumber == pid)
        kill(pid, SIGKILL)
        let end = try await events.next(.restarting)
        #expect(end.state.reason?.contains("ended") == true)
        _ = try await events.next(.running)
        #expect(await other.processNumber != pid)
      }
    }
  }

  /// What was started otherwise than it is to be now is ended first.
  @Test func anotherConfigurationIsNotAdopted() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    var part = shop.part(Self.endless)
    part.configuration = "old"
    let old = PartWatch(part)
    try await old.start()
    let pid = try #require(await old.processNumber)
    let identity = try #require(ProcessIdentity(running: pid))
    part.configuration = "new"
    try await shop.watching(part) { watch, _ in
      #expect(await watch.processNumber != pid)
      #expect(!identity.isRunning)
    }
  }

  /// A note of a process that is gone, or of a number that is another's now, adopts nothing.
  @Test(arguments: [
    "{", "", #"{"process":{"pid":1,"startTicks":18446744073709551615},"launch":{}}"#,
    #"{"process":{"pid":1,"startTicks":18446744073709551615}}"#,
  ])
  func anotherProcessIsNotAdopted(note: String) async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    try Files.write(note, to: "\(shop.path)/note")
    try await shop.watching(shop.part(Self.endless)) { watch, _ in
      let pid = try #require(await watch.processNumber)
      #expect(pid != 1)
      #expect(try Files.text(of: "\(shop.path)/note").contains("\"pid\":\(pid)"))
    }
  }

  @Test func oneThatDetachesIsFoundByItsFile() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    var part = shop.part("")
    let pidFile = "\(shop.path)/pid"
    part.start = .detaching(
      shop.shell("sleep 100000 >/dev/null 2>&1 & echo $! > pid"), pidFile: pidFile)
    try await shop.watching(part) { watch, events in
      let pid = try #require(await watch.processNumber)
      #expect(try Files.text(of: pidFile) == "\(pid)\n")
      kill(pid, SIGKILL)
      let end = try await events.next(.restarting)
      #expect(
        ["has ended; how, nobody was told", "was ended by signal 9 (SIGKILL)"]
          .contains(end.state.reason))
      _ = try await events.next(.running)
      #expect(await watch.processNumber != pid)
    }
    part.start = .detaching(shop.shell("echo 0 > pid"), pidFile: pidFile)
    let error = await #expect(throws: PartError.self) { try await PartWatch(part).start() }
    #expect(error?.description.contains("names no process that runs") == true)
    part.start = .detaching(shop.shell("echo no port >&2; exit 1"), pidFile: pidFile)
    let failure = await #expect(throws: PartError.self) { try await PartWatch(part).start() }
    #expect(failure?.description.contains("no port") == true)
  }

  @Test(arguments: [endless, "trap '' TERM; echo > ready; while :; do sleep 1; done"])
  func aStoppedPartIsGone(script: String) async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let ready = script == Self.endless ? nil : "\(shop.path)/ready"
    var part = shop.part(script, readyFile: ready)
    part.policy.stopLimit = .milliseconds(200)
    let watch = PartWatch(part)
    try await watch.start()
    let pid = try #require(await watch.processNumber)
    let identity = try #require(ProcessIdentity(running: pid))
    // As an agent that ends: the part goes on.
    let run = Task { await watch.run() }
    run.cancel()
    await run.value
    #expect(identity.isRunning)
    await watch.stop()
    #expect(!identity.isRunning)
    #expect(await watch.state == .stopped && !Files.exists("\(shop.path)/note"))
  }

  /// Its environment, folder and input are its own, and it heeds signals that this process ignores.
  @Test func aProgramHasWhatItNeeds() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let script =
      #"pwd; echo "$GREETING"; cat; grep -h SigBlk /proc/self/status; echo > ready; exec sleep 100000"#
    var part = shop.part("")
    part.start = .foreground(
      Command("/bin/sh", ["-c", script], environment: ["GREETING": "two words"]),
      workingDirectory: shop.path, readyFile: "\(shop.path)/ready")
    try await shop.watching(part) { _, _ in
      let lines = try Files.text(of: "\(shop.path)/log").split(separator: "\n").map(String.init)
      #expect(lines == [shop.path, "two words", "SigBlk:\t0000000000000000"])
    }
  }
}
