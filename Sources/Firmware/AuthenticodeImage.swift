/// The parts of a PE image that its signature is about (Windows Authenticode Portable Executable
/// Signature Format, "Calculating the PE Image Hash"; UEFI 2.10 section 32.4.2).
package enum AuthenticodeImage {
  /// The bytes whose SHA-256 stands in `db` or `dbx` for the image: all but the checksum, the entry
  /// of the certificate table, and the signatures at the end.
  ///
  /// - Throws: `EFIDecodingError` when the bytes are no PE image.
  package static func hashedBytes(of image: [UInt8]) throws(EFIDecodingError) -> [UInt8] {
    func number(_ offset: Int, _ count: Int) throws(EFIDecodingError) -> Int {
      guard offset >= 0, offset <= image.count - count else {
        throw EFIDecodingError(
          structure: "PE image", offset: max(0, offset), reason: "the file ends too early")
      }
      return (0..<count).reduce(0) { $0 | Int(image[offset + $1]) << (8 * $1) }
    }
    func refused(_ offset: Int, _ reason: String) -> EFIDecodingError {
      EFIDecodingError(structure: "PE image", offset: offset, reason: reason)
    }
    guard try number(0, 2) == 0x5a4d else { throw refused(0, "it does not begin with MZ") }
    let header = try number(0x3c, 4)
    guard try number(header, 4) == 0x4550 else { throw refused(header, "there is no PE header") }
    let optional = header + 24
    let directories: Int
    switch try number(optional, 2) {
    case 0x10b: directories = optional + 96
    case 0x20b: directories = optional + 112
    default: throw refused(optional, "it is neither PE32 nor PE32+")
    }
    let checksum = optional + 64
    let certificates = directories + 4 * 8
    guard try number(directories - 4, 4) > 4 else {
      return Array(image[..<checksum] + image[(checksum + 4)...])
    }
    let start = try number(certificates, 4)
    let size = try number(certificates + 4, 4)
    let end = size == 0 ? image.count : start
    guard end >= certificates + 8, end + size <= image.count else {
      throw refused(certificates, "the certificate table is not in the file")
    }
    return Array(
      image[..<checksum] + image[(checksum + 4)..<certificates] + image[(certificates + 8)..<end]
        + image[(end + size)...])
  }
}
