/// A cursor on a field of an object: its value if it is there, its path, and a log for what is
/// wrong with it.
///
/// Reading a field never throws: what has the wrong type is reported and reads as absent, so one
/// pass finds every problem.
package struct Field {
  /// The value; `nil` when the field is absent or null.
  package let node: ObjectNode?
  /// Where problems go.
  package let log: ProblemLog
  private let trail: FieldTrail
  private let line: Int32
  private let column: Int32

  /// A cursor; a null node counts as absent.
  package init(node: ObjectNode?, path: String, location: SourceLocation, log: ProblemLog) {
    self.init(node, FieldTrail(path: path, file: location.file), location, log)
  }

  private init(
    _ node: ObjectNode?, _ trail: FieldTrail, _ location: SourceLocation, _ log: ProblemLog
  ) {
    self.node = node?.isNull == true ? nil : node
    self.trail = trail
    self.log = log
    line = Int32(clamping: location.line)
    column = Int32(clamping: location.column)
  }

  /// An absent field inside another.
  private init(absent name: String, in parent: Field) {
    node = nil
    trail = FieldTrail(parent.trail, .name(name))
    log = parent.log
    line = parent.line
    column = parent.column
  }

  /// The field's path from the object's root.
  package var path: String { trail.path }

  /// Where the field is; the field around it when it is absent or no file has it.
  package var location: SourceLocation {
    SourceLocation(file: trail.file, line: Int(line), column: Int(column))
  }

  /// Why the field is there when no file has it: the default that it is.
  package var reason: String? { node?.reason }

  /// Whether the field is there and not null.
  package var exists: Bool { node != nil }

  /// The field of a mapping with this name; absent when this is absent or no mapping.
  package subscript(name: String) -> Field {
    guard let entry = node?.entry(name) else { return Field(absent: name, in: self) }
    return Field(entry.value, FieldTrail(trail, .name(name)), entry.location ?? location, log)
  }

  /// Reports an error in this field.
  package func error(_ message: String) {
    log.report(.error, at: location, field: path, message)
  }

  /// Reports a warning about this field.
  package func warning(_ message: String) {
    log.report(.warning, at: location, field: path, message)
  }

  /// Reports a value of the wrong type.
  private func expected(_ what: String) {
    guard let node else { return }
    var found = node.jsonKind
    if let scalar = node.scalar {
      found += " \(scalar.text.prefix(64).debugDescription)"
    }
    error("expected \(what), found \(found)")
  }
}

extension Field {
  /// The text; numbers and booleans without quotes are refused, as Kubernetes refuses them.
  package var string: String? {
    guard let node else { return nil }
    guard let scalar = node.scalar,
      !scalar.isPlain || (scalar.boolean == nil && !scalar.isNumber)
    else {
      expected("a string")
      return nil
    }
    return scalar.text
  }

  /// The text of a text or of a number.
  package var stringOrNumber: String? {
    guard let node else { return nil }
    guard let scalar = node.scalar, node.jsonKind != "bool" else {
      expected("a string or a number")
      return nil
    }
    return scalar.text
  }

  /// The whole number.
  package var integer: Int? {
    guard let node else { return nil }
    guard let scalar = node.scalar, let value = scalar.integer else {
      expected("a whole number")
      return nil
    }
    return value
  }

  /// The boolean.
  package var boolean: Bool? {
    guard let node else { return nil }
    guard let scalar = node.scalar, let value = scalar.boolean else {
      expected("true or false")
      return nil
    }
    return value
  }

  /// The items of a sequence; empty when absent.
  package var items: [Field] {
    guard let node else { return [] }
    guard node.isSequence else {
      expected("a list")
      return []
    }
    return node.items.enumerated().map { index, item in
      Field(item, FieldTrail(trail, .index(index)), item.location ?? location, log)
    }
  }

  /// The keys of a mapping with their fields, in the order of the file; empty when absent.
  package var entries: [(key: String, field: Field)] {
    guard let node else { return [] }
    guard node.isMapping else {
      expected("a mapping")
      return []
    }
    return node.entries.map { entry in
      (
        entry.key,
        Field(entry.value, FieldTrail(trail, .name(entry.key)), entry.location ?? location, log)
      )
    }
  }

  /// A mapping of texts, such as labels; empty when absent.
  package var strings: [String: String] {
    var result: [String: String] = [:]
    for (key, field) in entries {
      if let text = field.string { result[key] = text }
    }
    return result
  }

  /// Warns of every key of this mapping that is not among the known ones, naming the nearest.
  ///
  /// - Parameter consequence: what becomes of an unknown field, from its name.
  package func warnUnknown(
    except known: Set<String>, consequence: (_ name: String) -> String = { _ in "it is ignored" }
  ) {
    guard let node else { return }
    guard node.isMapping else { return expected("a mapping") }
    let unknown = node.entries.filter { !known.contains($0.key) }
    for (index, entry) in unknown.enumerated() {
      let key = entry.key
      var message = "unknown field \(key.debugDescription)"
      // A guess is for a person with a few slips; among thousands it would take long.
      if index < 100, let near = nearest(to: key, among: known) {
        message += "; did you mean \(near.debugDescription)?"
      }
      let rest = consequence(key)
      if !rest.isEmpty { message += " (\(rest))" }
      Field(entry.value, FieldTrail(trail, .name(key)), entry.location ?? location, log)
        .warning(message)
    }
  }
}
