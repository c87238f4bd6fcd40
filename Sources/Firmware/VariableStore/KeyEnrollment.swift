/// Keys to put into a store, as a person at the firmware's setup would.
package struct KeyEnrollment: Hashable, Sendable {
  /// Who owns the signatures.
  package var owner: GUID
  /// The platform key, a certificate in DER, which replaces another; with one, Secure Boot is on.
  package var platformKey: [UInt8]?
  /// Certificates in DER that join `KEK`.
  package var keyExchangeKeys: [[UInt8]]
  /// What joins `db`.
  package var allowed: [Item]
  /// What joins `dbx`.
  package var forbidden: [Item]
  /// Certificates in DER that HTTPS boot trusts.
  package var authorities: [[UInt8]]

  /// A certificate or a hash.
  package enum Item: Hashable, Sendable {
    /// A certificate in DER.
    case certificate([UInt8])
    /// The 32 bytes of an image's SHA-256 (`AuthenticodeImage`).
    case sha256([UInt8])
  }

  /// Keys of one owner, pxelab unless said otherwise.
  package init(
    owner: GUID = .pxelab, platformKey: [UInt8]? = nil, keyExchangeKeys: [[UInt8]] = [],
    allowed: [Item] = [], forbidden: [Item] = [], authorities: [[UInt8]] = []
  ) {
    self.owner = owner
    self.platformKey = platformKey
    self.keyExchangeKeys = keyExchangeKeys
    self.allowed = allowed
    self.forbidden = forbidden
    self.authorities = authorities
  }
}

extension GUID {
  /// The owner of what pxelab enrols.
  package static let pxelab = GUID(0x3f8b_6c52, 0x41d7, 0x4e0a, 0x9d35_7078_656c_6162)
}

extension VariableName {
  /// The variables that hold the keys of Secure Boot.
  package static let keys: [VariableName] = [.platformKey, .keyExchangeKeys, .allowed, .forbidden]
}

extension EditableVariables {
  /// Puts keys into the store; one that is there is not added again.
  ///
  /// - Throws: `EFIDecodingError` when a variable of keys does not hold keys,
  ///   `VariableStoreFullError`.
  package mutating func enroll(_ keys: KeyEnrollment) throws {
    if let key = keys.platformKey {
      try setSignatures(.platformKey) { database in
        database = SignatureDatabase()
        database.add(Signature(owner: keys.owner, data: key), kind: .x509)
      }
      try setSecureBoot(enabled: true)
    }
    try add(keys.keyExchangeKeys.map { .certificate($0) }, to: .keyExchangeKeys, keys.owner)
    try add(keys.allowed, to: .allowed, keys.owner)
    try add(keys.forbidden, to: .forbidden, keys.owner)
    try add(keys.authorities.map { .certificate($0) }, to: .tlsCACertificate, keys.owner)
  }

  /// Takes all keys of Secure Boot out: the next start is in setup mode.
  package mutating func removeKeys() {
    for name in VariableName.keys { delete(name) }
  }

  /// Puts the keys of another store, with all that it allows and forbids, in the place of this one's.
  ///
  /// - Throws: `VariableStoreFullError`.
  package mutating func takeKeys(of other: some VariableCollection) throws(VariableStoreFullError) {
    for name in VariableName.keys {
      if let variable = other[name] { try set(variable) } else { delete(name) }
    }
    if other[.platformKey] != nil { try setSecureBoot(enabled: true) }
  }

  /// Adds the keys of another store, with all that it allows and forbids, to this one's; its platform
  /// key takes the place of this one's.
  ///
  /// - Throws: `EFIDecodingError` when a variable of keys does not hold keys,
  ///   `VariableStoreFullError`.
  package mutating func addKeys(of other: some VariableCollection) throws {
    for name in VariableName.keys {
      guard let variable = other[name] else { continue }
      if name == .platformKey || self[name] == nil {
        try set(variable)
      } else {
        let more = try SignatureDatabase(bytes: variable.data)
        try setSignatures(name) { database in
          for (kind, signature) in more.signatures { database.add(signature, kind: kind) }
        }
      }
    }
    if other[.platformKey] != nil { try setSecureBoot(enabled: true) }
  }

  /// Turns Secure Boot on or off for a store with a platform key, as edk2's setup does.
  ///
  /// - Throws: `VariableStoreFullError`.
  package mutating func setSecureBoot(enabled: Bool) throws(VariableStoreFullError) {
    try set(
      Variable(.secureBootEnable, attributes: .bootService, data: [enabled ? 1 : 0]))
    try set(Variable(.customMode, attributes: .bootService, data: [0]))
  }

  private mutating func add(
    _ items: [KeyEnrollment.Item], to name: VariableName, _ owner: GUID
  ) throws {
    guard !items.isEmpty else { return }
    try setSignatures(name) { database in
      for item in items {
        switch item {
        case .certificate(let data):
          database.add(Signature(owner: owner, data: data), kind: .x509)
        case .sha256(let data): database.add(Signature(owner: owner, data: data), kind: .sha256)
        }
      }
    }
  }

  private mutating func setSignatures(
    _ name: VariableName, _ change: (inout SignatureDatabase) -> Void
  ) throws {
    let former = self[name]
    var database = try SignatureDatabase(bytes: former?.data ?? [])
    change(&database)
    let attributes = former?.attributes ?? name.usualAttributes ?? .secureBoot
    let isSigned = attributes.contains(.timeBasedAuthenticatedWrite)
    try set(
      Variable(
        name, attributes: attributes, data: database.bytes,
        time: former?.time ?? (isSigned ? .unsigned : .zero)))
  }
}
