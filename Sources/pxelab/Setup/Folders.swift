import Foundation
import Glibc

/// Where pxelab keeps things (XDG Base Directory Specification), and where it finds its own.
struct Folders: Sendable {
  /// Labs and variable stores.
  let state: String
  /// Images and what libvirt found out about QEMU.
  let cache: String
  /// This program.
  let program: String

  /// The folders of this process: `PXELAB_STATE_HOME` and `PXELAB_CACHE_HOME`, else XDG's.
  static func current() throws -> Folders {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? NSHomeDirectory()
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
    guard let path = realpath("/proc/self/exe", nil) else {
      throw Failure(.host, "/proc/self/exe cannot be read: is /proc mounted?")
    }
    defer { free(path) }
    return String(cString: path)
  }

  /// The netboot images' definitions: `PXELAB_IMAGES`, else beside the installed program, else in
  /// the checkout it was built in.
  ///
  /// - Throws: ``Failure`` naming the places looked in.
  func images() throws -> String {
    if let asked = ProcessInfo.processInfo.environment["PXELAB_IMAGES"], !asked.isEmpty {
      return Self.absolute(asked)
    }
    var folder = URL(fileURLWithPath: program).deletingLastPathComponent()
    var candidates = [
      folder.appendingPathComponent("../share/pxelab/images").standardizedFileURL.path
    ]
    for _ in 0..<4 {
      candidates.append(folder.appendingPathComponent("images").path)
      folder.deleteLastPathComponent()
    }
    let found = candidates.first {
      !((try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? []).isEmpty
    }
    guard let found else {
      throw Failure(
        .image,
        "the images folder is neither in \(candidates.joined(separator: " nor in ")); "
          + "PXELAB_IMAGES can name it")
    }
    return found
  }
}
