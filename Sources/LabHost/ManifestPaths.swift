import FileSystem
import FoundationEssentials
import Glibc

/// The files that paths stand for, as `kubectl apply -f` takes them: a file whatever its name, the
/// .json, .yaml and .yml files of a folder, and `-` for standard input.
package struct ManifestPaths {
  /// Files that belong together.
  package struct Group {
    /// The folder's name, for messages; that of the first file's folder.
    package var folderName: String
    /// Each file's path, as it was found, and content.
    package var files: [(path: String, bytes: [UInt8])]
  }

  /// What standard input is called in messages.
  package static let standardInput = "<stdin>"

  /// The files of each folder.
  package private(set) var folders: [Group] = []
  /// The files that were named themselves.
  package private(set) var files = Group(folderName: "", files: [])

  /// All files.
  package var paths: Set<String> { found.union(files.files.map(\.path)) }

  /// The files that nobody named, because they are in a folder.
  package var found: Set<String> { Set(folders.flatMap(\.files).map(\.path)) }

  /// Reads what paths stand for, each once.
  ///
  /// - Throws: ``LabHostError`` naming the path that is not there or cannot be read.
  package init(_ paths: [String], recursive: Bool) throws {
    var seen: Set<String> = []
    for path in paths {
      if path == "-" {
        guard seen.insert(path).inserted else { continue }
        files.files.append((Self.standardInput, try Self.standardInputBytes()))
        continue
      }
      guard Files.exists(path) else {
        var link = stat()
        throw LabHostError(
          .manifests,
          lstat(path, &link) == 0
            ? "\(path): a symbolic link that leads to no file, or in a circle"
            : "\(path): no such file or folder")
      }
      if Files.isFolder(path) {
        let isNew = !seen.contains(Self.identity(path))
        let before = folders.count
        try add(folder: path, recursive: recursive, &seen)
        if isNew, folders.count == before {
          throw LabHostError(
            .manifests,
            "\(path): no .yaml, .yml or .json file in this folder"
              + (recursive ? " and those below it" : "; -R looks in the folders below it too"))
        }
      } else if seen.insert(Self.identity(path)).inserted {
        files.files.append((path, try Self.bytes(of: path)))
      }
    }
    if let first = files.files.first {
      files.folderName =
        URL(fileURLWithPath: first.path).deletingLastPathComponent()
        .standardizedFileURL.lastPathComponent
    }
  }

  private mutating func add(folder: String, recursive: Bool, _ seen: inout Set<String>) throws {
    // A link back up would never end.
    guard seen.insert(Self.identity(folder)).inserted else { return }
    var group = Group(
      folderName: URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent, files: [])
    var below: [String] = []
    for name in try Self.names(in: folder) {
      // What is below the present folder goes without `./`, as GitHub's annotations want it.
      let path = folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      guard Files.exists(path) else { continue }
      if Files.isFolder(path) {
        below.append(path)
      } else if [".json", ".yaml", ".yml"].contains(where: name.hasSuffix),
        Self.isRegular(path),
        seen.insert(Self.identity(path)).inserted
      {
        group.files.append((path, try Self.bytes(of: path)))
      }
    }
    if !group.files.isEmpty { folders.append(group) }
    if recursive {
      for path in below { try add(folder: path, recursive: true, &seen) }
    }
  }

  private static func standardInputBytes() throws -> [UInt8] {
    do {
      return Array(try StandardStream.input())
    } catch {
      throw LabHostError(.manifests, "\(error)")
    }
  }

  /// Also of what is no regular file, such as a shell's `<(...)`.
  private static func bytes(of path: String) throws -> [UInt8] {
    do {
      return Array(try Files.read(path))
    } catch {
      throw LabHostError(.manifests, "\(error)")
    }
  }

  /// Whether it is a file with an end: to read a pipe or a device could take for ever.
  static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func names(in folder: String) throws -> [String] {
    do {
      return try Files.names(in: folder).sorted()
    } catch {
      throw LabHostError(.manifests, "\(error)")
    }
  }

  private static func identity(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}
