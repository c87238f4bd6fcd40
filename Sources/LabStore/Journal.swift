import FileSystem
import FoundationEssentials
import Glibc

/// What a lab has made outside its sandbox, so that `down` can undo it after any crash: a file with
/// one JSON object a line, oldest first.
package struct Journal: Sendable {
  /// One thing to undo.
  package enum Entry: Codable, Sendable, Hashable {
    /// Whose journal it is; the first entry. A lab that pxelab 0.1 made has none.
    case identity(LabIdentity)
    /// A folder that goes with the lab.
    case folder(String)
    /// The process whose end takes the sandbox's namespaces away.
    case sandbox(ProcessIdentity)
    /// A mount that keeps a network namespace.
    case mount(String)
    /// An interface of the host's that is in the sandbox, and whether it was up.
    case uplink(interface: String, isUp: Bool)
    /// A virtual function that a machine has: its PCI address, its driver before, and the arguments
    /// of ip(8) that give it its settings back.
    case virtualFunction(address: String, driver: String?, restoring: [String])

    /// The names that entries have in the file.
    enum CodingKeys: String, CodingKey {
      case identity, folder, sandbox, mount, uplink, virtualFunction
    }
  }

  /// An entry and where it is.
  package struct Line: Sendable, Hashable {
    /// The entry.
    package let entry: Entry
    /// The number of bytes before it.
    fileprivate let offset: Int
  }

  private let path: String

  /// The journal at a path.
  package init(path: String) {
    self.path = path
  }

  /// Adds an entry and returns when it is on disk; to be called before what it names is made.
  ///
  /// - Throws: `FileError`; then the journal is as it was, where the disk still lets it.
  package func append(_ entry: Entry) throws {
    var line = try JSONEncoder().encode(entry)
    line.append(UInt8(ascii: "\n"))
    let isNew = !Files.exists(path)
    let file = try OpenFile(path, O_WRONLY | O_APPEND | O_CREAT)
    let end = lseek(file.descriptor, 0, SEEK_END)
    do {
      try file.write(line)
      guard fsync(file.descriptor) == 0 else { throw FileError("write \(path)") }
    } catch {
      // Half an entry would spoil the next.
      _ = ftruncate(file.descriptor, end)
      throw error
    }
    if isNew { try Files.synchronizeFolder(of: path) }
  }

  /// The entries, oldest first; a last line cut short by a crash is left out.
  ///
  /// - Throws: ``JournalError`` naming the line that is not understood, `FileError`.
  package func lines() throws -> [Line] {
    guard Files.exists(path) else { return [] }
    let bytes = try Files.read(path)
    var lines: [Line] = []
    var offset = 0
    for (index, text) in bytes.split(separator: Self.newline, omittingEmptySubsequences: false)
      .enumerated()
    {
      defer { offset += text.count + 1 }
      if text.isEmpty { continue }
      do {
        let entry = try JSONDecoder().decode(Entry.self, from: Data(text))
        lines.append(Line(entry: entry, offset: offset))
      } catch {
        // Only the last has no end.
        if offset + text.count == bytes.count { break }
        throw JournalError(path: path, line: index + 1, kind: Self.unknownKind(in: Data(text)))
      }
    }
    return lines
  }

  /// The entries without their places; see ``lines()``.
  package func entries() throws -> [Entry] { try lines().map(\.entry) }

  /// Whose journal it is; `nil` when it does not say, or is not there. The other entries are not
  /// looked at.
  package func identity() throws(FileError) -> LabIdentity? {
    guard Files.exists(path) else { return nil }
    let first = try Files.read(path).prefix { $0 != Self.newline }
    guard case .identity(let identity)? = try? JSONDecoder().decode(Entry.self, from: Data(first))
    else { return nil }
    return identity
  }

  /// Takes an entry, which is undone, and those after it out, and returns when that is on disk.
  package func cut(from line: Line) throws(FileError) {
    let file = try OpenFile(path, O_WRONLY)
    guard ftruncate(file.descriptor, line.offset) == 0, fsync(file.descriptor) == 0 else {
      throw FileError("write \(path)")
    }
  }

  private static let newline = UInt8(ascii: "\n")

  /// The name of an entry that only a newer pxelab writes; `nil` for what is no entry at all, or a
  /// broken one of a known kind.
  private static func unknownKind(in text: Data) -> String? {
    guard let object = try? JSONDecoder().decode([String: AnyValue].self, from: text),
      object.count == 1, let name = object.keys.first, Entry.CodingKeys(stringValue: name) == nil
    else { return nil }
    return name
  }

  /// Whatever stands there.
  private struct AnyValue: Decodable {
    init(from decoder: any Decoder) {}
  }
}
