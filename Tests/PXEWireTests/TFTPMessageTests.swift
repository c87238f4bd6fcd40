import Testing

@testable import PXEWire

@Suite("TFTP packets")
struct TFTPMessageTests {
  private static func message(_ number: Int, cutTo count: Int? = nil) throws -> TFTPMessage {
    let bytes = try Fixture.named("small-nbp", number).bytes
    let frame = try Frame(decoding: Array(bytes.prefix(count ?? bytes.count)))
    return try TFTPMessage(decoding: #require(frame.datagram))
  }

  @Test("a request with options")
  func request() throws {
    guard case .readRequest(let request) = try Self.message(21) else {
      Issue.record("not a read request")
      return
    }
    #expect(request.file == "small.efi")
    #expect(request.mode == "octet")
    #expect(request.options.transferSize == 0)
    #expect(request.options.blockSize == 1468)
    #expect(request.options.windowSize == 4)
    #expect(request.options.timeout == nil)
  }

  @Test(
    "a request that the capture cut has its file, and the options that are whole",
    arguments: [(64, [String]()), (71, []), (72, ["tsize"]), (90, ["tsize", "blksize"])])
  func cutRequest(captured: Int, names: [String]) throws {
    guard case .readRequest(let request) = try Self.message(21, cutTo: captured) else {
      Issue.record("not a read request")
      return
    }
    #expect(request.file == "small.efi" && request.mode == "octet")
    #expect(request.options.pairs.map(\.name) == names)
  }

  @Test("a request cut within its file's name or mode is an error", arguments: [52, 60])
  func cutName(captured: Int) {
    #expect(throws: WireError.self) { try Self.message(21, cutTo: captured) }
  }

  @Test("an option acknowledgment")
  func acknowledgment() throws {
    guard case .optionAcknowledgment(let options) = try Self.message(22) else {
      Issue.record("not an option acknowledgment")
      return
    }
    #expect(options.transferSize == 20000)
    #expect(options.blockSize == 1468)
    #expect(options.windowSize == nil)
  }

  @Test("an error with its text")
  func error() throws {
    #expect(
      try Self.message(23)
        == .error(.optionNegotiation, message: "User aborted the transfer"))
  }

  @Test("data is counted, also when the capture cut it", arguments: [1518, 64, 50])
  func data(captured: Int) throws {
    #expect(try Self.message(27, cutTo: captured) == .data(block: 1, count: 1468))
  }

  @Test("data cut inside its header is an error")
  func cutHeader() {
    #expect(throws: WireError.self) { try Self.message(27, cutTo: 48) }
  }
}
