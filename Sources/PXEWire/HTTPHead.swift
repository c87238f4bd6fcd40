/// The head of an HTTP/1 request or response (RFC 9112), as far as it was captured in one segment.
package struct HTTPHead: Hashable, Sendable {
  /// The first line.
  package let start: Start
  /// The fields in order: names in lower case, values without surrounding blanks.
  package let fields: [Field]
  /// The head's length in bytes with the empty line that ends it; `nil` when that was not seen.
  package let length: Int?

  /// What the first line says.
  package enum Start: Hashable, Sendable {
    /// A request's method and target.
    case request(method: String, target: String)
    /// A response's status code and reason phrase.
    case response(status: Int, reason: String)
  }

  /// A header field.
  package struct Field: Hashable, Sendable {
    /// The name in lower case.
    package let name: String
    /// The value.
    package let value: String
  }

  /// The value of the first field with a lower-case name.
  package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// The Content-Length in bytes.
  package var contentLength: Int? {
    guard let value = self["content-length"].flatMap({ Int($0) }), value >= 0 else { return nil }
    return value
  }

  /// Whether the response has no length of its own but comes in chunks.
  package var isChunked: Bool {
    self["transfer-encoding"]?.lowercased().contains("chunked") == true
  }

  /// Reads the head at the start of a segment's payload; `nil` when there is none. Of a head longer
  /// than 16 KiB or cut short, the whole lines count.
  package init?(_ payload: ArraySlice<UInt8>) {
    guard Self.mayBegin(payload) else { return nil }
    let bytes = payload.prefix(16384)
    var lines: [ArraySlice<UInt8>] = []
    var index = bytes.startIndex
    var length: Int?
    while let end = bytes[index...].firstIndex(of: 0x0a) {
      var line = bytes[index..<end]
      if line.last == 0x0d { line = line.dropLast() }
      index = end + 1
      if line.isEmpty {
        length = index - bytes.startIndex
        break
      }
      lines.append(line)
      if lines.count > 128 { break }
    }
    self.length = length
    let first = String(decoding: lines.first ?? bytes.prefix(1024), as: UTF8.self)
    guard let start = Self.start(first) else { return nil }
    self.start = start
    fields = lines.dropFirst().compactMap { line in
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      return Field(
        name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
        value: Self.trimmed(line[(colon + 1)...]))
    }
  }

  /// Whether the first bytes are those of an HTTP/1 message: a cheap look before reading.
  package static func mayBegin(_ payload: ArraySlice<UInt8>) -> Bool {
    guard payload.count >= 5 else { return false }
    let methods: [StaticString] = ["GET ", "HEAD ", "POST ", "PUT ", "HTTP/"]
    return methods.contains { method in
      payload.withUnsafeBytes { bytes in
        bytes.prefix(method.utf8CodeUnitCount).elementsEqual(
          UnsafeBufferPointer(start: method.utf8Start, count: method.utf8CodeUnitCount))
      }
    }
  }

  private static func start(_ line: String) -> Start? {
    let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2 else { return nil }
    if words[0].hasPrefix("HTTP/") {
      guard let status = Int(words[1]), (100...999).contains(status) else { return nil }
      return .response(status: status, reason: words.count > 2 ? String(words[2]) : "")
    }
    return .request(method: String(words[0]), target: String(words[1]))
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    var rest = bytes.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
    return String(decoding: rest, as: UTF8.self)
  }
}
