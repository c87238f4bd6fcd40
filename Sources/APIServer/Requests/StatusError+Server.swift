import HTTPService
import Objects
import Store

extension StatusError {
  /// 400.
  package static func badRequest(_ message: String) -> StatusError {
    StatusError(400, "BadRequest", message)
  }

  /// 404 for a path at which nothing is.
  static let noSuchPath = StatusError(
    404, "NotFound", "the server could not find the requested resource")

  /// 405.
  static let methodNotAllowed = StatusError(
    405, "MethodNotAllowed", "the server does not allow this method on the requested resource")

  /// 415.
  static func unsupportedMediaType(_ accepted: [String]) -> StatusError {
    StatusError(
      415, "UnsupportedMediaType",
      "the body of the request was in an unknown format - accepted media types include: "
        + accepted.joined(separator: ", "))
  }

  /// 404 for an object.
  package static func notFound(_ key: ObjectKey) -> StatusError {
    StatusError(StoreError.notFound(key))
  }

  /// 422 for one field of an object.
  package static func invalid(
    _ name: String, kind: String, group: String, _ causes: [Cause]
  ) -> StatusError {
    let objections = causes.map { "\($0.field): \($0.message)" }
    return StatusError(
      422, "Invalid",
      "\(GroupResource(kind, group: group)) \"\(name)\" is invalid: "
        + (objections.count == 1 ? objections[0] : "[\(objections.joined(separator: ", "))]"),
      Details(name: name, group: group, kind: kind, causes: causes))
  }

  /// What the store refuses.
  package init(_ error: StoreError) {
    self.init(error.code, error.reason, error.description)
    switch error {
    case .notFound(let key), .alreadyExists(let key), .conflict(let key, _),
      .tooLarge(let key, _, _),
      .full(let key, _):
      details = Details(name: key.name, group: key.resource.group, kind: key.resource.resource)
    case .invalid(let key, let kind, let field, let reason):
      details = Details(
        name: key.name, group: key.resource.group, kind: kind,
        causes: [Cause(field: field, message: reason)])
    case .tooOld, .tooNew, .notWritten: break
    }
  }
}

extension HTTPResponse {
  /// A refusal.
  package init(_ error: StatusError) {
    self.init(error.tree, status: error.code)
  }

  /// An object.
  package init(_ tree: ObjectNode, status: Int = 200, warnings: [String] = []) {
    var body = tree.canonicalJSON
    body.append(UInt8(ascii: "\n"))
    self.init(json: body, status: status, warnings: warnings)
  }

  /// JSON that is there.
  init(json: [UInt8], status: Int = 200, warnings: [String] = []) {
    var fields: HTTPFields = [
      "Content-Type": "application/json", "Cache-Control": "no-cache, private",
    ]
    for warning in WarningField.values(warnings) { fields.append("Warning", warning) }
    self.init(status: status, fields: fields, body: .bytes(json))
  }
}
