import Testing

@testable import BootFileService

@Suite struct ByteRangeTests {
  /// RFC 9110, section 14.1.2; of a file of 1000 bytes.
  @Test(
    arguments: [
      (nil, .all), ("", .all), ("bytes=", .all), ("bytes=-", .all), ("bytes", .all),
      ("lines=0-1", .all), ("bytes=1", .all), ("bytes=a-b", .all), ("bytes=+1-2", .all),
      ("bytes= 1-2", .all), ("bytes=5-4", .all), ("bytes=0-1,5-6", .all), ("bytes=1-2-3", .all),
      ("bytes=99999999999999999999-", .all),
      ("bytes=0-0", .part(0..<1)), ("bytes=0-999", .part(0..<1000)), ("bytes=0-", .part(0..<1000)),
      ("bytes=10-19", .part(10..<20)), ("bytes=990-2000", .part(990..<1000)),
      ("bytes=999-", .part(999..<1000)), ("bytes=-1", .part(999..<1000)),
      ("bytes=-1000", .part(0..<1000)), ("bytes=-5000", .part(0..<1000)),
      ("bytes=0-999999999999999999", .part(0..<1000)),
      ("bytes=1000-", .unsatisfiable), ("bytes=1000-2000", .unsatisfiable),
      ("bytes=-0", .unsatisfiable), ("bytes=999999999999999999-", .unsatisfiable),
    ] as [(String?, ByteRange)])
  func aHeaderNamesAPart(header: String?, range: ByteRange) {
    #expect(ByteRange(header, size: 1000) == range)
  }

  @Test(arguments: ["bytes=0-", "bytes=-1", "bytes=0-0"])
  func nothingHasNoParts(header: String) {
    #expect(ByteRange(header, size: 0) == .unsatisfiable)
  }
}
