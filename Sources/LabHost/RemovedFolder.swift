import FileSystem
import LabStore

/// The folder of a lab that is being removed, beside those of the labs: `.removing-NAME-IDENTITY`.
struct RemovedFolder: Hashable, Sendable {
  /// The lab's name.
  let lab: String
  /// The folder's path.
  let path: String

  private static let prefix = ".removing-"

  /// What a lab's folder is renamed to.
  init(of directory: String, _ identity: LabIdentity) {
    lab = Files.name(of: directory)
    path = "\(Files.parent(of: directory))/\(Self.prefix)\(lab)-\(identity)"
  }

  private init?(name: String, in folder: String) {
    guard name.hasPrefix(Self.prefix), let dash = name.lastIndex(of: "-"),
      LabIdentity(String(name[name.index(after: dash)...])) != nil
    else { return nil }
    let start = name.index(name.startIndex, offsetBy: Self.prefix.count)
    guard start < dash else { return nil }
    lab = String(name[start..<dash])
    path = "\(folder)/\(name)"
  }

  /// All of those in a folder of labs, sorted by path.
  static func all(in folder: String) throws(FileError) -> [RemovedFolder] {
    try Files.names(in: folder).compactMap { RemovedFolder(name: $0, in: folder) }
  }
}
