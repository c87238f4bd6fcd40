import FileSystem

@testable import ImageStore

/// Files that were recorded; Fixtures/README.md says how.
enum Fixtures {
  static func path(_ name: String) -> String { Files.parent(of: #filePath) + "/Fixtures/\(name)" }
}
