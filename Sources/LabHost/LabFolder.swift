import FileSystem
import FoundationEssentials
import Kinds
import LabManifest
import NetworkAttachment
import Objects

/// Reads a lab: a folder's YAML files, or one file.
package enum LabFolder {
  /// What the manifests say, right or wrong.
  ///
  /// - Throws: ``LabHostError`` when the path cannot be read.
  package static func read(
    _ path: String, name: String?, cniPlugins: CNIPluginsVersion? = nil
  ) throws -> LabInput {
    let folder = URL(fileURLWithPath: folder(of: path))
    return LabInput(
      files: try texts(of: path), folderName: folder.lastPathComponent, name: name,
      cniPlugins: cniPlugins)
  }

  /// The files of a lab as they are written, in the order in which they are read.
  ///
  /// - Throws: ``LabHostError`` when the path cannot be read.
  static func manifests(of path: String) throws -> ManifestFolder.Spec {
    ManifestFolder.Spec(
      path: folder(of: path),
      files: try texts(of: path).map { ManifestFolder.File(path: $0.path, text: $0.text) })
  }

  private static func texts(of path: String) throws -> [(path: String, text: String)] {
    guard Files.exists(path) else {
      throw LabHostError(.manifests, "\(path): no such file or folder")
    }
    let files =
      Files.isFolder(path)
      ? try Files.names(in: path).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        .map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
        .filter(ManifestPaths.isRegular) : [path]
    guard !files.isEmpty else {
      throw LabHostError(.manifests, "\(path): no .yaml file in this folder")
    }
    return try files.map { file in
      (path: file, text: String(decoding: try Files.read(file), as: UTF8.self))
    }
  }

  /// The folder of manifests that a path names, or that holds the file it names; absolute.
  package static func folder(of path: String) -> String {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    guard Files.isFolder(path)
    else { return url.deletingLastPathComponent().path }
    return url.path
  }

  /// The lab's manifests, checked.
  ///
  /// - Parameter tell: is given each problem, also of manifests that are accepted.
  /// - Throws: ``LabHostError`` when the path cannot be read or the manifests are refused.
  package static func load(
    _ path: String, name: String?, cniPlugins: CNIPluginsVersion? = nil,
    problem tell: (Problem) -> Void
  ) throws -> LabInput {
    let input = try read(path, name: name, cniPlugins: cniPlugins)
    for problem in input.problems { tell(problem) }
    if input.hasErrors {
      let count = input.problems.count { $0.severity == .error }
      throw LabHostError(
        .manifests,
        "\(path): refused for \(count == 1 ? "this error" : "these \(count) errors"); "
          + "nothing was made")
    }
    return input
  }
}
