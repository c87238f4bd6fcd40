import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Writes an answer to a connection. Each part is with the kernel before the next is made, so a slow
/// client holds one part of it in memory; one that takes nothing loses the connection.
struct ResponseWriter: Sendable {
  /// Bytes that are written at once.
  private static let partBytes = 256 << 10

  let channel: any Channel
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
    guard !isHead, !bytes.isEmpty else { return try await send(head) }
    channel.write(head, promise: nil)
    var rest = bytes[...]
    while !rest.isEmpty {
      try await send(
        .body(.byteBuffer(channel.allocator.buffer(bytes: rest.prefix(Self.partBytes)))))
      rest = rest.dropFirst(Self.partBytes)
    }
  }

  private func write(
    _ response: HTTPResponse, _ descriptor: Int32, _ offset: Int, _ length: Int
  ) async throws {
    let file = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
    do {
      let head = head(of: response, length: length)
      if isHead || length == 0 {
        try await send(head)
      } else {
        channel.write(head, promise: nil)
      }
      var start = offset
      while !isHead, start < offset + length {
        let end = min(start + Self.partBytes, offset + length)
        // sendfile(2) waits for ever for what a file does not have any more.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size >= end else { throw FileIsShorter() }
        try await send(
          .body(.fileRegion(FileRegion(fileHandle: file, readerIndex: start, endIndex: end))))
        start = end
      }
      try file.close()
    } catch {
      // It is open still; why the answer failed is worth more than why a close did.
      try? file.close()
      throw error
    }
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
        try await send(.body(.byteBuffer(channel.allocator.buffer(bytes: chunk))))
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
    headers.replaceOrAdd(name: "Connection", value: keepsOpen ? "keep-alive" : "close")
    return .head(
      HTTPResponseHead(
        version: version, status: .init(statusCode: response.status), headers: headers))
  }

  private func send(_ part: HTTPServerResponsePart) async throws {
    let stall = channel.eventLoop.scheduleTask(in: TimeAmount(stallTime)) {
      channel.close(promise: nil)
    }
    defer { stall.cancel() }
    try await channel.writeAndFlush(part)
  }
}
