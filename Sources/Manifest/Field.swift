/// A cursor on a field of an object: its value if it is there, its path, and a log for what is
/// wrong with it.
///
/// Reading a field never throws: what has the wrong type is reported and reads as absent, so one
/// pass finds every problem.
public struct Field {
  /// The value; `nil` when the field is absent or null.
  public let node: ManifestNode?
  /// The field's path from the object's root.
  public let path: String
  /// Where the field is; the field around it when it is absent.
  public let location: SourceLocation
  /// Where problems go.
  public let log: ProblemLog

  /// A cursor; a null node counts as absent.
  public init(node: ManifestNode?, path: String, location: SourceLocation, log: ProblemLog) {
    self.node = node?.isNull == true ? nil : node
    self.path = path
    self.location = location
    self.log = log
  }

  /// Whether the field is there and not null.
  public var exists: Bool { node != nil }

  /// The field of a mapping with this name; absent when this is absent or no mapping.
  public subscript(name: String) -> Field {
    let childPath = path.isEmpty ? name : "\(path).\(name)"
    guard case .mapping(let entries)? = node?.content,
      let entry = entries.first(where: { $0.key == name })
    else { return Field(node: nil, path: childPath, location: location, log: log) }
    return Field(node: entry.value, path: childPath, location: entry.location, log: log)
  }

  /// Reports an error in this field.
  public func error(_ message: String) {
    log.report(.error, at: location, field: path, message)
  }

  /// Reports a warning about this field.
  public func warning(_ message: String) {
    log.report(.warning, at: location, field: path, message)
  }

  /// Reports a value of the wrong type.
  private func expected(_ what: String) {
    guard let node else { return }
    var found = node.jsonKind
    if case .scalar(let scalar) = node.content {
      found += " \(scalar.text.prefix(64).debugDescription)"
    }
    error("expected \(what), found \(found)")
  }
}

extension Field {
  /// The text; numbers and booleans without quotes are refused, as Kubernetes refuses them.
  public var string: String? {
    guard let node else { return nil }
    guard case .scalar(let scalar) = node.content, node.jsonKind == "string" else {
      expected("a string")
      return nil
    }
    return scalar.text
  }

  /// The text of a text or of a number.
  public var stringOrNumber: String? {
    guard let node else { return nil }
    guard case .scalar(let scalar) = node.content, node.jsonKind != "bool" else {
      expected("a string or a number")
      return nil
    }
    return scalar.text
  }

  /// The whole number.
  public var integer: Int? {
    guard let node else { return nil }
    guard case .scalar(let scalar) = node.content, let value = scalar.integer else {
      expected("a whole number")
      return nil
    }
    return value
  }

  /// The boolean.
  public var boolean: Bool? {
    guard let node else { return nil }
    guard case .scalar(let scalar) = node.content, let value = scalar.boolean else {
      expected("true or false")
      return nil
    }
    return value
  }

  /// The items of a sequence; empty when absent.
  public var items: [Field] {
    guard let node else { return [] }
    guard case .sequence(let items) = node.content else {
      expected("a list")
      return []
    }
    return items.enumerated().map { index, item in
      Field(node: item, path: "\(path)[\(index)]", location: item.location, log: log)
    }
  }

  /// The keys of a mapping with their fields, in the order of the file; empty when absent.
  public var entries: [(key: String, field: Field)] {
    guard let node else { return [] }
    guard case .mapping(let entries) = node.content else {
      expected("a mapping")
      return []
    }
    return entries.map { entry in
      let childPath = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      return (
        entry.key, Field(node: entry.value, path: childPath, location: entry.location, log: log)
      )
    }
  }

  /// A mapping of texts, such as labels; empty when absent.
  public var strings: [String: String] {
    var result: [String: String] = [:]
    for (key, field) in entries {
      if let text = field.string { result[key] = text }
    }
    return result
  }

  /// Warns of every key of this mapping that is not among the known ones, naming the nearest.
  ///
  /// - Parameter consequence: what becomes of an unknown field, from its name.
  public func warnUnknown(
    except known: Set<String>, consequence: (_ name: String) -> String = { _ in "it is ignored" }
  ) {
    for (key, field) in entries where !known.contains(key) {
      var message = "unknown field \(key.debugDescription)"
      if let near = nearest(to: key, among: known) {
        message += "; did you mean \(near.debugDescription)?"
      }
      let rest = consequence(key)
      if !rest.isEmpty { message += " (\(rest))" }
      field.warning(message)
    }
  }
}
