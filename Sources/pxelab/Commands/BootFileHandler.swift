import FlyingFox
import Foundation

/// Files for clients that boot by HTTP: HEAD tells firmware the size (UEFI 2.10, section 24.7.3.2),
/// ranges serve what asks for parts.
struct BootFileHandler: HTTPHandler {
  /// The folder whose files are served.
  let root: URL

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let parts = request.path.split(separator: "/").map(String.init)
    guard !parts.isEmpty, !parts.contains("..") else { return HTTPResponse(statusCode: .notFound) }
    let file = parts.reduce(root) { $0.appendingPathComponent($1) }
    let type = file.pathExtension.lowercased() == "efi" ? "application/efi" : Self.binary
    return try await FileHTTPHandler(path: file, contentType: type).handleRequest(request)
  }

  private static let binary = "application/octet-stream"
}
