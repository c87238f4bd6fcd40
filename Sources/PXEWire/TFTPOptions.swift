/// The options of a TFTP request or acknowledgment (RFC 2347).
package struct TFTPOptions: Hashable, Sendable {
  /// Names, lower case, and values in order.
  package let pairs: [Pair]

  /// One option.
  package struct Pair: Hashable, Sendable {
    /// The option's name in lower case; names are case-insensitive.
    package let name: String
    /// The value as text.
    package let value: String
  }

  /// `blksize`: data bytes in a block, 8 to 65464 (RFC 2348); 512 unless negotiated.
  package var blockSize: Int? { number("blksize") }
  /// `tsize`: the file's size in bytes; 0 in a read request asks for it (RFC 2349).
  package var transferSize: Int? { number("tsize") }
  /// `windowsize`: blocks sent before an acknowledgment is due, 1 to 65535 (RFC 7440).
  package var windowSize: Int? { number("windowsize") }
  /// `timeout`: seconds before a packet is sent again (RFC 2349).
  package var timeout: Int? { number("timeout") }

  /// The value of an option by its lower-case name.
  package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

  private func number(_ name: String) -> Int? {
    guard let value = self[name].flatMap({ Int($0) }), value >= 0 else { return nil }
    return value
  }

  /// Reads options to the end; of a packet that the capture cut, those that are whole.
  init(reading reader: inout ByteReader, isCut: Bool) throws(WireError) {
    var pairs: [Pair] = []
    while reader.remaining > 0 {
      do throws(WireError) {
        let name = try reader.text("option name")
        let value = try reader.text("value of option \(name)")
        pairs.append(Pair(name: name.lowercased(), value: value))
      } catch {
        guard isCut else { throw error }
        break
      }
    }
    self.pairs = pairs
  }
}
