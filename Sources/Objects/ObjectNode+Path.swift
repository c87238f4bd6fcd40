extension ObjectNode {
  /// The value of a key of the value of a key, and so on; `nil` where one is missing.
  package func at(_ keys: String...) -> ObjectNode? {
    var node = self
    for key in keys {
      guard let next = node[key] else { return nil }
      node = next
    }
    return node
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
