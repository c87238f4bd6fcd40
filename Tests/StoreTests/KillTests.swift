import FileSystem
import Glibc
import Mutations
import Objects
import Synchronization
import Testing

@testable import Store

/// What kill -9 leaves: a process of its own writes, and is killed in the middle of it.
@Suite struct KillTests {
  @Test(arguments: 1...10) func nothingThatWasAcknowledgedIsLost(seed: Int) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, seed = seed as Int] in
      try await KillTests.writeUntilKilled(path, seed: seed)
    }
    // The writers' notes: a revision each, written when the store had acknowledged it.
    let notes = Array(try Files.read("\(path)/acknowledged"))
    let acknowledged = stride(from: 0, to: notes.count - 7, by: 8).map { index in
      notes[index..<index + 8].reduce(0) { $0 << 8 | Int($1) }
    }
    #expect(acknowledged.count > seed * 40)
    var limits = StoreLimits()
    limits.fileBytes = 40_000
    let store = try await Store.open("\(path)/store", limits: limits)
    let status = await store.status
    #expect(status.revision >= acknowledged.max() ?? 0)
    // At most one write of each of the writers is there without its note.
    #expect(status.revision <= acknowledged.count + KillTests.writers)
    // Each writer counts in its own object, one after another.
    let counts = await store.list(pods).items.map { $0.object.tree["spec", "count"]?.integer ?? -1 }
    #expect(counts.reduce(0, +) + counts.count == status.revision)
    try await store.create(pod("after"), [:])
  }

  static let writers = 8

  /// Writers that count in their objects, and a thread that kills the process after a number of
  /// acknowledged writes, whatever is under way then.
  static func writeUntilKilled(_ path: String, seed: Int) async throws {
    var limits = StoreLimits()
    limits.fileBytes = 40_000
    let store = try await Store.open("\(path)/store", limits: limits)
    let notes = Glibc.open("\(path)/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    let count = Count()
    var numbers = RepeatableNumbers(seed: UInt64(seed))
    let deadline = seed * 50 + Int.random(in: 0..<50, using: &numbers)
    let killer = Killer(count: count, deadline: deadline)
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(killer).toOpaque()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Killer>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, argument)
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<writers {
        group.addTask {
          let key = pod("writer-\(writer)")
          do {
            var revision = try await store.create(key, ["spec": ["count": 0]]).resourceVersion
            for step in 1... {
              let note = (0..<8).map { UInt8(truncatingIfNeeded: revision >> (56 - 8 * $0)) }
              _ = note.withUnsafeBytes { Glibc.write(notes, $0.baseAddress, 8) }
              count.value.add(1, ordering: .sequentiallyConsistent)
              revision =
                try await store.update(key, ["spec": ["count": .integer(step)]]).resourceVersion
            }
          } catch {
            exit(3)
          }
        }
      }
    }
  }

  private final class Count: Sendable {
    let value = Atomic(0)
  }

  private final class Killer: Sendable {
    let count: Count
    let deadline: Int

    init(count: Count, deadline: Int) {
      self.count = count
      self.deadline = deadline
    }

    func run() {
      while count.value.load(ordering: .sequentiallyConsistent) < deadline { sched_yield() }
      kill(getpid(), SIGKILL)
    }
  }
}
