import Foundation
import Testing

/// Every recorded capture through the program: the first finding must be the true cause, and of a
/// healthy boot nothing may be found above info.
@Suite("Corpus")
struct CorpusTests {
  @Test("the confusion table has no error")
  func confusion() async throws {
    let corpus = try Corpus.read()
    let program = try Diagnosis.program()
    var diagnoses: [String: Diagnosis] = [:]
    try await withThrowingTaskGroup(of: (String, Diagnosis).self) { group in
      var waiting = corpus.captures[...]
      func start(_ capture: Corpus.Capture) {
        group.addTask { (capture.file, try await Diagnosis(of: capture, by: program)) }
      }
      for capture in waiting.prefix(4) { start(capture) }
      waiting = waiting.dropFirst(4)
      while let (file, diagnosis) = try await group.next() {
        diagnoses[file] = diagnosis
        if let next = waiting.popFirst() { start(next) }
      }
    }
    var table = ConfusionTable()
    for capture in corpus.captures {
      table.add(capture, try #require(diagnoses[capture.file]), causes: corpus.causes)
    }
    print(table.text(causes: corpus.causes))
    for error in table.errors { Issue.record(Comment(rawValue: error)) }
  }

  @Test("the index names every file, and there are enough of both kinds, and small")
  func index() throws {
    let corpus = try Corpus.read()
    let named = corpus.captures.flatMap { [$0.file] + $0.attachments.map(\.file) }
    let files = try FileManager.default.subpathsOfDirectory(atPath: Corpus.folder)
      .filter { $0.contains("/") }
    #expect(Set(named).symmetricDifference(files) == [])
    #expect(corpus.captures.count >= 60)
    #expect(corpus.captures.count { $0.isHealthy } >= 30)
    #expect(corpus.captures.count { !$0.isHealthy } >= 30)
    let sizes = try files.map { file in
      let path = "\(Corpus.folder)/\(file)"
      return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
    #expect(sizes.allSatisfy { $0 <= 600_000 })
    #expect(sizes.reduce(0, +) <= 9_000_000)
  }

  @Test("each cause has captures, and findings that are documented")
  func causes() throws {
    let corpus = try Corpus.read()
    let used = Set(corpus.captures.filter { !$0.isHealthy }.map(\.cause))
    #expect(used == Set(corpus.causes.keys))
    #expect(corpus.causes.values.joined().filter { !Corpus.isDocumented($0) } == [])
  }
}
