import FileSystem
import FoundationEssentials
import Glibc
import ImageStore

/// Where pxelab keeps things (XDG Base Directory Specification), and where it finds its own.
package struct Folders: Sendable {
  /// Labs and variable stores.
  package let state: String
  /// Images and what libvirt found out about QEMU.
  package let cache: String
  /// This program.
  package let program: String

  /// The program of a lab's processes, which comes with this one: beside it, or where an installed one
  /// has it.
  package var daemon: String {
    let folder = Files.parent(of: program)
    let beside = "\(folder)/pxelab-lab"
    return Files.exists(beside) ? beside : "\(Files.parent(of: folder))/libexec/pxelab/pxelab-lab"
  }

  /// Folders at these paths.
  package init(state: String, cache: String, program: String) {
    self.state = state
    self.cache = cache
    self.program = program
  }

  /// The folders of this process: `PXELAB_STATE_HOME` and `PXELAB_CACHE_HOME`, else XDG's.
  ///
  /// - Throws: ``LabHostError`` where somebody else could change what is in the state folder.
  package static func current() throws -> Folders {
    let folders = try named()
    do {
      if let objection = try FolderAccess(of: folders.state)?.objection(for: geteuid()) {
        throw LabHostError(.host, refusal(of: folders.state, objection))
      }
    } catch let error as FileError {
      throw LabHostError(
        .host, "the state folder cannot be used: \(error) (PXELAB_STATE_HOME names it)")
    }
    return folders
  }

  /// The folders of this process, whosever they are.
  private static func named() throws -> Folders {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path
    func folder(_ own: String, _ xdg: String, _ fallback: String) -> String {
      if let path = environment[own], !path.isEmpty { return absolute(path) }
      if let path = environment[xdg], path.hasPrefix("/") { return "\(path)/pxelab" }
      return "\(home)/\(fallback)/pxelab"
    }
    return Folders(
      state: folder("PXELAB_STATE_HOME", "XDG_STATE_HOME", ".local/state"),
      cache: folder("PXELAB_CACHE_HOME", "XDG_CACHE_HOME", ".cache"),
      program: try executablePath())
  }

  private static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  private static func executablePath() throws -> String {
    do {
      return try Files.ownExecutable()
    } catch {
      throw LabHostError(.host, "\(error): is /proc mounted?")
    }
  }

  /// The netboot images' definitions: `PXELAB_IMAGES`, else beside the installed program, else in
  /// the checkout it was built in.
  ///
  /// - Throws: ``LabHostError`` naming the places looked in.
  package func images() throws -> String {
    if let asked = ProcessInfo.processInfo.environment["PXELAB_IMAGES"], !asked.isEmpty {
      return Self.absolute(asked)
    }
    guard let found = ImagesFolder.find(for: program, exists: Files.exists) else {
      let candidates = ImagesFolder.candidates(for: program)
      throw LabHostError(
        .image,
        "the images folder, with \(ImagesFolder.marker) in it, is neither "
          + "\(candidates.joined(separator: " nor ")); PXELAB_IMAGES can name it")
    }
    return found
  }

  /// Why a state folder is not used, and the ways out.
  private static func refusal(of folder: String, _ objection: FolderAccess.Objection) -> String {
    let user = userName(geteuid())
    let another = "PXELAB_STATE_HOME can name another folder"
    switch objection {
    case .notFolder:
      return "the state folder \(folder) is no folder; \(another)"
    case .owner(0):
      return "the state folder \(folder) belongs to root, not to \(user), as after `sudo pxelab`: "
        + "`sudo chown -R \(user) \(folder)` gives it back; \(another)"
    case .owner(let owner) where geteuid() == 0:
      let name = userName(owner)
      return "the state folder \(folder) belongs to \(name), who could change what root makes in "
        + "it: run pxelab as \(name), or as root with root's own home (`sudo -H`); \(another)"
    case .owner(let owner):
      return "the state folder \(folder) belongs to \(userName(owner)), not to \(user), and its "
        + "owner could change what is in it; \(another)"
    case .writable(let mode):
      return "others may write to the state folder \(folder) (its mode is "
        + "\(String(mode, radix: 8))), and could change what is in it: `chmod go-w \(folder)`; "
        + another
    }
  }

  /// The user's name, or the number of one without a name.
  private static func userName(_ user: uid_t) -> String {
    getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "user \(user)"
  }
}
