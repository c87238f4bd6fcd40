import Addresses

/// A DNS message, as far as finding a host's address goes (RFC 1035 section 4).
package struct DNSMessage: Hashable, Sendable {
  /// The query's ID, which its answer repeats.
  package let id: UInt16
  /// Whether this is an answer.
  package let isResponse: Bool
  /// The response code: 0 success, 2 server failure, 3 no such name, 5 refused.
  package let responseCode: UInt8
  /// The questions, as a rule one.
  package let questions: [Question]
  /// The addresses in the answer section.
  package let addresses: [IPAddress]

  /// What is asked.
  package struct Question: Hashable, Sendable {
    /// The name without the final dot, as written.
    package let name: String
    /// 1 is A, 28 is AAAA.
    package let type: UInt16
  }

  /// Decodes the payload of a datagram from or to port 53. Throws when the header or a question is
  /// incomplete; answers are read as far as they go.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .dns)
    id = try reader.uint16("ID")
    let flags = try reader.uint16("flags")
    isResponse = flags & 0x8000 != 0
    responseCode = UInt8(flags & 0xf)
    let questionCount = Int(try reader.uint16("question count"))
    let answerCount = Int(try reader.uint16("answer count"))
    try reader.skip(4, "counts")
    guard questionCount <= 16 else {
      throw .malformed(layer: .dns, reason: "\(questionCount) questions")
    }
    var questions: [Question] = []
    for _ in 0..<questionCount {
      let name = try Self.name(&reader, in: bytes)
      questions.append(Question(name: name, type: try reader.uint16("question type")))
      _ = try reader.uint16("question class")
    }
    self.questions = questions
    var addresses: [IPAddress] = []
    for _ in 0..<min(answerCount, 64) {
      guard let record = try? Self.record(&reader) else { break }
      if let address = record.address { addresses.append(address) }
    }
    self.addresses = addresses
  }

  /// Reads a record's name, which is not needed, its type and its data.
  private static func record(
    _ reader: inout ByteReader
  ) throws(WireError) -> (type: UInt16, address: IPAddress?) {
    while true {
      let length = try reader.uint8("name")
      if length >= 0xc0 {
        _ = try reader.uint8("name")
        break
      }
      if length == 0 { break }
      try reader.skip(Int(length), "name")
    }
    let type = try reader.uint16("type")
    _ = try reader.uint16("class")
    _ = try reader.uint32("time to live")
    let data = try reader.slice(Int(try reader.uint16("data length")), "data")
    switch type {
    case 1: return (type, IPv4Address(octets: data).map { .v4($0) })
    case 28: return (type, IPv6Address(octets: data).map { .v6($0) })
    default: return (type, nil)
    }
  }

  /// Reads a name; pointers go back in the message (RFC 1035 section 4.1.4), at most 16 times.
  private static func name(
    _ reader: inout ByteReader, in message: ArraySlice<UInt8>
  ) throws(WireError) -> String {
    var labels: [String] = []
    var jumped: ByteReader?
    var jumps = 0
    while true {
      var current = jumped ?? reader
      let length = try current.uint8("name")
      if length >= 0xc0 {
        let offset = Int(length & 0x3f) << 8 | Int(try current.uint8("name pointer"))
        if jumped == nil { reader = current }
        jumps += 1
        guard jumps <= 16 else {
          throw .malformed(layer: .dns, reason: "a name's pointers go round in a circle")
        }
        jumped = ByteReader(message.dropFirst(offset), layer: .dns)
        continue
      }
      guard length < 64 else { throw .malformed(layer: .dns, reason: "a label's length") }
      if length > 0 {
        labels.append(String(decoding: try current.slice(Int(length), "label"), as: UTF8.self))
      }
      if jumped == nil { reader = current } else { jumped = current }
      if length == 0 { break }
      guard labels.count <= 128 else { throw .malformed(layer: .dns, reason: "too many labels") }
    }
    return labels.joined(separator: ".")
  }
}
