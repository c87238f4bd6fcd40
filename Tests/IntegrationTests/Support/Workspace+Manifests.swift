import Foundation
import Testing

/// One text in a manifest, put in another's place.
struct Edit: Sendable {
  var file: String
  var old: String
  var new: String

  init(_ file: String, _ old: String, _ new: String) {
    self.file = file
    self.old = old
    self.new = new
  }
}

extension Workspace {
  /// Makes a folder of files and returns its path.
  func folder(_ name: String, _ files: [String: String]) throws -> String {
    let folder = "\(root)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (file, text) in files {
      try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
    }
    return folder
  }

  /// A copy of labs/secureboot with some of its text replaced; returns the folder.
  func secureBoot(_ edits: [Edit]) throws -> String { try copy(of: "secureboot", edits) }

  /// A copy of a lab with some of its text replaced; returns the folder.
  func copy(of lab: String, _ edits: [Edit]) throws -> String {
    let source = "\(Self.repository)/labs/\(lab)"
    var files: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: source)
    where file.hasSuffix(".yaml") {
      files[file] = try String(contentsOfFile: "\(source)/\(file)", encoding: .utf8)
    }
    for edit in edits {
      let text = try #require(files[edit.file])
      try #require(text.contains(edit.old), "\(edit.file) has no \(edit.old)")
      files[edit.file] = text.replacingOccurrences(of: edit.old, with: edit.new)
    }
    return try folder("manifests", files)
  }
}
