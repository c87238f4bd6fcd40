import FileSystem
import Firmware
import FoundationEssentials

/// Makes a machine's variable store what its next start shall begin with.
package struct MachineStoreKeeper: Sendable {
  /// The store.
  package let file: VariableStoreFile
  /// The store that it begins as.
  package let template: String
  /// Whether it outlives the lab.
  package let isPersistent: Bool
  /// Whether the manifest asks for Secure Boot.
  package let secureBoot: Bool
  /// The file of a certificate in DER that HTTPS boot shall trust; `nil` for none.
  package let authority: String?

  /// The keeper of a store.
  package init(
    path: String, template: String, isPersistent: Bool, secureBoot: Bool, authority: String? = nil
  ) {
    file = VariableStoreFile(path: path)
    self.template = template
    self.isPersistent = isPersistent
    self.secureBoot = secureBoot
    self.authority = authority
  }

  /// What a store was last prepared for.
  private struct Record: Codable {
    var secureBoot: Bool
  }

  private var recordPath: String {
    (file.path.hasSuffix(".fd") ? String(file.path.dropLast(3)) : file.path) + ".json"
  }

  /// Prepares the store for the next start: a new one from the template; without persistence always
  /// that; a kept one as it is, unless the firmware's layout or the manifest's Secure Boot changed, or
  /// it does not trust the authority.
  ///
  /// - Returns: what was done to a kept store, each a clause for a person.
  /// - Throws: `VariableStoreFileError`, `FileError`, `VariableStoreFullError`, and
  ///   `EFIDecodingError` when TlsCaCertificate holds no certificates; the store is as it was then.
  package func prepare() throws -> [String] {
    try Files.makeParent(of: file.path)
    var changes: [String] = []
    if isPersistent, Files.exists(file.path) {
      let record = try? JSONDecoder().decode(Record.self, from: Files.read(recordPath))
      let changed = record.map { $0.secureBoot != secureBoot } ?? false
      let adaptation = try file.read().adapted(
        to: VariableStoreFile(path: template).read(), secureBoot: changed ? secureBoot : nil)
      changes = adaptation.changes
      let store = try trusting(adaptation.store)
      if store != adaptation.store {
        changes.append("its HTTPS boot trusts the lab's certificate authority now")
      }
      if !changes.isEmpty { try file.write(store) }
    } else {
      try begin()
    }
    if isPersistent {
      try Files.write(try JSONEncoder().encode(Record(secureBoot: secureBoot)), to: recordPath)
    }
    return changes
  }

  /// Makes the store what a new one is.
  ///
  /// - Throws: as ``prepare()``.
  package func begin() throws {
    guard authority != nil else {
      return try Files.write(try Files.read(template), to: file.path)
    }
    let store = try trusting(VariableStoreFile(path: template).read())
    try Files.write(Data(store.bytes), to: file.path)
  }

  /// A store whose HTTPS boot trusts the authority.
  private func trusting(_ store: VariableStore) throws -> VariableStore {
    guard let authority else { return store }
    var store = store
    try store.enroll(KeyEnrollment(authorities: [[UInt8](try Files.read(authority))]))
    return store
  }
}
