import FileSystem
import FoundationEssentials
import HTTPService

/// Says on standard output what was asked for and what came of it, a line for each request:
/// `192.168.100.50:1024 GET /boot.efi 200`.
struct AccessLog: Sendable {
  private let write: @Sendable (String) throws -> Void

  init(write: @escaping @Sendable (String) throws -> Void = { try StandardStream.output.write($0) })
  {
    self.write = write
  }

  /// Writes a line; that it cannot be written is nothing to a client that boots.
  func note(_ request: HTTPRequest, status: Int) {
    let client = request.peer.map { "\($0)" } ?? "-"
    do {
      try write("\(client) \(Self.word(request.method)) \(Self.word(request.path)) \(status)\n")
    } catch {
      try? StandardStream.error.write("\(error)\n")
    }
  }

  /// A word may hold anything; a line is a line, and no longer than a page.
  private static func word(_ text: String) -> String {
    text.prefix(4096).percentEncodedPath
  }
}
