import Objects

/// A request to a lab's API came to nothing.
package enum APIClientError: Error, Sendable, Equatable {
  /// Nobody answers at the socket: its path, and why.
  case notReachable(socket: String, reason: String)
  /// The lab refuses.
  case refused(StatusError)
  /// The answer is none that this program knows; the text says what it was.
  case notUnderstood(String)
  /// No answer came in time.
  case timedOut(request: String, limit: Duration)
  /// The kind of an object or a key is none that this program knows.
  case unknownKind(String)
  /// The task was cancelled.
  case cancelled
}

extension APIClientError: CustomStringConvertible {
  /// What happened, for a person.
  package var description: String {
    switch self {
    case .notReachable(let socket, let reason): "the lab at \(socket) cannot be reached: \(reason)"
    case .refused(let status): status.message
    case .notUnderstood(let text):
      "the lab answered what this pxelab does not know (\(text)): is it of another version?"
    case .timedOut(let request, let limit): "\(request): no answer from the lab within \(limit)"
    case .unknownKind(let kind): "the API has no kind \(kind)"
    case .cancelled: "the request was cancelled"
    }
  }

  /// The refusal, if it is one.
  package var status: StatusError? {
    guard case .refused(let status) = self else { return nil }
    return status
  }

  /// Whether the object is not there.
  package var isNotFound: Bool { status?.reason == "NotFound" }
  /// Whether the object has changed since it was read.
  package var isConflict: Bool { status?.reason == "Conflict" }
  /// Whether an object that should be made is there.
  package var isAlreadyThere: Bool { status?.reason == "AlreadyExists" }
}
