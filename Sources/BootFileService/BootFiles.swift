import Glibc
import HTTPService

/// Files for clients that boot by HTTP: HEAD tells firmware the size (UEFI 2.10, section 24.7.3.2),
/// ranges serve what asks for parts.
struct BootFiles: Sendable {
  /// The folder whose files are served.
  let root: String

  /// The answer to GET and HEAD; other methods are not allowed. The file is open.
  func answer(to request: HTTPRequest) -> HTTPResponse {
    guard ["GET", "HEAD"].contains(request.method) else {
      return HTTPResponse(status: 405, fields: ["Allow": "GET, HEAD"])
    }
    let path = request.path
    let parts = path.split(separator: "/")
    guard !parts.isEmpty, !parts.contains(".."), !path.utf8.contains(0) else {
      return HTTPResponse(status: 404)
    }
    // A pipe would be waited for.
    let descriptor = open(
      "\(root)/\(parts.joined(separator: "/"))", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      return HTTPResponse(status: [EMFILE, ENFILE].contains(errno) ? 503 : 404)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return HTTPResponse(status: 404)
    }
    return answer(
      to: request, descriptor, size: Int(status.st_size),
      ["Content-Type": Self.mediaType(of: path), "Accept-Ranges": "bytes"])
  }

  private func answer(
    to request: HTTPRequest, _ descriptor: Int32, size: Int, _ fields: HTTPFields
  ) -> HTTPResponse {
    var fields = fields
    switch request.method == "HEAD" ? .all : ByteRange(request.fields["Range"], size: size) {
    case .all:
      return HTTPResponse(
        fields: fields, body: .file(descriptor: descriptor, offset: 0, length: size))
    case .part(let bytes):
      fields["Content-Range"] = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(size)"
      return HTTPResponse(
        status: 206, fields: fields,
        body: .file(descriptor: descriptor, offset: bytes.lowerBound, length: bytes.count))
    case .unsatisfiable:
      close(descriptor)
      return HTTPResponse(status: 416, fields: ["Content-Range": "bytes */\(size)"])
    }
  }

  private static func mediaType(of path: String) -> String {
    path.lowercased().hasSuffix(".efi") ? "application/efi" : "application/octet-stream"
  }
}
