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
}
