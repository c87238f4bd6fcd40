import FileSystem
import Foundation
import Glibc

/// What a lab has made outside its sandbox, so that `down` can undo it after any crash.
package struct Journal: Sendable {
  /// One thing to undo.
  package enum Entry: Codable, Sendable, Hashable {
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
  }

  private let path: String

  /// The journal at a path.
  package init(path: String) {
    self.path = path
  }

  /// Adds an entry and returns when it is on disk; to be called before what it names is made.
  package func append(_ entry: Entry) throws {
    var line = try JSONEncoder().encode(entry)
    line.append(UInt8(ascii: "\n"))
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("write \(path)") }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try file.write(contentsOf: line)
    try file.synchronize()
  }

  /// The entries, oldest first; a last line cut short by a crash is left out.
  package func entries() throws -> [Entry] {
    guard Files.exists(path) else { return [] }
    let lines = try Files.read(path).split(separator: UInt8(ascii: "\n"))
    return lines.compactMap { try? JSONDecoder().decode(Entry.self, from: Data($0)) }
  }
}
