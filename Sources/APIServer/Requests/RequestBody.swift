import HTTPService
import Objects

/// The media type of a request's body.
enum MediaType: Equatable {
  case json
  case yaml
  case mergePatch
  case jsonPatch
  case strategicMergePatch
  case applyPatch
  case protobuf
  case other(String)

  /// No type means JSON: old clients send none.
  init(_ request: HTTPRequest) {
    let field = request.fields["Content-Type"] ?? ""
    let name = field.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    switch name {
    case "", "application/json": self = .json
    case "application/yaml", "application/x-yaml", "text/yaml": self = .yaml
    case "application/merge-patch+json": self = .mergePatch
    case "application/json-patch+json": self = .jsonPatch
    case "application/strategic-merge-patch+json": self = .strategicMergePatch
    case "application/apply-patch+yaml": self = .applyPatch
    case ProtobufBody.mediaType: self = .protobuf
    default: self = .other(name)
    }
  }
}

extension HTTPRequest {
  /// The object in the body.
  ///
  /// - Throws: ``StatusError``.
  func object() throws(StatusError) -> ObjectNode {
    switch MediaType(self) {
    case .json: return try json()
    case .yaml: return try yaml()
    case .protobuf: return try ProtobufBody.object(body)
    case .mergePatch, .jsonPatch, .strategicMergePatch, .applyPatch, .other:
      throw .unsupportedMediaType([
        "application/json", "application/yaml", ProtobufBody.mediaType,
      ])
    }
  }

  /// The body as JSON; an empty one is an empty mapping.
  ///
  /// - Throws: ``StatusError``.
  func json() throws(StatusError) -> ObjectNode {
    guard !body.isEmpty else { return [:] }
    do {
      return try ObjectNode(json: body)
    } catch {
      throw .badRequest("the body is not JSON: \(error)")
    }
  }

  /// The body as YAML, of which JSON is a part; an empty one is an empty mapping.
  ///
  /// - Throws: ``StatusError``.
  func yaml() throws(StatusError) -> ObjectNode {
    var found: ObjectNode?
    for element in ManifestReader(path: "body", bytes: body) {
      switch element {
      case .problem(let problem): throw .badRequest("the body cannot be read: \(problem)")
      case .document(let document):
        guard found == nil else { throw .badRequest("the body has more than one object") }
        found = document.root
      }
    }
    return found?.canonical ?? [:]
  }
}
