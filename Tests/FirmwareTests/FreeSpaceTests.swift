import Firmware
import Testing

/// Stores whose free space is not erased, as python-uefivars writes them.
@Suite struct FreeSpaceTests {
  private static func store() throws -> VariableStore {
    try VariableStore(bytes: StoreFormTests.fixture("ovmf-4m-secure-boot.fd"))
  }

  private static func free(_ store: VariableStore) throws -> Range<Int> {
    let last = try #require(store.entries.last)
    return last.offset + last.length..<store.layout.entries.upperBound
  }

  @Test(arguments: [(0, 1), (0, 2), (1, 2)])
  func zeros(from: Int, to: Int) throws {
    let erased = try Self.store()
    #expect(erased.freeSpace == .erased)
    let free = try Self.free(erased)
    let part = free.lowerBound + free.count / 2 * from..<free.lowerBound + free.count / 2 * to
    var bytes = erased.bytes
    bytes.replaceSubrange(part, with: repeatElement(0, count: part.count))
    var store = try VariableStore(bytes: bytes)
    #expect(store.freeSpace == .unerased)
    #expect(store.variables == erased.variables && store.bytes == bytes)
    #expect(store.freeBytes == erased.freeBytes)
    // What is written is read again, behind it erased flash.
    try store.setBootNext(7)
    #expect(store.freeSpace == .erased)
    let again = try VariableStore(bytes: store.bytes)
    #expect(again == store)
    #expect(try again.bootNext() == 7)
    #expect(again.variables.count == erased.variables.count + 1)
  }

  @Test func allBehindTheRegionZero() throws {
    let erased = try Self.store()
    var bytes = erased.bytes
    let rest = try Self.free(erased).lowerBound..<bytes.count
    bytes.replaceSubrange(rest, with: repeatElement(0, count: rest.count))
    let store = try VariableStore(bytes: bytes)
    #expect(store.variables == erased.variables && store.layout.workingBlock == nil)
  }

  /// A store that is full stays as it was.
  @Test func nothingIsWrittenToAStoreThatIsFull() throws {
    var bytes = try Self.store().bytes
    let free = try Self.free(Self.store())
    bytes.replaceSubrange(free, with: repeatElement(0, count: free.count))
    var store = try VariableStore(bytes: bytes)
    let before = store
    let name = VariableName("Filler", vendor: .shimLock)
    #expect(throws: VariableStoreFullError.self) {
      try store.set(
        Variable(name, attributes: .bootService, data: [UInt8](repeating: 1, count: 0x40000)))
    }
    #expect(store == before)
    store.delete(.platformKey)
    #expect(store.freeSpace == .unerased)
    #expect(try VariableStore(bytes: store.bytes) == store)
  }

  /// An entry whose beginning is lost hides what lies behind it, though zeros are free space.
  @Test(arguments: [2, 60, 4096])
  func zerosBeforeEntriesAreDamage(count: Int) throws {
    let store = try Self.store()
    let entry = store.entries[3]
    var bytes = store.bytes
    bytes.replaceSubrange(
      entry.offset..<entry.offset + count, with: repeatElement(0, count: count))
    let error = #expect(throws: EFIDecodingError.self) { try VariableStore(bytes: bytes) }
    #expect(error?.offset == entry.offset)
    #expect(error?.reason.contains("are lost") == true)
  }

  /// Numbers in the order for which there is no entry.
  @Test(
    arguments: [
      ([], nil, []), ([0, 1, 2], 1, []), ([0, 0xff, 1, 0xff], nil, [0xff]),
      ([0xfe, 0xff], 0xfd, [0xfe, 0xff, 0xfd]),
    ] as [([UInt16], UInt16?, [UInt16])])
  func missingEntries(order: [UInt16], next: UInt16?, missing: [UInt16]) throws {
    var store = try Self.store()
    #expect(Set([0, 1, 2]).isSubset(of: store.bootNumbers))
    try store.setBootOrder(order)
    try store.setBootNext(next)
    #expect(store.variables.flatMap(store.missingEntries) == missing)
  }
}
