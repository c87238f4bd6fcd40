extension ObjectNode {
  /// The value of a key of the value of a key, and so on; `nil` where one is missing. Setting makes
  /// the mappings on the way, in the place of what is none; setting `nil` removes the key and makes
  /// nothing.
  package subscript(first: String, second: String, rest: String...) -> ObjectNode? {
    get { rest.reduce(self[first]?[second]) { node, key in node?[key] } }
    set { set(newValue, at: ([first, second] + rest)[...]) }
  }

  private mutating func set(_ value: ObjectNode?, at path: ArraySlice<String>) {
    guard let key = path.first else { return }
    if !isMapping {
      guard value != nil else { return }
      self = ObjectNode(.fields(SortedFields()))
    }
    let rest = path.dropFirst()
    guard !rest.isEmpty else {
      self[key] = value
      return
    }
    guard var child = self[key] ?? (value == nil ? nil : ObjectNode(.fields(SortedFields())))
    else { return }
    // The child is held once while it changes, so that it is not copied.
    if isCanonical { self[key] = .null }
    child.set(value, at: rest)
    self[key] = child
  }

  /// Where the field at a path is, its key where it has one; `nil` when no file has the field.
  ///
  /// - Parameter path: a path such as `spec.domain.devices.interfaces[1].bootOrder`. A key with a dot
  ///   in it has none.
  package func place(of path: String) -> SourceLocation? {
    let (location, isWritten) = walk(path)
    return isWritten ? location : nil
  }

  /// The place of the last step of a path that a file has, and whether that is the last of all.
  func walk(_ path: String) -> (location: SourceLocation?, isWritten: Bool) {
    var node = self
    var location = self.location
    var isWritten = location != nil
    for step in path.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }) {
      if let entry = node.entry(String(step)) {
        isWritten = entry.location != nil
        location = entry.location ?? location
        node = entry.value
      } else if node.isSequence, let index = Int(step), let item = node.item(index) {
        isWritten = item.location != nil
        location = item.location ?? location
        node = item
      } else {
        return (location, false)
      }
    }
    return (location, isWritten)
  }
}
