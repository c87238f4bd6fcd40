/// The beginning of a qcow2 image (QEMU docs/interop/qcow2.rst): whether it stands alone, and how
/// much it unpacks to.
package struct Qcow2Header: Hashable, Sendable {
  /// How many bytes the image unpacks to.
  package let virtualSize: UInt64
  /// Why its contents are not in the file alone, or not to be had; `nil` where they are.
  package let objection: String?

  private static let structure = "qcow2 image"

  /// Reads the header.
  ///
  /// - Throws: `EFIDecodingError` when the bytes end before it does, or are of another version.
  package init(bytes: [UInt8]) throws(EFIDecodingError) {
    func number(_ place: Int, _ count: Int) throws(EFIDecodingError) -> UInt64 {
      guard place + count <= bytes.count else {
        throw EFIDecodingError(
          structure: Self.structure, offset: bytes.count, reason: "the header is cut off")
      }
      return bytes[place..<place + count].reduce(0) { $0 << 8 | UInt64($1) }
    }
    let version = try number(4, 4)
    guard version == 2 || version == 3 else {
      throw EFIDecodingError(
        structure: Self.structure, offset: 4, reason: "version \(version), neither 2 nor 3")
    }
    virtualSize = try number(24, 8)
    let hasExternalData = version == 3 ? try number(72, 8) & 4 != 0 : false
    if try number(8, 8) != 0 {
      objection = "it lies upon another image, its backing file"
    } else if hasExternalData {
      objection = "its contents are in another file"
    } else {
      objection = try number(32, 4) == 0 ? nil : "it is encrypted"
    }
  }
}
