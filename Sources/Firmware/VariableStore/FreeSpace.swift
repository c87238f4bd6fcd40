/// What lies behind the last entry of a variable region.
package enum FreeSpace: Hashable, Sendable {
  /// FF, to which the firmware can write.
  case erased
  /// 00, or 00 and FF, as python-uefivars leaves it: the firmware reads the entries, and writes the
  /// region anew at its next start (edk2 Variable.c, VariableWriteServiceInitialize).
  case unerased

  /// - Throws: `EFIDecodingError` with the first byte that is not erased, when any byte is neither.
  init(_ bytes: [UInt8], _ range: Range<Int>) throws(EFIDecodingError) {
    if let first = range.first, bytes[first] == 0xff, bytes.isUniform(range) {
      self = .erased
      return
    }
    guard let unerased = range.first(where: { bytes[$0] != 0xff }) else {
      self = .erased
      return
    }
    // Were there anything else, an entry's start would be damaged and all behind it lost for the
    // firmware.
    guard range.allSatisfy({ bytes[$0] == 0 || bytes[$0] == 0xff }) else {
      throw VariableStore.Layout.error(
        unerased,
        "neither an entry nor erased flash: an entry's beginning is damaged, and the "
          + "variables from \(range.lowerBound) on are lost")
    }
    self = .unerased
  }
}
