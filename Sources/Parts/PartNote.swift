import FileSystem
import FoundationEssentials
import LabStore

/// Which process a part is, in a file: a program that was restarted after a crash finds its parts
/// again. Others cannot read it, for a command may name secrets.
package struct PartNote {
  private struct Content: Codable {
    var process: ProcessIdentity
    var launch: Part.Launch
  }

  let path: String

  /// The note in a file.
  package init(path: String) { self.path = path }

  /// The number of the process that was noted; `nil` as for ``process()``.
  package var processNumber: Int32? { process()?.process.identity.pid }

  /// The process that was noted, and how it was started; `nil` without a note, with one that cannot be
  /// read, and when that process is gone.
  func process() -> (process: PartProcess, launch: Part.Launch)? {
    guard let data = try? Files.read(path),
      let content = try? JSONDecoder().decode(Content.self, from: data),
      let process = PartProcess(content.process)
    else { return nil }
    return (process, content.launch)
  }

  func write(_ process: PartProcess, _ launch: Part.Launch) throws {
    let content = Content(process: process.identity, launch: launch)
    try Files.write(JSONEncoder().encode(content), to: path)
  }

  func remove() { try? Files.remove(path) }
}
