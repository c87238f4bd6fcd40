/// A TFTP packet (RFC 1350, RFC 2347).
package enum TFTPMessage: Hashable, Sendable {
  /// A client wants to read a file.
  case readRequest(Request)
  /// A client wants to write a file.
  case writeRequest(Request)
  /// A block of the file: its number, and how many bytes it carries.
  case data(block: UInt16, count: Int)
  /// A block, and with a window all before it, has arrived.
  case acknowledgment(block: UInt16)
  /// The transfer ends here.
  case error(TFTPErrorCode, message: String)
  /// The server accepts these of the client's options.
  case optionAcknowledgment(TFTPOptions)

  /// What a client asks for.
  package struct Request: Hashable, Sendable {
    /// The file's name. An octet that is no UTF-8 reads as U+FFFD.
    package let file: String
    /// The name's octets as they were sent.
    package let fileOctets: [UInt8]
    /// The transfer mode, lower case: `octet` or `netascii`.
    package let mode: String
    /// The options that the client would like.
    package let options: TFTPOptions
  }

  /// Decodes a datagram that the ports say is TFTP: only the first packet of a transfer goes to
  /// port 69. The bytes of a DATA block are counted, not copied, so a capture cut by a snapshot
  /// length is enough, and so are the file's name and mode of a request. Throws for an unknown opcode,
  /// and when another packet is incomplete.
  package init(decoding datagram: UDPDatagram) throws(WireError) {
    var reader = ByteReader(datagram.payload, layer: .tftp)
    let opcode = try reader.uint16("opcode")
    switch opcode {
    case 1: self = .readRequest(try Request(reading: &reader, isCut: datagram.isTruncated))
    case 2: self = .writeRequest(try Request(reading: &reader, isCut: datagram.isTruncated))
    case 3:
      let block = try reader.uint16("block number")
      self = .data(block: block, count: datagram.payloadLength - 4)
    case 4: self = .acknowledgment(block: try reader.uint16("block number"))
    case 5:
      let code = TFTPErrorCode(rawValue: try reader.uint16("error code"))
      // Some senders leave the terminating zero byte out.
      self = .error(code, message: DHCPMessage.text(reader.rest))
    case 6:
      let options = try TFTPOptions(reading: &reader, isCut: datagram.isTruncated)
      self = .optionAcknowledgment(options)
    default: throw .malformed(layer: .tftp, reason: "unknown opcode \(opcode)")
    }
  }
}

extension TFTPMessage.Request {
  fileprivate init(reading reader: inout ByteReader, isCut: Bool) throws(WireError) {
    fileOctets = Array(try reader.octets("file name"))
    file = String(decoding: fileOctets, as: UTF8.self)
    mode = try reader.text("mode").lowercased()
    options = try TFTPOptions(reading: &reader, isCut: isCut)
  }
}
