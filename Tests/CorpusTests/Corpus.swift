import Foundation

/// The recorded captures and what is true of them: Tests/Corpus.
struct Corpus: Sendable {
  /// The captures, in the order of their files.
  let captures: [Capture]
  /// For each cause that is not `healthy` the findings that name it.
  let causes: [String: Set<String>]

  /// One capture.
  struct Capture: Decodable, Sendable, CustomStringConvertible {
    /// The file, below the captures' folder.
    let file: String
    /// `healthy`, or a word of causes.json.
    let cause: String
    /// What the case that made it is about.
    let title: String
    /// Who booted, or did not.
    let client: String
    /// Who served.
    let server: String
    /// Whose console and variable store these are, where the capture has several clients.
    let mac: String?
    /// What the machine's serial console printed, below the captures' folder.
    let console: String?
    /// The machine's variable store, below the captures' folder.
    let efivars: String?
    /// The machine's manifest, below the captures' folder.
    let manifests: String?

    /// What goes with the capture, by the option of `pxelab diagnose` that takes it.
    var attachments: [(option: String, file: String)] {
      [("--console", console), ("--efivars", efivars), ("--manifests", manifests)]
        .compactMap { option, file in file.map { (option, $0) } }
    }
    var isHealthy: Bool { cause == "healthy" }
    var description: String { file }
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Corpus").standardizedFileURL
  /// The repository.
  private static let repository = root.appendingPathComponent("../..").standardizedFileURL.path
  /// The captures' folder.
  static let folder = root.appendingPathComponent("captures").path

  /// Reads the index.
  static func read() throws -> Corpus {
    let captures = try Data(contentsOf: root.appendingPathComponent("captures/index.json"))
    let causes = try Data(contentsOf: root.appendingPathComponent("causes.json"))
    return Corpus(
      captures: try JSONDecoder().decode([Capture].self, from: captures),
      causes: try JSONDecoder().decode([String: Set<String>].self, from: causes))
  }

  /// Whether a finding has its page.
  static func isDocumented(_ id: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(repository)/docs/findings/\(id).md")
  }
}
