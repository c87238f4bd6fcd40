import FileSystem
import Glibc

/// A part of a file that others append to, and what comes later, chunk by chunk.
struct LogStream: AsyncSequence, Sendable {
  typealias Element = [UInt8]

  /// Bytes that are read at once.
  private static let chunk = 64 << 10
  /// How often the file of a log that is followed is looked at.
  private static let interval = Duration.milliseconds(200)

  /// The file and its first byte that counts; `nil` for as long as there is none.
  var place: @Sendable () async throws -> (path: String, start: Int)?
  /// How many of the last lines there are at the beginning; `nil` is all.
  var tailLines: Int?
  /// How many bytes there are altogether; `nil` is all.
  var limit: Int?
  /// Whether nothing comes any more; `nil` where nothing is waited for.
  var isOver: (@Sendable () async -> Bool)?

  init(place: @escaping @Sendable () async throws -> (path: String, start: Int)?) {
    self.place = place
  }

  func makeAsyncIterator() -> Iterator { Iterator(log: self, rest: limit ?? .max) }

  struct Iterator: AsyncIteratorProtocol {
    let log: LogStream
    /// Bytes that may still come.
    var rest: Int
    private var file: OpenFile?
    private var position = 0
    private var isLast = false

    init(log: LogStream, rest: Int) {
      self.log = log
      self.rest = rest
    }

    /// - Throws: `FileError`, `CancellationError`, what finding the file throws.
    mutating func next() async throws -> [UInt8]? {
      while rest > 0 {
        if file == nil { try await open() }
        if let file {
          let bytes = try file.read(upTo: Swift.min(LogStream.chunk, rest), at: position)
          if !bytes.isEmpty {
            position += bytes.count
            rest -= bytes.count
            return bytes
          }
        }
        guard !isLast, let isOver = log.isOver else { return nil }
        // What was written before the end is read once more.
        isLast = await isOver()
        if !isLast { try await Task.sleep(for: LogStream.interval) }
      }
      return nil
    }

    private mutating func open() async throws {
      guard let (path, start) = try await log.place(), Files.exists(path) else { return }
      let opened = try OpenFile(path, O_RDONLY)
      let size = try opened.size
      // A file that is shorter was made anew.
      position = start <= size ? start : 0
      if let lines = log.tailLines {
        position = try LogStream.start(ofLast: lines, in: opened, from: position, to: size)
      }
      file = opened
    }
  }

  /// Where the last so many lines of a part of a file begin; a line without an end is one too.
  static func start(
    ofLast lines: Int, in file: OpenFile, from first: Int, to end: Int
  ) throws(FileError) -> Int {
    guard lines > 0 else { return end }
    var ends = 0
    var block = end
    while block > first {
      let start = Swift.max(first, block - chunk)
      let bytes = try file.read(upTo: block - start, at: start)
      for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "\n") {
        // The end of the last line begins none.
        guard start + index + 1 < end else { continue }
        ends += 1
        if ends == lines { return start + index + 1 }
      }
      block = start
    }
    return first
  }
}
