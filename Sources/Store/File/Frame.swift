/// A payload of a write-ahead file with what proves it whole:
///
///     LENGTH CHECKSUM HEADSUM PAYLOAD newline
///
/// LENGTH is the payload's, CHECKSUM its CRC-32C, HEADSUM the CRC-32C of the 17 bytes before; each
/// has 8 hexadecimal digits and a space after it. The payload is JSON on one line, so a file can be
/// read by eye, and no whole file has a byte 0.
enum Frame {
  /// Bytes before the payload.
  static let headSize = 27
  /// Bytes of a payload at most; more is a damaged length.
  static let limit = 1 << 30

  static func wrap(_ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headSize + payload.count + 1)
    bytes += digits(UInt32(truncatingIfNeeded: payload.count)) + [0x20]
    bytes += digits(CRC32C.checksum(payload))
    bytes += [0x20] + digits(CRC32C.checksum(bytes)) + [0x20]
    bytes += payload
    bytes.append(0x0a)
    return bytes
  }

  /// The payload's length and checksum; `nil` for a head that is not as it was written.
  static func head(_ bytes: [UInt8]) -> (length: Int, checksum: UInt32)? {
    guard bytes.count == headSize, bytes[8] == 0x20, bytes[17] == 0x20, bytes[26] == 0x20,
      let length = number(bytes[0..<8]), let checksum = number(bytes[9..<17]),
      number(bytes[18..<26]) == CRC32C.checksum(bytes[0..<17]), length <= limit
    else { return nil }
    return (Int(length), checksum)
  }

  private static func digits(_ number: UInt32) -> [UInt8] {
    let text = String(number, radix: 16)
    return Array(String(repeating: "0", count: 8 - text.utf8.count).utf8) + Array(text.utf8)
  }

  /// What `digits` writes, and nothing else: no sign, no capital letters.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
