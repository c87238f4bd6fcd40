import Foundation
import NetworkAttachment
import Objects
import Testing

/// The configurations that both sides are given: Fixtures/configs.txt.
struct Configuration: Sendable, CustomTestStringConvertible {
  var name: String
  /// The CNI configuration, or what should be one.
  var text: String

  var testDescription: String { name }

  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static func all() throws -> [Configuration] {
    try all(in: fixtures.appending(path: "configs.txt"))
  }

  /// Those of a file that has a name and a configuration in each line.
  static func all(in file: URL) throws -> [Configuration] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let name = line.prefix { $0 != " " }
      return Configuration(
        name: String(name),
        text: line.dropFirst(name.count).trimmingCharacters(in: .whitespaces))
    }
  }

  /// Those that every run gives to the plugin, one or two of each kind: the others say the same
  /// again, and each takes up to two seconds of a busy machine.
  static func live() throws -> [Configuration] {
    let names = Set(try lines(of: "live.txt"))
    let configurations = try all().filter { names.contains($0.name) }
    try #require(configurations.count == names.count, "live.txt names what configs.txt lacks")
    return configurations
  }

  static func lines(of file: String) throws -> [String] {
    try String(contentsOf: fixtures.appending(path: file), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  /// What pxelab says of it; `nil` when nothing can be said.
  func review(plugins: CNIPluginsVersion) -> NetworkAttachmentReview? {
    if let review = NetworkAttachmentReview(path: name, text: text, plugins: plugins) {
      return review
    }
    // Not an object: only a network attachment can hold it.
    let document = ManifestFile(
      path: name,
      text: """
        {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
         "metadata": {"name": "n"}, "spec": {"config": \(quoted)}}
        """
    ).documents.first
    return document.flatMap { NetworkAttachmentReview($0, plugins: plugins) }
  }

  private var quoted: String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
