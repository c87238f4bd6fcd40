import LabManifest

/// How a machine's template is made of the firmware's own store: what lab.yaml's `efi` says.
package struct StoreCustomization: Codable, Sendable, Hashable {
  /// The firmware's own store.
  package var base: String
  /// Whose keys are in it.
  package var keys: LabKeyChoice
  /// Files of certificates that join `db`, as lab.yaml names them.
  package var trusted: [String]
  /// What joins `dbx`: SHA-256 in hexadecimal, and files of certificates or images, as lab.yaml
  /// names them.
  package var revoked: [String]
  /// Files of certificates that HTTPS boot trusts, as lab.yaml names them.
  package var authorities: [String]
  /// Further variables by name, as a person writes their values.
  package var variables: [String: String]

  init(base: String, _ efi: LabEFI) {
    self.base = base
    keys = efi.keys
    trusted = efi.trusted
    revoked = efi.revoked
    authorities = efi.authorities
    variables = efi.variables
  }
}
