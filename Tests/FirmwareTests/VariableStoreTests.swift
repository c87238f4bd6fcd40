import Firmware
import Foundation
import Testing

/// The stores that the ovmf package brings, and those that were written by a boot.
enum Stores {
  static let templates = [
    "OVMF_VARS.fd", "OVMF_VARS.ms.fd", "OVMF_VARS_4M.fd", "OVMF_VARS_4M.ms.fd",
    "OVMF_VARS_4M.snakeoil.fd",
  ].map { "/usr/share/OVMF/\($0)" }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static func store(_ name: String) throws -> VariableStore {
    try VariableStore(bytes: bytes("/usr/share/OVMF/\(name)"))
  }
}

@Suite struct VariableStoreTests {
  @Test(arguments: [
    ("OVMF_VARS.fd", 0x20000, 0xe000, 0), ("OVMF_VARS.ms.fd", 0x20000, 0xe000, 31),
    ("OVMF_VARS_4M.fd", 0x84000, 0x40000, 0), ("OVMF_VARS_4M.ms.fd", 0x84000, 0x40000, 31),
  ])
  func templates(name: String, size: Int, end: Int, count: Int) throws {
    let store = try Stores.store(name)
    #expect(store.layout.volume == 0..<size)
    #expect(store.layout.region == 0x48..<end)
    #expect(store.layout.entries == 0x64..<end)
    #expect(store.layout.isAuthenticated)
    #expect(store.layout.workingBlock == end + 0x1000..<end + 0x2000)
    #expect(!store.isRecovered)
    #expect(store.variables.count == count)
    #expect(try store.bytes == Stores.bytes("/usr/share/OVMF/\(name)"))
  }

  @Test func bootVariables() throws {
    var store = try Stores.store("OVMF_VARS_4M.ms.fd")
    #expect(try store.bootOrder() == nil)
    #expect(store.bootNumbers == [0, 1, 2])
    #expect(try store.bootOption(2)?.description == "EFI Internal Shell")
    #expect(try store.bootOption(7) == nil)
    #expect(try store.bootNext() == nil)
    try store.setBootNext(2)
    try store.setBootOrder([2, 0])
    let option = LoadOption(
      attributes: .active, description: "PXE",
      devicePath: try DevicePath(
        text: "PciRoot(0x0)/Pci(0x2,0x0)/MAC(DE00000000DE,0x1)"
          + "/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)"))
    try store.setBootOption(0xab, option)
    let again = try VariableStore(bytes: store.bytes)
    #expect(again == store)
    #expect(try again.bootNext() == 2)
    #expect(try again.bootOrder() == [2, 0])
    #expect(try again.bootOption(0xab) == option)
    #expect(again[.boot(0xab)]?.attributes == .runtime)
  }

  /// A change touches the mark of the old entry and the place of the new one, and nothing else.
  @Test func changesAreMadeAsTheFirmwareMakesThem() throws {
    var before = try Stores.store("OVMF_VARS_4M.ms.fd")
    try before.setBootOrder([0, 1, 2])
    var after = before
    try after.set(try #require(before[.bootOrder]))
    #expect(after == before)
    try after.setBootOrder([1])
    let old = try #require(before.entries.last { $0.variable.name == .bootOrder })
    let new = try #require(after.entries.last)
    #expect(new.offset == before.entries.last.map { $0.offset + $0.length })
    #expect(new.length == 60 + 20 + 2 + 2)
    let changed = before.bytes.indices.filter { before.bytes[$0] != after.bytes[$0] }
    #expect(
      changed.allSatisfy {
        $0 == old.offset + 2 || (new.offset..<new.offset + new.length).contains($0)
      })
    #expect(after.bytes[old.offset + 2] == 0x3c)
    let deletions = [after.delete(.bootOrder), after.delete(.bootOrder)]
    #expect(deletions == [true, false])
    #expect(try after.bootOrder() == nil)
    #expect(after.bytes[new.offset + 2] == 0x3d)
    #expect(after.variables.count == before.variables.count - 1)
    #expect(try VariableStore(bytes: after.bytes) == after)
  }

  /// Entries of every state that the firmware leaves.
  @Test func entriesInTransition() throws {
    let name = VariableName("Timeout", vendor: .efiGlobal)
    func timeout(_ value: UInt8) -> Variable {
      Variable(name, attributes: .runtime, data: [value, 0])
    }
    var store = try Stores.store("OVMF_VARS.fd")
    try store.set(timeout(1))
    let first = try #require(store.entries.last)
    let other = VariableName("Lang", vendor: .efiGlobal)
    try store.set(Variable(other, attributes: .runtime, data: [0x65, 0x6e, 0]))
    var bytes = store.bytes
    // The old entry is being replaced, and its replacement not there yet.
    bytes[first.offset + 2] = 0x3e
    #expect(try VariableStore(bytes: bytes)[name] == timeout(1))
    // The replacement's header alone, then all of it.
    var replaced = store
    try replaced.set(timeout(2))
    let second = try #require(replaced.entries.last)
    for (state, value) in [(0xff, 1), (0x7f, 1), (0x3f, 2)] as [(UInt8, UInt8)] {
      bytes = replaced.bytes
      bytes[first.offset + 2] = 0x3e
      bytes[second.offset + 2] = state
      if state == 0xff {
        bytes.replaceSubrange(
          second.offset + 60..<second.offset + second.length,
          with: repeatElement(0xff, count: second.length - 60))
      }
      var read = try VariableStore(bytes: bytes)
      #expect(read[name] == timeout(value))
      #expect(read.variables.count == 2)
      #expect(read.bytes == bytes)
      try read.set(timeout(3))
      #expect(try VariableStore(bytes: read.bytes)[name] == timeout(3))
      read.reclaim()
      #expect(read.entries.count == 2)
      #expect(try VariableStore(bytes: read.bytes) == read)
    }
  }

  @Test func aFullStoreIsReclaimed() throws {
    var store = try Stores.store("OVMF_VARS.ms.fd")
    let variables = store.variables
    let name = VariableName("Filler", vendor: .shimLock)
    // Each write leaves the one before as a deleted entry of 8 KiB.
    for value in 0..<20 {
      try store.set(
        Variable(
          name, attributes: .bootService, data: [UInt8](repeating: UInt8(value), count: 8192)))
    }
    #expect(store.variables == variables + [try #require(store[name])])
    #expect(try VariableStore(bytes: store.bytes) == store)
    #expect(
      store.bytes.suffix(from: 0xe000)
        == (try Stores.store("OVMF_VARS.ms.fd")).bytes.suffix(from: 0xe000))
    let before = store
    let large = Variable(
      name, attributes: .bootService, data: [UInt8](repeating: 1, count: 0xe000))
    let error = #expect(throws: VariableStoreFullError.self) { try store.set(large) }
    #expect(error?.description.contains("has") == true)
    #expect(store == before)
  }

  @Test func plainVariables() throws {
    var bytes = try Stores.bytes("/usr/share/OVMF/OVMF_VARS.fd")
    let plain = try #require(GUID("ddcf3616-3275-4164-98b6-fe85707ffe7d"))
    bytes.replaceSubrange(0x48..<0x58, with: plain.bytes)
    var store = try VariableStore(bytes: bytes)
    #expect(!store.layout.isAuthenticated)
    try store.setBootNext(1)
    try store.setBootOrder([1, 2])
    #expect(store.entries.map(\.offset) == [0x64, 0x64 + 32 + 18 + 2])
    #expect(try VariableStore(bytes: store.bytes) == store)
    #expect(try store.bootNext() == 1)
  }
}
