import FileSystem
import Foundation

/// Says on standard output what was asked for and what came of it, a line for each request:
/// `192.168.100.50:1024 GET /boot.efi 200`.
package struct AccessLog: BootRequestHandler {
  private let handler: any BootRequestHandler
  private let write: @Sendable (String) throws -> Void

  /// A log before another handler.
  package init(
    _ handler: any BootRequestHandler,
    write: @escaping @Sendable (String) throws -> Void = { try StandardStream.output.write($0) }
  ) {
    self.handler = handler
    self.write = write
  }

  /// The handler's answer.
  package func answer(to request: BootRequest) async -> BootAnswer {
    let answer = await handler.answer(to: request)
    let client =
      switch request.client {
      case .some(let end):
        end.address.v4 == nil ? "[\(end.address)]:\(end.port)" : "\(end.address):\(end.port)"
      case nil: "-"
      }
    do {
      try write(
        "\(client) \(Self.line(request.method)) \(Self.line(request.path)) \(answer.status)\n")
    } catch {
      // A client that boots has nothing to do with the log.
      try? StandardStream.error.write("\(error)\n")
    }
    return answer
  }

  /// A word may hold anything; a line is a line, and no longer than a page.
  private static func line(_ text: String) -> String {
    String(text.prefix(4096)).addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "-"
  }
}
