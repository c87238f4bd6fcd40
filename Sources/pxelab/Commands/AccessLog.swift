import FlyingFox
import Foundation

/// Says on standard output what was asked for and what came of it, a line for each request:
/// `192.168.100.50:1024 GET /boot.efi 200`.
struct AccessLog: HTTPHandler {
  private let handler: any HTTPHandler

  /// A log before another handler.
  init(_ handler: any HTTPHandler) {
    self.handler = handler
  }

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    do {
      let response = try await handler.handleRequest(request)
      Self.write(request, "\(response.statusCode.code)")
      return response
    } catch {
      Self.write(request, "500")
      throw error
    }
  }

  private static func write(_ request: HTTPRequest, _ status: String) {
    let client =
      switch request.remoteAddress {
      case .ip4(let address, let port): "\(address):\(port)"
      case .ip6(let address, let port): "[\(address)]:\(port)"
      case .unix, nil: "-"
      }
    // A path may hold anything; a line is a line.
    let path = request.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "-"
    do {
      try Output.line("\(client) \(request.method.rawValue) \(path) \(status)")
    } catch {
      // A client that boots has nothing to do with the log.
      complain("\(error)")
    }
  }
}
