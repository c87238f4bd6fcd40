import Testing

@testable import Objects

/// Go 1.22's time.ParseDuration and Duration.String, by its documentation and source.
@Suite struct GoDurationTests {
  @Test(arguments: [
    ("0", 0, "0s"), ("+0", 0, "0s"), ("4h", 14_400_000_000_000, "4h0m0s"),
    ("1h30m", 5_400_000_000_000, "1h30m0s"), ("30m1h", 5_400_000_000_000, "1h30m0s"),
    ("1.5h", 5_400_000_000_000, "1h30m0s"), (".5h", 1_800_000_000_000, "30m0s"),
    ("90m", 5_400_000_000_000, "1h30m0s"), ("1m1m", 120_000_000_000, "2m0s"),
    ("-10m", -600_000_000_000, "-10m0s"), ("1.5s", 1_500_000_000, "1.5s"),
    ("250ms", 250_000_000, "250ms"), ("1500us", 1_500_000, "1.5ms"),
    ("2\u{b5}s", 2_000, "2\u{b5}s"), ("2\u{3bc}s", 2_000, "2\u{b5}s"), ("7ns", 7, "7ns"),
    ("0.1s", 100_000_000, "100ms"), ("1h0.25s", 3_600_250_000_000, "1h0m0.25s"),
    ("9223372036854775807ns", Int64.max, "2562047h47m16.854775807s"),
    ("-9223372036854775808ns", Int64.min, "-2562047h47m16.854775808s"),
  ])
  func whatGoReads(_ text: String, _ nanoseconds: Int64, _ canonical: String) {
    let duration = GoDuration(text)
    #expect(duration?.nanoseconds == nanoseconds)
    #expect(duration?.description == canonical)
  }

  @Test(arguments: [
    "", "-", "+", "24", "2d", "2 days", "1 h", " 1h", "1h ", ".s", "h", "1.h.", "--1h", "1H",
    "9223372036854775808ns", "3000000h", "99999999999999999999s", "1e3s", "00",
  ])
  func whatGoRefuses(_ text: String) { #expect(GoDuration(text) == nil) }
}
