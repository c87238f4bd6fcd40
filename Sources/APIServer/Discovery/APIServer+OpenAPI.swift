import HTTPService
import Objects

extension APIServer {
  /// The answers below `/openapi`; `nil` for another path.
  func openAPI(_ path: [String]) -> HTTPResponse? {
    switch path.first {
    case "v2" where path.count == 1:
      // Nothing is a valid document too, with which clients leave the check of fields to the server
      // (gnostic, openapiv2.Document).
      return HTTPResponse(fields: [
        "Content-Type": "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
      ])
    case "v3" where path.count == 1: return HTTPResponse(OpenAPIDocuments.index(served))
    case "v3":
      let rest = Array(path.dropFirst())
      let names = rest.first == "api" ? [""] + rest.dropFirst() : Array(rest.dropFirst())
      guard ["api", "apis"].contains(rest.first), names.count == 2,
        let group = served.group(names[0]),
        let version = group.versions.first(where: { $0.name == names[1] })
      else { return nil }
      return HTTPResponse(OpenAPIDocuments.document(group, version))
    default: return nil
    }
  }
}
