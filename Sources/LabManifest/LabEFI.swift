import Objects

/// What a machine's variable store holds before its first start.
package struct LabEFI: Codable, Hashable, Sendable {
  /// Whose keys Secure Boot begins with.
  package var keys: LabKeyChoice
  /// Files of certificates whose images may boot too.
  package var trusted: [String]
  /// What may not boot: an image's SHA-256 in hexadecimal, or a file that is a certificate or an
  /// image, of the lab's folder or served.
  package var revoked: [String]
  /// Files of certificates that HTTPS boot trusts.
  package var authorities: [String]
  /// Further variables by name, with the values as `pxelab efi set` takes them.
  package var variables: [String: String]
}

/// Whose keys Secure Boot begins with.
package enum LabKeyChoice: String, Codable, CaseIterable, Hashable, Sendable {
  /// The ones that the distribution's firmware comes with: Microsoft's.
  case distribution
  /// The lab's own.
  case lab
  /// None: setup mode.
  case none
}

extension LabEFI {
  /// What a `lab.yaml` says of a machine's store; `nil` when it says nothing.
  init?(_ field: Field) {
    guard field.exists else { return nil }
    field.warnUnknown(except: LabFields.efi)
    keys = field["keys"].choice() ?? .distribution
    trusted = Self.files(field["trust"])
    revoked = Self.files(field["revoke"])
    authorities = Self.files(field["authorities"])
    variables = field["variables"].strings
  }

  private static func files(_ field: Field) -> [String] {
    field.items.compactMap { item in
      guard let name = item.stringOrNumber else { return nil }
      if name.isEmpty { item.error("the name of the file is empty") }
      return name
    }
  }
}
