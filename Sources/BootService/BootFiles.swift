import FileSystem

/// Files for clients that boot by HTTP: HEAD tells firmware the size (UEFI 2.10, section 24.7.3.2),
/// ranges serve what asks for parts.
package struct BootFiles: BootRequestHandler {
  /// The folder whose files are served.
  package let root: String

  /// The files of a folder.
  package init(root: String) {
    self.root = root
  }

  /// The answer to GET and HEAD; other methods are not allowed.
  package func answer(to request: BootRequest) async -> BootAnswer {
    guard ["GET", "HEAD"].contains(request.method) else {
      return BootAnswer(status: 405, headers: ["Allow": "GET, HEAD"])
    }
    let parts = request.path.split(separator: "/")
    guard !parts.isEmpty, !parts.contains(".."), !request.path.utf8.contains(0) else {
      return BootAnswer(status: 404)
    }
    let path = "\(root)/\(parts.joined(separator: "/"))"
    guard let size = Files.size(of: path) else { return BootAnswer(status: 404) }
    var headers = ["Content-Type": Self.mediaType(of: path), "Accept-Ranges": "bytes"]
    if request.method == "HEAD" {
      return BootAnswer(
        status: 200, headers: headers, file: .init(path: path, bytes: 0..<0, length: size))
    }
    switch ByteRange(request.range, size: size) {
    case .all:
      return BootAnswer(
        status: 200, headers: headers, file: .init(path: path, bytes: 0..<size, length: size))
    case .part(let bytes):
      headers["Content-Range"] = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(size)"
      return BootAnswer(
        status: 206, headers: headers, file: .init(path: path, bytes: bytes, length: bytes.count))
    case .unsatisfiable:
      return BootAnswer(status: 416, headers: ["Content-Range": "bytes */\(size)"])
    }
  }

  private static func mediaType(of path: String) -> String {
    path.lowercased().hasSuffix(".efi") ? "application/efi" : "application/octet-stream"
  }
}
