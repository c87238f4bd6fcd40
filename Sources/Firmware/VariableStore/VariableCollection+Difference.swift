/// A variable that two stores do not have alike.
package struct VariableDifference: Hashable, Sendable {
  /// The name.
  package var name: VariableName
  /// The variable of the first store; `nil` where it has none.
  package var before: Variable?
  /// The variable of the second store; `nil` where it has none.
  package var after: Variable?
}

extension VariableCollection {
  /// What differs in another store, by name; deleted entries and the order do not count.
  package func differences(to other: some VariableCollection) -> [VariableDifference] {
    let before = Dictionary(variables.map { ($0.name, $0) }) { first, _ in first }
    let after = Dictionary(other.variables.map { ($0.name, $0) }) { first, _ in first }
    return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
      .sorted { $0.description < $1.description }
      .map { VariableDifference(name: $0, before: before[$0], after: after[$0]) }
  }

  /// The name that a person writes: `db`, `Boot0001`, or `NAME-GUID`; without a GUID the one
  /// variable of that name in the store, else the one that is known.
  ///
  /// - Throws: `EFIDecodingError` when several are meant, or none that is known.
  package func name(_ text: String) throws(EFIDecodingError) -> VariableName {
    if text.count > 37, let vendor = GUID(String(text.suffix(36))), text.dropLast(36).last == "-" {
      return VariableName(String(text.dropLast(37)), vendor: vendor)
    }
    let found = variables.map(\.name).filter { $0.name == text }
    if found.count == 1 { return found[0] }
    if let known = VariableName(wellKnown: text) { return known }
    let hint = variables.map(\.name).first { $0.name.lowercased() == text.lowercased() }
    throw EFIDecodingError(
      structure: "variable", offset: 0,
      reason: found.isEmpty
        ? "the store has no \(text.debugDescription)"
          + (hint.map { "; did you mean \($0.name)?" }
            ?? ": write NAME-GUID for one that is not known here")
        : "several have the name \(text): \(found.map(\.description).joined(separator: ", "))")
  }
}
