/// A variable store as OVMF keeps it in flash: a firmware volume (PI 1.8 volume 3 section 3.2) whose
/// first part is a variable region, and behind it the working block and the spare blocks of
/// fault-tolerant writes (edk2 OvmfPkg/Include/Fdf/VarStore.fdf.inc).
///
/// The bytes are the truth: what is not changed keeps every byte, deleted entries included, and a
/// change is made as the firmware makes it, by marking the old entry and appending the new one.
package struct VariableStore: VariableCollection, Hashable, Sendable {
  /// The whole file. When a crash left an unfinished fault-tolerant write, what the firmware will
  /// have made of it at its next start.
  package internal(set) var bytes: [UInt8]
  /// Where things lie in `bytes`.
  package let layout: Layout
  /// All entries, deleted ones too, in the order of the store.
  package internal(set) var entries: [Entry]
  /// What lies behind the last entry.
  package internal(set) var freeSpace: FreeSpace
  /// Whether `bytes` differ from the file because an unfinished fault-tolerant write was finished.
  package let isRecovered: Bool

  /// Where the parts of a store lie, in bytes from the beginning of the file.
  package struct Layout: Hashable, Sendable {
    /// The firmware volume.
    package var volume: Range<Int>
    /// The variable region, its header included.
    package var region: Range<Int>
    /// Where its entries may lie.
    package var entries: Range<Int>
    /// Whether entries carry a time and a count, which all stores that can do Secure Boot do
    /// (gEfiAuthenticatedVariableGuid; gEfiVariableGuid without).
    package var isAuthenticated: Bool
    /// The working block of fault-tolerant writes, where one is valid.
    package var workingBlock: Range<Int>?

    /// The bytes before an entry's name.
    var headerLength: Int { isAuthenticated ? 60 : 32 }
  }

  /// An entry of a store.
  package struct Entry: Hashable, Sendable {
    /// Where it begins, in bytes from the beginning of the file.
    package var offset: Int
    /// How much it takes, padding included.
    package var length: Int
    /// How far its writing or deleting has come.
    package var state: State
    /// What it holds; meaningless when it was not written to its end.
    package var variable: Variable

    /// An entry's state: each step clears a bit (edk2 VariableFormat.h, VAR_*).
    package struct State: RawRepresentable, Hashable, Sendable {
      /// The bits.
      package var rawValue: UInt8

      /// A state from its bits.
      package init(rawValue: UInt8) {
        self.rawValue = rawValue
      }

      /// Written, and the variable of its name.
      package static let added = State(rawValue: 0x3f)
      /// Written, and about to be replaced: the variable of its name if the replacement was not
      /// finished.
      package static let inDeletedTransition = State(rawValue: 0x3e)
      /// Only the header was written.
      package static let headerValidOnly = State(rawValue: 0x7f)
      /// Replaced by another entry.
      static let replaced = State(rawValue: 0x3c)
      /// The bit that deletion clears (VAR_DELETED).
      static let deletedMask: UInt8 = 0xfd

      /// Whether the entry can be the variable of its name.
      var isLive: Bool { self == .added || self == .inDeletedTransition }
    }
  }

  /// Reads a store.
  ///
  /// - Throws: `EFIDecodingError` with the offset in the file, when the bytes are no variable store
  ///   or a damaged one: one that the firmware would read otherwise than whoever wrote it meant.
  package init(bytes: [UInt8]) throws(EFIDecodingError) {
    let recovered = FaultTolerantWrite.finishing(bytes)
    isRecovered = recovered != nil
    self.bytes = recovered ?? bytes
    layout = try Layout(of: self.bytes)
    entries = try Self.entries(in: self.bytes, layout)
    let end = entries.last.map { $0.offset + $0.length } ?? layout.entries.lowerBound
    freeSpace = try FreeSpace(self.bytes, end..<layout.entries.upperBound)
  }

  /// The variables, as the firmware sees them, in the order of the store.
  package var variables: [Variable] {
    var seen: [VariableName: Int] = [:]
    var live: [Entry] = []
    for entry in entries where entry.state.isLive {
      let name = entry.variable.name
      guard let other = seen[name] else {
        seen[name] = live.count
        live.append(entry)
        continue
      }
      // An entry that is being replaced counts only without its replacement.
      if live[other].state == .inDeletedTransition, entry.state == .added { live[other] = entry }
    }
    return live.sorted { $0.offset < $1.offset }.map(\.variable)
  }

  /// How many bytes of entries fit behind the last one.
  package var freeBytes: Int { layout.entries.upperBound - end }

  /// How many bytes the entries that count for nothing take.
  package var reclaimableBytes: Int {
    let live = Set(variables)
    return entries.filter { !$0.state.isLive || !live.contains($0.variable) }
      .reduce(0) { $0 + $1.length }
  }

  /// Where the next entry goes.
  var end: Int {
    entries.last.map { $0.offset + $0.length } ?? layout.entries.lowerBound
  }
}
