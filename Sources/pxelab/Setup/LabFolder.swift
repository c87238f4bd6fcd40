import FileSystem
import Foundation
import LabManifest
import NetworkAttachment
import Objects

/// Reads a lab: a folder's YAML files, or one file.
enum LabFolder {
  /// What the manifests say, right or wrong.
  ///
  /// - Throws: ``Failure`` when the path cannot be read.
  static func read(
    _ path: String, name: String?, cniPlugins: CNIPluginsVersion? = nil
  ) throws -> LabInput {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.manifests, "\(path): no such file or folder")
    }
    let files =
      isFolder.boolValue
      ? try Files.names(in: path).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        .map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" } : [path]
    guard !files.isEmpty else {
      throw Failure(.manifests, "\(path): no .yaml file in this folder")
    }
    let folder = URL(fileURLWithPath: folder(of: path))
    let texts = try files.map { file in
      (path: file, text: String(decoding: try Files.read(file), as: UTF8.self))
    }
    return LabInput(
      files: texts, folderName: folder.lastPathComponent, name: name, cniPlugins: cniPlugins)
  }

  /// The folder of manifests that a path names, or that holds the file it names; absolute.
  static func folder(of path: String) -> String {
    var isFolder: ObjCBool = false
    let url = URL(fileURLWithPath: path).standardizedFileURL
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return url.deletingLastPathComponent().path }
    return url.path
  }

  /// The lab's manifests, checked; problems are printed.
  ///
  /// - Throws: ``Failure`` when the path cannot be read or the manifests are refused.
  static func load(
    _ path: String, name: String?, cniPlugins: CNIPluginsVersion? = nil
  ) throws -> LabInput {
    let input = try read(path, name: name, cniPlugins: cniPlugins)
    for problem in input.problems { complain("\(problem)") }
    if input.hasErrors {
      let count = input.problems.count { $0.severity == .error }
      throw Failure(
        .manifests,
        "\(path): refused for \(count == 1 ? "this error" : "these \(count) errors"); "
          + "nothing was made")
    }
    return input
  }
}
