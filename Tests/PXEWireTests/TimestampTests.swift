import Foundation
import Testing

@testable import PXEWire

@Suite("Timestamps")
struct TimestampTests {
  @Test("seconds in JSON are exact to the microsecond and read back")
  func json() throws {
    let time = Timestamp(seconds: 1_795_380_173, microseconds: 159_045)
    let text = String(decoding: try JSONEncoder().encode([time]), as: UTF8.self)
    #expect(text == "[1795380173.159045]")
    #expect(try JSONDecoder().decode([Timestamp].self, from: Data(text.utf8)) == [time])
  }

  @Test("differences and order")
  func difference() {
    let early = Timestamp(seconds: 10, microseconds: 999_999)
    let late = Timestamp(seconds: 12, microseconds: 499_999)
    #expect(early < late)
    #expect(late.seconds(since: early) == 1.5)
  }

  @Test("impossible seconds are the epoch", arguments: [Double.nan, .infinity, 1e300])
  func impossible(_ seconds: Double) {
    #expect(Timestamp(seconds: seconds).nanoseconds == 0)
  }
}
