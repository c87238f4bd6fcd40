import Firmware
import Foundation
import Mutations
import Testing

@Suite struct JSONVariableStoreTests {
  private static let order = VariableName.bootOrder
  private static let guid = "8be4df61-93ca-11d2-aa0d-00e098032b8c"

  private static func json(_ items: String) -> [UInt8] {
    Array("{\"version\": 2, \"variables\": [\(items)]}".utf8)
  }

  private static func item(_ name: String, _ data: String, _ more: String = "") -> String {
    "{\"name\": \"\(name)\", \"guid\": \"\(guid)\", \"attr\": 7, \"data\": \"\(data)\"\(more)}"
  }

  @Test func writtenByVirtFirmware() throws {
    let bytes = try StoreFormTests.fixture("virt-firmware.json")
    let stored = try StoredVariables(bytes: bytes)
    #expect(stored.form == .json && stored.flash == nil)
    #expect(
      stored.variables.map(\.name.name) == [
        "certdb", "Attempt 1", "PK", "SecureBootEnable", "MTC", "Boot0003", "BootOrder",
      ])
    #expect(SecureBootState(stored) == .enabled)
    #expect(try stored.bootOrder() == [0, 1, 2, 3, 4, 5])
    #expect(stored.missingEntries(of: try #require(stored[.bootOrder])) == [0, 1, 2, 4, 5])
    #expect(stored[.platformKey]?.time.year != 0)
    #expect(try stored.editable?.encoded() == bytes)
  }

  /// QEMU, virt-firmware, python-uefivars of version 1 and 2: the same variable.
  @Test(arguments: [
    item("BootOrder", "0100"), item("BootOrder", "0100", ", \"digest\": \"00ff\""),
    item("BootOrder", "0100") + "," + item("BootOrder", "0200"),
  ])
  func forms(items: String) throws {
    for bytes in [
      Self.json(items), Array("[\(items)]".utf8), Array("{\"variables\": [\(items)]}".utf8),
      Array("\u{feff}".utf8) + Self.json(items),
    ] {
      let store = try JSONVariableStore(bytes: bytes)
      #expect(store.variables.count == 1)
      #expect(try store.bootOrder() == [1])
    }
  }

  @Test(arguments: ["time", "timestamp"])
  func timeAndDigestStay(key: String) throws {
    let time = "da070101000000000000000000000000"
    let more = ", \"\(key)\": \"\(time)\", \"digest\": \"abcd\""
    let bytes = Self.json(Self.item("KEK", "00", more) + "," + Self.item("Lang", "656e00"))
    var store = try JSONVariableStore(bytes: bytes)
    let keys = try #require(store[.keyExchangeKeys])
    #expect(keys.time == .unsigned)
    store.set(keys)
    #expect(try store.encoded() == bytes, "the same again changes no byte")
    var changed = keys
    changed.data = [1, 2]
    store.set(changed)
    store.set(Variable(.platformKey, attributes: .secureBoot, data: [9], time: .unsigned))
    let deletions = [
      store.delete(VariableName("Lang", vendor: .efiGlobal)), store.delete(.bootNext),
    ]
    #expect(deletions == [true, false])
    let again = try JSONVariableStore(bytes: store.encoded())
    #expect(again.variables == store.variables)
    #expect(again.variables.map(\.name) == [.keyExchangeKeys, .platformKey])
    #expect(again[.keyExchangeKeys] == changed)
    let items = again.listing.variables
    #expect(items.map(\.digest) == ["abcd", nil])
    #expect(items.map { key == "time" ? $0.time : $0.timestamp } == [time, time])
    #expect(items.allSatisfy { ($0.time == nil) != ($0.timestamp == nil) })
    // What is exported has the name that virt-firmware and QEMU read.
    let exported = try StoredVariables(bytes: store.encoded()).listing.variables
    #expect(exported.map(\.time) == [time, time] && exported.allSatisfy { $0.timestamp == nil })
    #expect(exported.map(\.digest) == ["abcd", nil])
  }

  /// A bare list stays one.
  @Test func versionOneStays() throws {
    var store = try JSONVariableStore(bytes: Array("[\(Self.item("Timeout", "0500"))]".utf8))
    try store.setBootOrder([3])
    let bytes = try store.encoded()
    #expect(bytes.first == UInt8(ascii: "["))
    #expect(try JSONVariableStore(bytes: bytes).bootOrder() == [3])
  }

  @Test(arguments: [
    ("{}", 0, "no list `variables`"), ("[1]", 0, "name, guid, attr and data"),
    ("{\"variables\": 3}", 0, "`variables`"),
    ("{\"version\": 3, \"variables\": []}", 0, "version 3"),
    ("{\"variables\": [", 0, "cut off"),
    ("[\(item("A", "00")), {\"name\": \"B\"}]", 1, "no `guid`"),
    ("[\(item("A", "00")), \(item("B", "0"))]", 1, "hexadecimal"),
    ("[\(item("A", "00", ", \"time\": \"00\""))]", 0, "its time"),
    ("[\(item("", "00"))]", 0, "has a name"),
    (String(repeating: "[", count: 100_000), 0, "cut off"),
  ])
  func refused(text: String, place: Int, words: String) throws {
    let error = #expect(throws: EFIDecodingError.self) {
      try StoredVariables(bytes: Array(text.utf8))
    }
    #expect(error?.offset == place)
    #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
  }

  @Test func moreThanAnyStoreIsRefused() {
    let bytes = [UInt8](repeating: UInt8(ascii: "["), count: JSONVariableStore.sizeLimit + 1)
    let error = #expect(throws: EFIDecodingError.self) { try StoredVariables(bytes: bytes) }
    #expect(error?.reason.contains("the most") == true)
  }

  /// What is read of damaged files can be written and read again.
  @Test(arguments: ["virt-firmware.json", "ec2.aws"])
  func changedBytes(name: String) throws {
    let whole = try StoreFormTests.fixture(name)
    var numbers = RepeatableNumbers(seed: 28)
    for _ in 0..<300 {
      let bytes = numbers.changed(whole)
      guard let stored = try? StoredVariables(bytes: bytes) else { continue }
      #expect(Set(stored.variables.map(\.name)).count == stored.variables.count)
      guard var variables = stored.editable else { continue }
      try variables.setBootNext(0x1234)
      let again = try StoredVariables(bytes: variables.encoded())
      #expect(again.variables == variables.variables)
    }
  }
}
