import Foundation
import Glibc

/// Where pxelab keeps things (XDG Base Directory Specification), and where it finds its own.
struct Folders: Sendable {
  /// Labs and variable stores.
  let state: String
  /// Images and what libvirt found out about QEMU.
  let cache: String
  /// The netboot images' definitions.
  let images: String
  /// This program.
  let program: String

  /// The folders of this process: `PXELAB_STATE_HOME` and `PXELAB_CACHE_HOME`, else XDG's;
  /// `PXELAB_IMAGES`, else beside the installed program, else in the checkout it was built in.
  static func current() throws -> Folders {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? NSHomeDirectory()
    func folder(_ own: String, _ xdg: String, _ fallback: String) -> String {
      if let path = environment[own], !path.isEmpty { return absolute(path) }
      if let path = environment[xdg], path.hasPrefix("/") { return "\(path)/pxelab" }
      return "\(home)/\(fallback)/pxelab"
    }
    let program = try executablePath()
    return Folders(
      state: folder("PXELAB_STATE_HOME", "XDG_STATE_HOME", ".local/state"),
      cache: folder("PXELAB_CACHE_HOME", "XDG_CACHE_HOME", ".cache"),
      images: try images(asked: environment["PXELAB_IMAGES"], program: program),
      program: program)
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

  private static func images(asked: String?, program: String) throws -> String {
    if let asked, !asked.isEmpty { return absolute(asked) }
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
