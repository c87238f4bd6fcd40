import Testing

@testable import LabEvidence

@Suite struct HexadecimalTests {
  @Test(
    arguments: [
      ("", []), ("00ff", [0, 255]), ("DeAdBeEf", [0xde, 0xad, 0xbe, 0xef]),
    ] as [(String, [UInt8])])
  func reads(_ text: String, _ bytes: [UInt8]) {
    #expect([UInt8](hexadecimal: text) == bytes)
  }

  @Test(arguments: ["0", "0g", "é0", "0x00", "+1", "-1"])
  func refuses(_ text: String) {
    #expect([UInt8](hexadecimal: text) == nil)
  }
}
