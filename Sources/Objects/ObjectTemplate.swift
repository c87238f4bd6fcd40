/// An OpenShift Template: objects in which parameters stand for values (openshift/api,
/// template/v1, types.go; `oc process`).
///
/// The parameters' defaults are put in: `${NAME}` into a text, `${{NAME}}` in place of a whole text,
/// then as the value that it reads as. A parameter that is generated has a value of its expression's
/// form, the same at each reading, and another one in each template. A field whose parameter nobody
/// has given a value yet is left out, but for names: they become one that is made of the parameter's. So is a
/// field whose text is JSON with such a parameter in it, as a network's configuration: nobody can read it.
package struct ObjectTemplate {
  /// The objects with values in the place of parameters.
  package let objects: [ObjectNode]

  /// The bytes that values may add; after that, texts stay as they are written.
  private static let limit = 8_388_608

  /// Reads a document; `nil` for another kind of object.
  package init?(_ document: ManifestDocument) {
    guard document.kind == "Template", ["", "template.openshift.io"].contains(document.group) else {
      return nil
    }
    let objects = document.root["objects"]?.items ?? []
    // Two templates make two machines, also where both call the parameter NAME.
    let file = document.location.file.split(separator: "/").last.map(String.init) ?? ""
    let seed = "\(file) \(document.namespace)/\(document.name)"
    var values: [String: String?] = [:]
    for parameter in document.root["parameters"]?.items ?? [] {
      guard let name = parameter["name"]?.scalar?.text else { continue }
      let value = parameter["value"].flatMap { $0.isNull ? nil : $0.scalar?.text } ?? ""
      let expression =
        parameter["generate"]?.scalar?.text == "expression" ? parameter["from"]?.scalar?.text : nil
      values[name] = .some(
        value.isEmpty
          ? expression.map { ParameterExpression($0).value(seed: "\(seed) \(name)") } : value)
    }
    var processing = Processing(
      values: values, suffix: ParameterExpression("[a-z0-9]{5}").value(seed: seed),
      budget: Self.limit)
    self.objects = objects.compactMap { processing.processed($0, key: "") }
  }

  private struct Processing {
    /// The parameters' values by name; `nil` for what nobody has said.
    let values: [String: String?]
    /// What names of this template end in that are made of a parameter's.
    let suffix: String
    var budget: Int

    /// A node with values in the place of parameters; places stay. `nil` for a value that nobody has
    /// said yet.
    mutating func processed(_ node: ObjectNode, key: String) -> ObjectNode? {
      if node.isMapping {
        var entries: [ObjectNode.Entry] = []
        for entry in node.entries {
          guard let value = processed(entry.value, key: entry.key) else { continue }
          entries.append(
            ObjectNode.Entry(key: replaced(entry.key), location: entry.location, value: value))
        }
        return ObjectNode(.mapping(entries), location: node.location)
      }
      if node.isSequence {
        var items: [ObjectNode] = []
        for item in node.items {
          if let item = processed(item, key: key) { items.append(item) }
        }
        return ObjectNode(.sequence(items), location: node.location)
      }
      guard let scalar = node.scalar, scalar.text.contains("${") else { return node }
      let whole = scalar.text.wholeParameter
      if let whole, let value = values[whole.name] {
        guard let value else {
          // Everything that is called so needs a name.
          guard key.lowercased().hasSuffix("name") else { return nil }
          return ObjectNode(
            .scalar(.init(text: self.name(for: whole.name), isPlain: false)),
            location: node.location)
        }
        if !whole.isText, spend(value) {
          return ObjectNode(.scalar(.init(text: value, isPlain: true)), location: node.location)
        }
      }
      if refersToUnknown(scalar.text), isJSON(scalar.text) { return nil }
      return ObjectNode(
        .scalar(.init(text: replaced(scalar.text), isPlain: false)), location: node.location)
    }

    /// Whether a text refers to a parameter whose value nobody has said.
    private func refersToUnknown(_ text: String) -> Bool {
      values.contains { $0.value == nil && text.contains("${\($0.key)}") }
    }

    /// Whether a text is a mapping or a list in JSON, whatever stands for its parameters.
    private func isJSON(_ text: String) -> Bool {
      guard let first = text.first(where: { !$0.isWhitespace }), "{[".contains(first) else {
        return false
      }
      var whole = text
      for name in values.keys { whole.replace("${\(name)}", with: "0") }
      return (try? ObjectNode(json: Array(whole.utf8))) != nil
    }

    /// A text with the values of the parameters that it refers to; an unknown one stays.
    private mutating func replaced(_ text: String) -> String {
      var result = ""
      var rest = Substring(text)
      while let start = rest.firstRange(of: "${"),
        let end = rest[start.upperBound...].firstIndex(of: "}")
      {
        let name = String(rest[start.upperBound..<end])
        result += rest[..<start.lowerBound]
        let value = values[name].map { $0 ?? self.name(for: name) } ?? "${\(name)}"
        guard spend(value) else { return text }
        result += value
        rest = rest[end...].dropFirst()
      }
      return result + rest
    }

    private mutating func spend(_ value: String) -> Bool {
      budget -= value.utf8.count
      return budget >= 0
    }

    /// The parameter's name as the name of an object of this template: lower case, dashes.
    private func name(for parameter: String) -> String {
      let label = String(
        parameter.lowercased().unicodeScalars.map { scalar -> Character in
          switch scalar {
          case "a"..."z", "0"..."9": Character(scalar)
          default: "-"
          }
        })
      return (label.hasPrefix("-") ? "p" : "") + label + "-\(suffix)"
    }
  }
}

extension String {
  /// The one parameter that the text is: `${NAME}`, which is a text, or `${{NAME}}`.
  fileprivate var wholeParameter: (name: String, isText: Bool)? {
    let isText = !hasPrefix("${{")
    guard hasPrefix("${"), hasSuffix(isText ? "}" : "}}") else { return nil }
    let name = dropFirst(isText ? 2 : 3).dropLast(isText ? 1 : 2)
    return name.contains { "{}$".contains($0) } ? nil : (String(name), isText)
  }
}
