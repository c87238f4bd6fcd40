/// The fields of a canonical mapping, sorted by the bytes of their names.
///
/// An array and no dictionary: most objects have few fields, and a store has very many of them. An
/// entry takes 40 bytes.
struct SortedFields: Sendable {
  /// One field.
  struct Field: Sendable {
    /// The name.
    let name: String
    /// The value.
    var value: ObjectNode
  }

  /// The fields in the order of their names.
  private(set) var sorted: [Field] = []

  /// No fields.
  init() {}

  /// Fields in any order; of fields with one name the last counts.
  init(_ fields: [Field]) {
    let isSorted = zip(fields, fields.dropFirst()).allSatisfy { $0.name.byteOrder($1.name) < 0 }
    if isSorted {
      sorted = fields
      return
    }
    let ordered = fields.enumerated().sorted { left, right in
      let order = left.element.name.byteOrder(right.element.name)
      return order == 0 ? left.offset < right.offset : order < 0
    }
    for (_, field) in ordered { append(field) }
  }

  private mutating func append(_ field: Field) {
    if let last = sorted.last, last.name.byteOrder(field.name) == 0 { sorted.removeLast() }
    sorted.append(field)
  }

  /// Whether there are none.
  var isEmpty: Bool { sorted.isEmpty }

  /// The value of a field. Setting `nil` removes the field.
  subscript(name: String) -> ObjectNode? {
    get {
      let (index, isThere) = place(of: name)
      return isThere ? sorted[index].value : nil
    }
    set {
      let (index, isThere) = place(of: name)
      switch (newValue, isThere) {
      case (let value?, true): sorted[index].value = value
      case (let value?, false): sorted.insert(Field(name: name, value: value), at: index)
      case (nil, true): sorted.remove(at: index)
      case (nil, false): break
      }
    }
  }

  /// Where a field is, or where it would be.
  private func place(of name: String) -> (index: Int, isThere: Bool) {
    var low = 0
    var high = sorted.count
    // Names mostly come in order when an object is read or made.
    if let last = sorted.last, last.name.byteOrder(name) < 0 { return (high, false) }
    while low < high {
      let middle = (low + high) / 2
      let order = sorted[middle].name.byteOrder(name)
      if order == 0 { return (middle, true) }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return (low, false)
  }
}

extension SortedFields: Equatable {
  /// Whether names and values are the same.
  static func == (left: SortedFields, right: SortedFields) -> Bool { left.sorted == right.sorted }
}

extension SortedFields.Field: Equatable {
  static func == (left: Self, right: Self) -> Bool {
    left.name.byteOrder(right.name) == 0 && left.value == right.value
  }
}
