import FileSystem
import FoundationEssentials
import Glibc
import Planning

/// What is kept of labs that are gone: their logs, consoles, captures, objects and reports.
///
/// The newest labs of a user, in number and size bounded, below `kept` of the state folder.
package struct KeptEvidence: Sendable {
  /// One lab's.
  package struct Lab: Sendable, Hashable {
    /// The lab's name.
    package var name: String
    /// When it was removed: `2026-11-30T03.24.37.090Z`.
    package var time: String
    /// The folder.
    package var path: String

    /// The files, by their paths in the folder, sorted.
    ///
    /// - Throws: `FileError`.
    package func files() throws(FileError) -> [String] {
      try Files.descendants(of: path).filter { Files.size(of: "\(path)/\($0)") != nil }
    }
  }

  /// How many labs are kept.
  package static let mostLabs = 5
  /// How much of one is kept, in bytes; what is larger is left out, largest files first.
  package static let mostBytes = 256 << 20

  private let folder: String

  /// What is kept below a state folder.
  package init(stateFolder: String) {
    folder = "\(stateFolder)/kept"
  }

  /// The labs, the newest first.
  ///
  /// - Parameter name: of this name only.
  /// - Throws: `FileError`.
  package func labs(named name: String? = nil) throws(FileError) -> [Lab] {
    try Files.names(in: folder).compactMap { entry -> Lab? in
      guard let at = entry.firstIndex(of: "@") else { return nil }
      let lab = String(entry[..<at])
      guard name == nil || name == lab else { return nil }
      return Lab(
        name: lab, time: String(entry[entry.index(after: at)...]), path: "\(folder)/\(entry)")
    }
    .sorted { ($0.time, $0.name) > ($1.time, $1.name) }
  }

  /// Takes over what is worth keeping of the folder of a lab that is being removed, and drops the oldest
  /// labs beyond the bound.
  ///
  /// - Throws: `FileError`; what was taken by then is not in the lab's folder any more.
  func take(from directory: String, lab: String, at time: Date = Date()) throws(FileError) {
    let files = try Self.worthKeeping(in: directory)
    guard !files.isEmpty else { return }
    // A removal that was cut short goes on with what it has.
    let unfinished = "\(folder)/.new-\(Files.name(of: directory))"
    try Files.makeFolder(unfinished)
    for file in files {
      try Files.makeParent(of: "\(unfinished)/\(file)")
      try Files.rename("\(directory)/\(file)", to: "\(unfinished)/\(file)")
    }
    let stamp = time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
      .replacing(":", with: ".")
    try Files.rename(unfinished, to: "\(folder)/\(lab)@\(stamp)")
    try drop(try Array(labs().dropFirst(Self.mostLabs)))
  }

  /// Removes what is kept of a lab.
  ///
  /// - Throws: `FileError`.
  package func remove(_ name: String) throws(FileError) { try drop(try labs(named: name)) }

  private func drop(_ labs: [Lab]) throws(FileError) {
    for lab in labs { try Files.remove(lab.path) }
  }

  /// The files to keep, by their paths in the lab's folder.
  private static func worthKeeping(in directory: String) throws(FileError) -> [String] {
    var sizes: [(path: String, size: Int)] = []
    for path in try Files.descendants(of: directory) where isEvidence(path) {
      var status = stat()
      // A lab's machines may have made links.
      guard lstat("\(directory)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_size > 0
      else { continue }
      sizes.append((path, Int(status.st_size)))
    }
    sizes.sort { $0.size < $1.size }
    var total = 0
    return sizes.prefix { entry in
      total += entry.size
      return total <= mostBytes
    }
    .map(\.path).sorted()
  }

  /// Logs and consoles, captures, the objects with their events and verdicts, the report.
  private static func isEvidence(_ path: String) -> Bool {
    path.hasSuffix(".log") || path.hasSuffix(".pcapng") || path == "objects"
      || path == LabPaths.reportName
  }
}
