import Libvirt
import Testing

/// Keys by name; numbers as linux/input-event-codes.h has them.
@Suite struct KeyCodeTests {
  @Test(
    arguments: [
      ("KEY_ESC", 1), ("KEY_A", 30), ("KEY_ENTER", 28), ("KEY_KPDOT", 83), ("KEY_102ND", 86),
      ("KEY_F12", 88), ("KEY_DELETE", 111), ("KEY_LEFTMETA", 125), ("KEY_F24", 194),
      ("KEY_PLAYCD", 200), ("KEY_MICMUTE", 248), ("KEY_SCREENLOCK", 152), ("KEY_COFFEE", 152),
    ] as [(String, UInt32)])
  func aNameHasANumber(name: String, number: UInt32) {
    #expect(KeyCode(name)?.rawValue == number)
  }

  @Test(arguments: ["", "KEY_", "ENTER", "KEY_enter", "KEY_-", "KEY_NOSUCH", "BTN_LEFT", "KEY_FN"])
  func whatIsNoKeyHasNone(name: String) {
    #expect(KeyCode(name) == nil)
  }

  /// The test driver takes keys as QEMU's does, and looks at their numbers.
  @Test func keysArePressed() async throws {
    let connection = try await Connection.open(uri: "test:///default")
    let keys = try ["KEY_LEFTCTRL", "KEY_LEFTALT", "KEY_DELETE"].map { try #require(KeyCode($0)) }
    try await connection.press(keys, of: "test")
    try await connection.press([], of: "nobody")
    let many = Array(repeating: keys[0], count: Connection.mostKeys + 1)
    let error = await #expect(throws: LibvirtError.self) {
      try await connection.press(many, of: "test")
    }
    #expect(error?.function == "virDomainSendKey")
    let missing = await #expect(throws: LibvirtError.self) {
      try await connection.press(keys, of: "nobody")
    }
    #expect(missing?.code == .noDomain)
  }
}
