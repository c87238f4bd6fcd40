import Foundation
import LabManifest
import Mutations
import Testing

/// The fuzzer's corpus and changed copies of it: a short, repeatable slice of what Fuzz/run does.
@Suite struct MutationTests {
  private static let corpus = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "../../Fuzz/corpus/manifest").standardized

  /// What a mutation puts into a manifest.
  private static let snippets = [
    "&a ", "*a", "<<: ", "- ", "? ", ": ", "---\n", "...\n", "|\n", ">", "'", "\"", "{", "}", "[",
    "]", "!!str ", "%", "#", "\t", "\r", "\u{0}", "\u{e9}", "\u{1f600}", "\u{2028}", "-1", "0x10",
    "1e400", "99999999999999999999", "~", "null", "true", "kind: List\nitems: ", "spec: ",
  ].map { Array($0.utf8) }

  private static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: corpus.path).sorted()
  }

  @Test func theCorpusIsThere() throws {
    #expect(try Self.names().count >= 10)
  }

  @Test(arguments: try names())
  func everyMutationIsJudged(name: String) throws {
    let original = [UInt8](try Data(contentsOf: Self.corpus.appending(path: name)))
    var numbers = RepeatableNumbers(seed: UInt64(original.count))
    judge(original)
    for _ in 0..<300 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &numbers) { mutate(&bytes, &numbers) }
      judge(bytes)
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ numbers: inout RepeatableNumbers) {
    let start = Int.random(in: 0...bytes.count, using: &numbers)
    let end = min(bytes.count, start + Int.random(in: 1...40, using: &numbers))
    switch Int.random(in: 0..<5, using: &numbers) {
    case 0: bytes.removeSubrange(start..<end)
    case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
    case 2: bytes.insert(contentsOf: bytes[start..<end], at: 0)
    case 3:
      if start < bytes.count { bytes[start] = UInt8.random(in: 0...255, using: &numbers) }
    default:
      let snippet = Self.snippets.randomElement(using: &numbers) ?? []
      bytes.replaceSubrange(start..<min(bytes.count, start + 1), with: snippet)
    }
  }

  /// Judges a manifest both ways; every problem must have a place that the file has.
  private func judge(_ bytes: [UInt8]) {
    let lines = bytes.count { $0 == 0x0a || $0 == 0x0d || $0 == 0x85 || $0 >= 0xa8 } + 1
    let validation = ManifestValidation(files: [("f", bytes)], folderName: "f")
    let text = String(decoding: bytes, as: UTF8.self)
    let lab = LabInput(files: [("f", text)], folderName: "f")
    for problem in validation.problems {
      guard let location = problem.location else {
        #expect(problem.object.hasPrefix("Lab/"), "\(problem)")
        continue
      }
      #expect((1...lines).contains(location.line) && location.column >= 1, "\(problem)")
      #expect(!problem.message.isEmpty)
    }
    #expect(lab.problems.allSatisfy { $0.description.utf8.count < 100_000 })
  }
}
