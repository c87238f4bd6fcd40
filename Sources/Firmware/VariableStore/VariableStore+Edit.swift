/// A variable that does not fit into its store.
package struct VariableStoreFullError: Error, Hashable, CustomStringConvertible {
  /// The variable.
  package var name: VariableName
  /// How many bytes its entry takes.
  package var needed: Int
  /// How many bytes are free once deleted entries are cleared away.
  package var free: Int

  /// What is missing, and the way out.
  package var description: String {
    "\(name) needs \(needed) bytes and the store has \(free) left; delete variables, or begin with "
      + "a larger store (the 4 MiB builds of OVMF have one of 256 KiB)"
  }
}

extension VariableStore: EditableVariables {
  package func encoded() -> [UInt8] { bytes }

  /// Sets a variable; the same one again changes no byte.
  ///
  /// - Throws: `VariableStoreFullError`, with the store as it was.
  package mutating func set(_ variable: Variable) throws(VariableStoreFullError) {
    var variable = variable
    if !layout.isAuthenticated {
      (variable.time, variable.monotonicCount, variable.publicKeyIndex) = (.zero, 0, 0)
    }
    guard self[variable.name] != variable else { return }
    let entry = Entry.bytes(of: variable, isAuthenticated: layout.isAuthenticated)
    if entry.count > freeBytes || freeSpace == .unerased {
      // The firmware reclaims the same way: what counts for nothing goes, the rest keeps its order.
      var others = self
      others.delete(variable.name)
      others.reclaim()
      guard entry.count <= others.freeBytes else {
        throw VariableStoreFullError(
          name: variable.name, needed: entry.count, free: others.freeBytes)
      }
      self = others
    }
    mark(variable.name) { $0 & Entry.State.replaced.rawValue }
    let offset = end
    bytes.replaceSubrange(offset..<offset + entry.count, with: entry)
    entries.append(
      Entry(offset: offset, length: entry.count, state: .added, variable: variable))
  }

  /// Deletes a variable.
  ///
  /// - Returns: whether there was one of that name.
  @discardableResult
  package mutating func delete(_ name: VariableName) -> Bool {
    mark(name) { $0 & Entry.State.deletedMask }
  }

  /// Clears away the entries that count for nothing.
  package mutating func reclaim() {
    let live = variables
    var offset = layout.entries.lowerBound
    entries = []
    for variable in live {
      let entry = Entry.bytes(of: variable, isAuthenticated: layout.isAuthenticated)
      bytes.replaceSubrange(offset..<offset + entry.count, with: entry)
      entries.append(
        Entry(offset: offset, length: entry.count, state: .added, variable: variable))
      offset += entry.count
    }
    let rest = offset..<layout.entries.upperBound
    bytes.replaceSubrange(rest, with: repeatElement(0xff, count: rest.count))
    freeSpace = .erased
  }

  @discardableResult
  private mutating func mark(_ name: VariableName, _ change: (UInt8) -> UInt8) -> Bool {
    var isFound = false
    for index in entries.indices
    where entries[index].state.isLive && entries[index].variable.name == name {
      let state = Entry.State(rawValue: change(entries[index].state.rawValue))
      entries[index].state = state
      bytes[entries[index].offset + 2] = state.rawValue
      isFound = true
    }
    return isFound
  }
}
