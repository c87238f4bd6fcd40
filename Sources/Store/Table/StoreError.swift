import FileSystem
import Objects

/// Why the store refuses a request.
package enum StoreError: Error, Equatable {
  /// No object has the key.
  case notFound(ObjectKey)
  /// An object to be made is there.
  case alreadyExists(ObjectKey)
  /// The object is another than the writer thinks; the text says in what.
  case conflict(ObjectKey, String)
  /// A field has a value that cannot be stored.
  case invalid(ObjectKey, kind: String, field: String, reason: String)
  /// The object has more bytes as JSON than an object may have.
  case tooLarge(ObjectKey, bytes: Int, limit: Int)
  /// All objects together would have more bytes as JSON than the store keeps.
  case full(ObjectKey, limit: Int)
  /// Changes after this revision are forgotten; the oldest that is kept is the other one.
  case tooOld(Int, oldest: Int)
  /// A revision that the store has not reached.
  case tooNew(Int, current: Int)
  /// The change could not be written to the file, and has not happened.
  case notWritten(String)

  /// The conflict of a write that was made from a version which is not the newest.
  package static func modified(_ key: ObjectKey) -> StoreError {
    .conflict(
      key,
      "the object has been modified; please apply your changes to the latest version and try again")
  }
}

/// As a Kubernetes API server answers it (its Status object).
extension StoreError: CustomStringConvertible {
  /// The HTTP status.
  package var code: Int {
    switch self {
    case .notFound: 404
    case .alreadyExists, .conflict: 409
    case .invalid: 422
    case .tooLarge: 413
    case .tooOld: 410
    case .tooNew: 504
    case .full, .notWritten: 500
    }
  }

  /// The word in the field `reason` of a Status.
  package var reason: String {
    switch self {
    case .notFound: "NotFound"
    case .alreadyExists: "AlreadyExists"
    case .conflict: "Conflict"
    case .invalid: "Invalid"
    case .tooLarge: "RequestEntityTooLarge"
    case .tooOld: "Expired"
    case .tooNew: "Timeout"
    case .full, .notWritten: "InternalError"
    }
  }

  /// The sentence in the field `message` of a Status.
  package var description: String {
    switch self {
    case .notFound(let key): "\(key.resource) \"\(key.name)\" not found"
    case .alreadyExists(let key): "\(key.resource) \"\(key.name)\" already exists"
    case .conflict(let key, let difference):
      "Operation cannot be fulfilled on \(key.resource) \"\(key.name)\": \(difference)"
    case .invalid(let key, let kind, let field, let reason):
      "\(GroupResource(kind, group: key.resource.group)) \"\(key.name)\" is invalid: "
        + "\(field): \(reason)"
    case .tooLarge(let key, let bytes, let limit):
      "\(key.resource) \"\(key.name)\" has \(bytes) bytes as JSON; an object may have \(limit)"
    case .full(let key, let limit):
      "\(key.resource) \"\(key.name)\" cannot be stored: all objects together may have \(limit) "
        + "bytes as JSON; delete some"
    case .tooOld(let revision, let oldest): "too old resource version: \(revision) (\(oldest))"
    case .tooNew(let revision, let current):
      "Too large resource version: \(revision), current: \(current)"
    case .notWritten(let reason): "the change is not stored: \(reason)"
    }
  }
}
