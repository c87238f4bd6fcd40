import Objects

extension JSONTree: Equatable {
  /// Whether two values are written the same: 4 is not 4.0, and texts are equal byte by byte.
  package static func == (left: JSONTree, right: JSONTree) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.double(let left), .double(let right)): left == right
    case (.string(let left), .string(let right)): left.byteOrder(right) == 0
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  /// The same value, with the parts that are equal in `other` taken from there, so that a new
  /// version of an object shares memory with the one before.
  package func sharing(with other: JSONTree) -> JSONTree {
    switch (self, other) {
    case (.object(let fields), .object(let others)):
      let shared = fields.sorted.map { field in
        JSONFields.Field(
          name: field.name,
          value: others[field.name].map(field.value.sharing) ?? field.value)
      }
      let all = JSONFields(shared)
      return all == others ? other : .object(all)
    case (.array(let items), .array(let others)):
      let shared = items.enumerated().map { index, item in
        index < others.count ? item.sharing(with: others[index]) : item
      }
      return shared == others ? other : .array(shared)
    default:
      return self == other ? other : self
    }
  }
}

extension JSONFields: Equatable {
  /// Whether names and values are the same.
  package static func == (left: JSONFields, right: JSONFields) -> Bool {
    left.sorted.elementsEqual(right.sorted) { one, other in
      one.name.byteOrder(other.name) == 0 && one.value == other.value
    }
  }
}
