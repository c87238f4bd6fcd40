extension ValueLimits {
  /// What is wrong with a value, its type aside.
  func causes(
    of node: ObjectNode, _ found: FieldFault, _ work: inout MatchingWork
  ) -> [StatusError.Cause] {
    var causes: [StatusError.Cause] = []
    if !choices.isEmpty, !choices.contains(node) {
      let names = choices.map { choice in
        "\"\(choice.string ?? String(decoding: choice.canonicalJSON, as: UTF8.self))\""
      }
      causes.append(
        found.other(
          "Unsupported value: \(String(decoding: node.canonicalJSON, as: UTF8.self)): supported "
            + "values: \(names.joined(separator: ", "))", "FieldValueNotSupported"))
    }
    switch node.schemaType {
    case "string": causes += text(node, found, &work)
    case "integer", "number": causes += number(node, found)
    case "array":
      causes += count(node.items.count, itemCounts, "items", found)
    case "object":
      causes += count(node.entries.count, propertyCounts, "properties", found)
    default: break
    }
    return causes
  }

  private func text(
    _ node: ObjectNode, _ found: FieldFault, _ work: inout MatchingWork
  ) -> [StatusError.Cause] {
    let value = node.string ?? ""
    let length = value.unicodeScalars.count
    var causes: [StatusError.Cause] = []
    if let most = lengths.most, length > most {
      causes.append(
        found.other("Too long: may not be more than \(most) bytes", "FieldValueTooLong"))
    }
    if let least = lengths.least, length < least {
      causes.append(found.invalid(node, "should be at least \(least) chars long"))
    }
    if let pattern, pattern.isFound(in: value, &work) == false {
      causes.append(found.invalid(node, "should match '\(pattern.text)'"))
    }
    // As in Go's registry of formats, hyphens of their names mean nothing.
    if let isFit = TextFormat.known[format.filter { $0 != "-" }], !isFit(value) {
      let quoted = String(decoding: node.canonicalJSON, as: UTF8.self)
      causes.append(
        found.other(
          "Invalid value: \(quoted): \(found.path) in body must be of type \(format): \(quoted)",
          "FieldValueTypeInvalid"))
    }
    return causes
  }

  private func number(_ node: ObjectNode, _ found: FieldFault) -> [StatusError.Cause] {
    guard let value = node.scalar.flatMap({ Double($0.text) }) else { return [] }
    var causes: [StatusError.Cause] = []
    if let maximum, isMaximumExclusive ? value >= maximum : value > maximum {
      let relation = isMaximumExclusive ? "less than" : "less than or equal to"
      causes.append(found.invalid(node, "should be \(relation) \(Self.words(maximum))"))
    }
    if let minimum, isMinimumExclusive ? value <= minimum : value < minimum {
      let relation = isMinimumExclusive ? "greater than" : "greater than or equal to"
      causes.append(found.invalid(node, "should be \(relation) \(Self.words(minimum))"))
    }
    if let multipleOf, multipleOf > 0 {
      // Tenths are no exact numbers: 0.3 is three times 0.1 all the same.
      let quotient = multipleOf < 1 ? 1 / multipleOf * value : value / multipleOf
      let distance = (quotient - quotient.rounded(.towardZero)).magnitude
      if distance > 0, distance / (2 * quotient.magnitude) >= 1e-9 {
        causes.append(found.invalid(node, "should be a multiple of \(Self.words(multipleOf))"))
      }
    }
    if format == "int32", type == "integer", Int32(exactly: value) == nil {
      causes.append(
        found.other(
          "Invalid value: \(String(decoding: node.canonicalJSON, as: UTF8.self)): Checked value must be "
            + "of type integer with format int32 in \(found.path)", "FieldValueInvalid"))
    }
    return causes
  }

  private func count(
    _ count: Int, _ limits: (least: Int?, most: Int?), _ name: String, _ found: FieldFault
  ) -> [StatusError.Cause] {
    var causes: [StatusError.Cause] = []
    if let most = limits.most, count > most {
      causes.append(
        found.other(
          "Too many: \(count): must have at most \(most) \(most == 1 ? "item" : "items")",
          "FieldValueTooMany"))
    }
    if let least = limits.least, count < least {
      causes.append(found.invalid(.integer(count), "should have at least \(least) \(name)"))
    }
    return causes
  }

  /// A number as Go's `%v` has it.
  private static func words(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }
}
