/// A refusal of the API: the object Status (apimachinery, meta/v1/types.go).
package struct StatusError: Error, Sendable, Equatable {
  /// One thing wrong with a field.
  package struct Cause: Sendable, Equatable {
    /// The field's path.
    package var field: String
    /// What is wrong.
    package var message: String
    /// The sort of mistake: `FieldValueInvalid`.
    package var reason: String

    /// A cause.
    package init(field: String, message: String, reason: String = "FieldValueInvalid") {
      self.field = field
      self.message = message
      self.reason = reason
    }
  }

  /// What the refusal is about.
  package struct Details: Sendable, Equatable {
    /// The object's name.
    package var name: String
    /// Its group.
    package var group: String
    /// Its plural name; of an invalid object the kind.
    package var kind: String
    /// What is wrong with it.
    package var causes: [Cause]

    /// Details.
    package init(name: String = "", group: String = "", kind: String = "", causes: [Cause] = []) {
      self.name = name
      self.group = group
      self.kind = kind
      self.causes = causes
    }
  }

  /// The HTTP status.
  package var code: Int
  /// The word for programs: `NotFound`.
  package var reason: String
  /// The sentence for people.
  package var message: String
  /// What the refusal is about.
  package var details: Details?

  /// A refusal.
  package init(_ code: Int, _ reason: String, _ message: String, _ details: Details? = nil) {
    self.code = code
    self.reason = reason
    self.message = message
    self.details = details
  }

  /// The refusal that an object says; `nil` when it is no Status, or one of success.
  package init?(_ tree: ObjectNode) {
    guard tree["kind"]?.string == "Status", tree["status"]?.string != "Success" else { return nil }
    let details = tree["details"].map { details in
      Details(
        name: details["name"]?.string ?? "", group: details["group"]?.string ?? "",
        kind: details["kind"]?.string ?? "",
        causes: (details["causes"]?.items ?? []).map { cause in
          Cause(
            field: cause["field"]?.string ?? "", message: cause["message"]?.string ?? "",
            reason: cause["reason"]?.string ?? "")
        })
    }
    self.init(
      tree["code"]?.integer ?? 0, tree["reason"]?.string ?? "", tree["message"]?.string ?? "",
      details)
  }

  /// The object Status.
  package var tree: ObjectNode {
    var tree: ObjectNode = [
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
      "message": .text(message), "reason": .text(reason), "code": .integer(code),
    ]
    guard let details else { return tree }
    var node = ObjectNode.mapping()
    for (name, value) in [
      ("name", details.name), ("group", details.group), ("kind", details.kind),
    ] where !value.isEmpty {
      node[name] = .text(value)
    }
    if !details.causes.isEmpty {
      node["causes"] = .sequence(
        details.causes.map {
          ["reason": .text($0.reason), "message": .text($0.message), "field": .text($0.field)]
        })
    }
    tree["details"] = node
    return tree
  }
}

extension StatusError: CustomStringConvertible {
  /// The message.
  package var description: String { message }
}
