import CaptureFile
import PXEWire
import Testing

/// Captures that are put into one order.
@Suite struct TimeMergeTests {
  private func time(_ number: Int) -> Timestamp { Timestamp(nanoseconds: Int64(number)) }

  @Test func whatIsLateIsPutWhereItBelongs() {
    var merge = TimeMerge<String>()
    for (name, at) in [("a1", 1), ("a3", 3), ("a9", 9), ("b2", 2), ("b3", 3), ("b8", 8)] {
      merge.add(name, at: time(at))
    }
    #expect(merge.take(until: time(0)).isEmpty)
    #expect(merge.take(until: time(3)) == ["a1", "b2", "a3", "b3"])
    merge.add("b4", at: time(4))
    #expect(merge.takeAll() == ["b4", "b8", "a9"])
    #expect(merge.takeAll().isEmpty)
  }

  /// What was stamped before a clock went back does not wait until that time comes again.
  @Test func whatCameLongAgoDoesNotWait() {
    let begin = ContinuousClock.now
    var merge = TimeMerge<String>()
    merge.add("late", at: time(9_000), arrival: begin)
    merge.add("a", at: time(3), arrival: begin + .seconds(1))
    merge.add("b", at: time(4), arrival: begin + .seconds(2))
    #expect(merge.take(until: time(2), arrivedBy: begin - .seconds(1)).isEmpty)
    #expect(merge.take(until: time(3), arrivedBy: begin - .seconds(1)) == ["a"])
    #expect(merge.take(until: time(0), arrivedBy: begin) == ["b", "late"])
  }

  @Test func theFirstAreTaken() {
    var merge = TimeMerge<Int>()
    for number in [3, 1, 2] { merge.add(number, at: time(number)) }
    #expect(merge.count == 3)
    #expect(merge.takeFirst(2) == [1, 2])
    #expect(merge.takeFirst(2) == [3])
  }
}
