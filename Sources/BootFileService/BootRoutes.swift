import HTTPService

/// Who answers what.
struct BootRoutes: Sendable {
  let files: BootFiles
  let installed: InstalledMachines
  let log: AccessLog

  /// What is taken from machines that boot.
  static let limits: HTTPLimits = {
    var limits = HTTPLimits()
    // A report needs no body.
    limits.bodyBytes = 4 << 10
    // A guest that is emulated, or paused for a moment, takes its bytes when it can.
    limits.stallTime = .seconds(120)
    return limits
  }()

  /// Starts to serve.
  ///
  /// - Throws: `HTTPServerError`.
  func serve(
    on addresses: [ServerAddress], limits: HTTPLimits = limits,
    refused: @escaping HTTPRefusalHandler = { _, _ in }
  ) async throws(HTTPServerError) -> HTTPServer {
    try await HTTPServer.start(on: addresses, limits: limits, refused: refused) {
      await answer(to: $0)
    }
  }

  func answer(to request: HTTPRequest) async -> HTTPResponse {
    let isReport = request.method == "POST" && request.path.hasPrefix("/installed/")
    let response = await isReport ? installed.answer(to: request) : files.answer(to: request)
    log.note(request, status: response.status)
    return response
  }
}
