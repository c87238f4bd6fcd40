/// What the firmware will make of a store's Secure Boot variables at its next start. `SecureBoot` and
/// `SetupMode` themselves are volatile and never in a store (UEFI 2.10 section 32.3; edk2
/// SecurityPkg/Library/AuthVariableLib).
package enum SecureBootState: String, Hashable, Sendable {
  /// There is no platform key: `SetupMode` is 1, `SecureBoot` 0.
  case setupMode = "setup mode"
  /// There is a platform key, and `SecureBootEnable` is 0.
  case disabled
  /// There is a platform key: firmware that can do Secure Boot does it.
  case enabled

  /// The state of a store.
  package init(_ store: some VariableCollection) {
    if store[.platformKey] == nil {
      self = .setupMode
    } else {
      self = store[.secureBootEnable]?.data == [0] ? .disabled : .enabled
    }
  }
}
