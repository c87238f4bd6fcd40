import FoundationEssentials

/// An error's reason in words for a person. Errors of libraries print themselves as Swift values.
package func reason(of error: any Error) -> String {
  switch error {
  case let error as DecodingError: error.reason
  default: "\(error)"
  }
}

extension DecodingError {
  fileprivate var reason: String {
    switch self {
    case .keyNotFound(let key, let context):
      Self.text(context.codingPath, "\(key.stringValue) is missing")
    case .valueNotFound(_, let context): Self.text(context.codingPath, "a value is missing")
    case .typeMismatch(_, let context): Self.text(context.codingPath, "a value of another type")
    case .dataCorrupted(let context): Self.text(context.codingPath, context.debugDescription)
    @unknown default: "it cannot be read"
    }
  }

  /// `machines[0].name: TEXT`.
  private static func text(_ path: [any CodingKey], _ text: String) -> String {
    var place = ""
    for key in path {
      if let index = key.intValue {
        place += "[\(index)]"
      } else {
        place += place.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return place.isEmpty ? text : "\(place): \(text)"
  }
}
