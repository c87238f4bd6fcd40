import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Writes an answer to a connection, or to a stream of one. Each part is with the kernel before the next is
/// made, so a slow client holds one part of it in memory; one that takes nothing loses the stream, or the
/// connection that has none.
struct ResponseWriter: Sendable {
  /// Bytes that are written at once.
  private static let partBytes = 256 << 10

  let channel: any Channel
  /// Whether what is written goes through TLS.
  let isSecure: Bool
  let version: HTTPVersion
  let isHead: Bool
  let keepsOpen: Bool
  let stallTime: Duration
  let stream: StreamEnd
  /// Makes the connection a WebSocket, and returns at its end.
  let carry: @Sendable (WebSocketTunnel) async -> Void

  /// Writes an answer.
  ///
  /// - Returns: whether all of it is written; else the connection is of no more use.
  func write(_ response: HTTPResponse) async -> Bool {
    do {
      switch response.body {
      case .bytes(let bytes): try await write(response, bytes)
      case .file(let descriptor, let offset, let length):
        try await write(response, descriptor, offset, length)
      case .stream(let chunks, let time): try await write(response, chunks, time)
      case .webSocket(let tunnel):
        await carry(tunnel)
        return false
      }
      try await send(.end(nil))
      return true
    } catch {
      return false
    }
  }

  private func write(_ response: HTTPResponse, _ bytes: [UInt8]) async throws {
    let head = head(of: response, length: bytes.count)
    channel.write(head, promise: nil)
    guard !isHead, !bytes.isEmpty else { return }
    var rest = bytes[...]
    while rest.count > Self.partBytes {
      try await send(part(rest.prefix(Self.partBytes)))
      rest = rest.dropFirst(Self.partBytes)
    }
    channel.write(part(rest), promise: nil)
  }

  private func write(
    _ response: HTTPResponse, _ descriptor: Int32, _ offset: Int, _ length: Int
  ) async throws {
    let file = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
    do {
      channel.write(head(of: response, length: length), promise: nil)
      var start = offset
      while !isHead, start < offset + length {
        let end = min(start + Self.partBytes, offset + length)
        // sendfile(2) waits for ever for what a file does not have any more.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size >= end else { throw FileIsShorter() }
        let part =
          isSecure
          ? IOData.byteBuffer(try read(descriptor, from: start, to: end))
          : .fileRegion(FileRegion(fileHandle: file, readerIndex: start, endIndex: end))
        try await send(.body(part))
        start = end
      }
      try file.close()
    } catch {
      // It is open still; why the answer failed is worth more than why a close did.
      try? file.close()
      throw error
    }
  }

  /// A part of a file for TLS, which the kernel cannot send by itself.
  private func read(_ descriptor: Int32, from start: Int, to end: Int) throws -> ByteBuffer {
    var buffer = channel.allocator.buffer(capacity: end - start)
    let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: end - start) { bytes in
      max(0, pread(descriptor, bytes.baseAddress, end - start, off_t(start)))
    }
    guard count == end - start else { throw FileIsShorter() }
    return buffer
  }

  private struct FileIsShorter: Error {}

  private func write(
    _ response: HTTPResponse, _ chunks: any AsyncSequence<[UInt8], any Error> & Sendable,
    _ time: Duration?
  ) async throws {
    // An answer to HEAD has no chunks, and none that says so.
    try await send(head(of: response, length: isHead ? 0 : nil))
    if isHead { return }
    let pump = Task {
      for try await chunk in chunks where !chunk.isEmpty {
        try await send(part(chunk[...]))
      }
    }
    stream.begin(pump)
    let end = time.map { time in
      channel.eventLoop.scheduleTask(in: TimeAmount(time)) { pump.cancel() }
    }
    defer {
      stream.done()
      end?.cancel()
    }
    let result = await withTaskCancellationHandler {
      await pump.result
    } onCancel: {
      pump.cancel()
    }
    // Cancelled, it has ended between two chunks.
    if case .failure(let error) = result, !(error is CancellationError) { throw error }
  }

  private func head(of response: HTTPResponse, length: Int?) -> HTTPServerResponsePart {
    var headers = HTTPHeaders(response.fields.all.map { ($0.name, $0.value) })
    headers.replaceOrAdd(name: "Date", value: HTTPDate.now)
    if let length {
      headers.replaceOrAdd(name: "Content-Length", value: "\(length)")
    } else {
      headers.remove(name: "Content-Length")
    }
    // HTTP/2 forbids it (RFC 9113 section 8.2.2).
    if version.major == 1 {
      headers.replaceOrAdd(name: "Connection", value: keepsOpen ? "keep-alive" : "close")
    }
    return .head(
      HTTPResponseHead(
        version: version, status: .init(statusCode: response.status), headers: headers))
  }

  private func part(_ bytes: ArraySlice<UInt8>) -> HTTPServerResponsePart {
    .body(.byteBuffer(channel.allocator.buffer(bytes: bytes)))
  }

  private func send(_ part: HTTPServerResponsePart) async throws {
    let stall = channel.eventLoop.scheduleTask(in: TimeAmount(stallTime)) {
      channel.close(promise: nil)
    }
    defer { stall.cancel() }
    try await channel.writeAndFlush(part)
  }
}
