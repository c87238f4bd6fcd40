/// Variables that can be looked up, in whatever form they are stored.
package protocol VariableCollection {
  /// The variables as the firmware sees them, in the order of the store; no two of one name.
  var variables: [Variable] { get }
}

extension VariableCollection {
  /// The variable of a name.
  package subscript(_ name: VariableName) -> Variable? {
    variables.first { $0.name == name }
  }
}

/// Variables that can be changed, and stay in the form in which they are stored.
package protocol EditableVariables: VariableCollection {
  /// Sets a variable; the same one again changes no byte.
  ///
  /// - Throws: `VariableStoreFullError`, with the store as it was.
  mutating func set(_ variable: Variable) throws(VariableStoreFullError)

  /// Deletes a variable.
  ///
  /// - Returns: whether there was one of that name.
  @discardableResult
  mutating func delete(_ name: VariableName) -> Bool

  /// The file's bytes.
  ///
  /// - Throws: `EncodingError`.
  func encoded() throws -> [UInt8]
}
