import Objects
import Testing

@testable import Controllers

@Suite(.timeLimit(.minutes(5))) struct WorkQueueTests {
  private let clock = ManualClock()
  private let first = ObjectKey(GroupResource("pods"), namespace: "default", name: "a")
  private let second = ObjectKey(GroupResource("pods"), namespace: "default", name: "b")

  @Test func aKeyThatIsAddedTwiceComesOnce() async {
    let queue = WorkQueue(clock: clock)
    await queue.add(first)
    await queue.add(first)
    await queue.add(second)
    #expect(await queue.next() == first)
    #expect(await queue.next() == second)
    #expect(await queue.count == 0)
  }

  @Test func aKeyIsNeverWorkedOnByTwo() async {
    let queue = WorkQueue(clock: clock)
    await queue.add(first)
    #expect(await queue.next() == first)
    await queue.add(first)
    await queue.add(first)
    #expect(await queue.count == 0)
    await queue.done(first)
    #expect(await queue.count == 1)
    #expect(await queue.next() == first)
    await queue.done(first)
    #expect(await queue.count == 0)
  }

  @Test func whoWaitsIsGivenTheNextKey() async {
    let queue = WorkQueue(clock: clock)
    async let waiting = queue.next()
    await queue.add(first)
    #expect(await waiting == first)
  }

  @Test func aDelayedKeyComesInTime() async {
    let queue = WorkQueue(clock: clock)
    await queue.add(second, at: .seconds(20))
    await queue.add(first, at: .seconds(10))
    // The first of several times counts.
    await queue.add(first, at: .seconds(15))
    await until { clock.sleeps == [.seconds(10)] }
    clock.advance(by: .seconds(10))
    #expect(await queue.next() == first)
    await until { clock.sleeps == [.seconds(20)] }
    #expect(await queue.count == 0)
    clock.advance(by: .seconds(10))
    #expect(await queue.next() == second)
  }

  @Test func aDelayMayBeForgotten() async {
    let queue = WorkQueue(clock: clock)
    await queue.add(first, at: .seconds(10))
    await queue.cancelDelay(first)
    await queue.add(second, at: .seconds(10))
    await until { clock.sleeps == [.seconds(10)] }
    clock.advance(by: .seconds(10))
    #expect(await queue.next() == second)
    #expect(await queue.count == 0)
  }

  @Test func failuresAreDelayedMoreAndMore() async {
    let queue = WorkQueue(clock: clock)
    await queue.add(first)
    _ = await queue.next()
    await queue.done(first, hasFailed: true)
    // At once after the first.
    #expect(await queue.next() == first)
    for delay in [5, 10, 20, 40] {
      await queue.done(first, hasFailed: true)
      #expect(await queue.count == 0)
      let due = clock.uptime + .milliseconds(delay)
      await until { clock.sleeps == [due] }
      clock.advance(by: .milliseconds(delay))
      #expect(await queue.next() == first)
    }
    // A success makes it as if nothing had been.
    await queue.done(first)
    await queue.add(first)
    _ = await queue.next()
    await queue.done(first, hasFailed: true)
    #expect(await queue.next() == first)
  }

  @Test(arguments: [(0, 0), (1, 0), (2, 5), (3, 10), (13, 10_240), (15, 30_000), (Int.max, 30_000)])
  func backoff(failures: Int, milliseconds: Int) {
    #expect(
      WorkQueue.Backoff().delay(afterFailures: failures) == .milliseconds(milliseconds))
  }

  @Test func aTaskThatIsCancelledWaitsNoMore() async {
    let queue = WorkQueue(clock: clock)
    let task = Task { await queue.next() }
    task.cancel()
    #expect(await task.value == nil)
    // Nothing is lost with it.
    await queue.add(first)
    #expect(await queue.next() == first)
  }

  @Test func aClosedQueueHasNothing() async {
    let queue = WorkQueue(clock: clock)
    async let waiting = queue.next()
    await queue.add(second, at: .seconds(1))
    await queue.close()
    #expect(await waiting == nil)
    await queue.add(first)
    #expect(await queue.next() == nil)
    await until { clock.sleeps.isEmpty }
  }

  @Test func manyWorkersDoEveryKeyAndNoneTwiceAtATime() async {
    let queue = WorkQueue(clock: clock)
    let keys = (0..<50).map {
      ObjectKey(GroupResource("pods"), namespace: "default", name: "pod-\($0)")
    }
    let record = Record()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          while let key = await queue.next() {
            await record.begin(key)
            await Task.yield()
            await record.end(key)
            await queue.done(key)
          }
        }
      }
      for round in 0..<4 {
        for key in keys { await queue.add(key) }
        if round == 3 { await until { await record.hasSeen(keys) } }
      }
      await queue.close()
    }
    #expect(await record.overlaps == 0)
  }

  private actor Record {
    private var working: Set<ObjectKey> = []
    private var seen: Set<ObjectKey> = []
    private(set) var overlaps = 0

    func begin(_ key: ObjectKey) {
      if !working.insert(key).inserted { overlaps += 1 }
    }

    func end(_ key: ObjectKey) {
      working.remove(key)
      seen.insert(key)
    }

    func hasSeen(_ keys: [ObjectKey]) -> Bool { seen.isSuperset(of: keys) }
  }
}
