import FileSystem
import Firmware
import Foundation

/// Makes a machine's variable store what its next start shall begin with.
public struct MachineStoreKeeper: Sendable {
  /// The store.
  public let file: VariableStoreFile
  /// The store that it begins as.
  public let template: String
  /// Whether it outlives the lab.
  public let isPersistent: Bool
  /// Whether the manifest asks for Secure Boot.
  public let secureBoot: Bool

  /// The keeper of a store.
  public init(path: String, template: String, isPersistent: Bool, secureBoot: Bool) {
    file = VariableStoreFile(path: path)
    self.template = template
    self.isPersistent = isPersistent
    self.secureBoot = secureBoot
  }

  /// What a store was last prepared for.
  private struct Record: Codable {
    var secureBoot: Bool
  }

  private var recordPath: String {
    (file.path.hasSuffix(".fd") ? String(file.path.dropLast(3)) : file.path) + ".json"
  }

  /// Prepares the store for the next start: a new one from the template; without persistence always
  /// that; a kept one as it is, unless the firmware's layout or the manifest's Secure Boot changed.
  ///
  /// - Returns: what was done to a kept store, each a clause for a person.
  /// - Throws: `VariableStoreFileError`, `FileError`, `VariableStoreFullError`; the store is as it
  ///   was then.
  public func prepare() throws -> [String] {
    try Files.makeParent(of: file.path)
    var changes: [String] = []
    if isPersistent, Files.exists(file.path) {
      let record = try? JSONDecoder().decode(Record.self, from: Files.read(recordPath))
      let changed = record.map { $0.secureBoot != secureBoot } ?? false
      let adaptation = try file.read().adapted(
        to: VariableStoreFile(path: template).read(), secureBoot: changed ? secureBoot : nil)
      changes = adaptation.changes
      if !changes.isEmpty { try file.write(adaptation.store) }
    } else {
      try Files.write(try Files.read(template), to: file.path)
    }
    if isPersistent {
      try Files.write(try JSONEncoder().encode(Record(secureBoot: secureBoot)), to: recordPath)
    }
    return changes
  }
}
