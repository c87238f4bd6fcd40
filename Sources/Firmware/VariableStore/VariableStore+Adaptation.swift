/// What became of a machine's store when its firmware or its manifest changed.
package struct StoreAdaptation: Hashable, Sendable {
  /// The store that fits now.
  package var store: VariableStore
  /// What was done, each a clause for a person.
  package var changes: [String]
}

extension VariableStore {
  /// The store as it fits firmware that comes with a template: with the template's layout, and with
  /// Secure Boot as the manifest now has it. What can be kept is kept.
  ///
  /// - Parameters:
  ///   - template: the store that the firmware comes with.
  ///   - secureBoot: whether the manifest asks for Secure Boot, if that has changed; `nil` leaves
  ///     keys and switches as they are.
  /// - Throws: `VariableStoreFullError` when the template has too little room for the variables.
  package func adapted(
    to template: VariableStore, secureBoot: Bool?
  ) throws(VariableStoreFullError) -> StoreAdaptation {
    var adaptation = StoreAdaptation(store: self, changes: [])
    if layout != template.layout || bytes.count != template.bytes.count {
      var moved = template
      for variable in template.variables { moved.delete(variable.name) }
      moved.reclaim()
      for variable in variables { try moved.set(variable) }
      adaptation = StoreAdaptation(
        store: moved,
        changes: ["its \(variables.count) variables were moved to the firmware's new layout"])
    }
    guard let secureBoot else { return adaptation }
    switch (secureBoot, SecureBootState(self)) {
    case (true, .enabled), (false, .disabled), (false, .setupMode): break
    case (true, .disabled):
      try adaptation.store.setSecureBoot(enabled: true)
      adaptation.changes.append("Secure Boot is on again, with the keys that it has")
    case (true, .setupMode):
      try adaptation.store.takeKeys(of: template)
      adaptation.changes.append("it got the firmware's keys for Secure Boot")
    case (false, .enabled):
      try adaptation.store.setSecureBoot(enabled: false)
      adaptation.changes.append("Secure Boot is off; its keys stay for when it is on again")
    }
    return adaptation
  }
}
