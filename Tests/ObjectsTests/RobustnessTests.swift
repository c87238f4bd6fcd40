import Foundation
import Objects
import Testing

/// No input may crash the reader, take more than 2 s, or be refused without a reason and a place.
@Suite struct RobustnessTests {
  /// The processor time that any input may take in a release build, in seconds.
  static let limit = 2.0
  /// How much slower a debug build may be.
  #if DEBUG
    static let factor = 10.0
  #else
    static let factor = 1.0
  #endif

  /// Bytes that are hard to read, and what is said of them.
  struct Input: CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    /// The one problem, without the file; `nil` when nothing is wrong.
    var problem: String?
    /// How many objects it holds.
    var documents: Int

    init(_ name: String, _ text: String, documents: Int = 0, problem: String? = nil) {
      self.init(name, Array(text.utf8), documents: documents, problem: problem)
    }

    init(_ name: String, _ bytes: [UInt8], documents: Int = 0, problem: String? = nil) {
      testDescription = name
      self.bytes = bytes
      self.problem = problem
      self.documents = documents
    }
  }

  private static let megabyte = 1 << 20

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map(line).joined(separator: "\n")
  }

  private static func utf16(_ text: String) -> [UInt8] {
    text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
  }

  private static var bomb: String {
    "kind: A\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
      + lines(9) { level in
        "a\(level + 1): &a\(level + 1) [" + repeated("*a\(level),", 10) + "]"
      }
  }

  private static let tooDeep = "YAML: more than 100 levels of nesting"

  static let inputs: [Input] = [
    Input("10 MB of [", repeated("[", 10 * megabyte), problem: tooDeep),
    Input("10 MB of {a: ", repeated("{a: ", 10 * megabyte / 4), problem: "1:401: \(tooDeep)"),
    Input("1 MB of - ", repeated("- ", megabyte / 2), problem: "1:201: \(tooDeep)"),
    Input("1 MB of ? ", repeated("? ", megabyte / 2), problem: "1:201: \(tooDeep)"),
    Input("1 MB of a: ", repeated("a: ", megabyte / 3), problem: "1:5: YAML: mapping values"),
    Input(
      "1000 levels of blocks", lines(1000) { repeated(" ", $0) + "a:" },
      problem: "101:101: \(tooDeep)"),
    Input(
      "100 levels", "kind: A\na: " + repeated("[", 99) + repeated("]", 99), documents: 1),
    Input("10 MB of {", repeated("{", 10 * megabyte), problem: tooDeep),
    Input("10 MB of ]", repeated("]", 10 * megabyte), problem: "1:1: YAML: "),
    Input("10 MB of -", repeated("-", 10 * megabyte), problem: "1:1: a Kubernetes object"),
    Input("10 MB of &", repeated("&", 10 * megabyte), problem: "1:2: YAML: "),
    Input("10 MB of !", repeated("!", 10 * megabyte), problem: "1:1: a Kubernetes object"),
    Input("10 MB of quotes", repeated("'", 10 * megabyte), problem: "1:1: a Kubernetes object"),
    Input("10 MB of spaces", repeated(" ", 10 * megabyte)),
    Input("10 MB of line feeds", repeated("\n", 10 * megabyte)),
    Input("10 MB of carriage returns", repeated("\r", 10 * megabyte)),
    Input("an open quote", "kind: \"" + repeated("x\n", megabyte), problem: "YAML: "),
    Input("an alias bomb", bomb, problem: "document contains excessive aliasing"),
    Input(
      "aliases in keys", "kind: A\nk: &k x\nm: {*k : 1, *k : 2}",
      problem: "3:13: YAML: key \"x\" already set in map"),
    Input("an alias of itself", "kind: A\na: &a {b: *a}", problem: "value contains itself"),
    Input(
      "merges of merges",
      "kind: A\nm0: &m0 {a0: 0}\n"
        + lines(2000) { "m\($0 + 1): &m\($0 + 1) {<<: *m\($0), a\($0 + 1): 0}" },
      problem: "document contains excessive aliasing"),
    Input("a 1 MiB text", "kind: A\na: " + repeated("x", megabyte), documents: 1),
    Input(
      "1 MiB of text in quotes", "kind: A\na: \"" + repeated("\\n", megabyte / 2) + "\"",
      documents: 1),
    Input(
      "1 MiB of text in a block", "kind: A\na: |\n" + repeated("  x\n", megabyte / 4),
      documents: 1),
    Input("a 1 MiB kind", "kind: " + repeated("x", megabyte), documents: 1),
    Input(
      "a 1 MiB key", "kind: A\n" + repeated("x", megabyte) + ": 1",
      problem: "YAML: while scanning a simple key"),
    Input(
      "a 1 MiB key after ?", "kind: A\n? " + repeated("x", megabyte) + "\n: 1", documents: 1),
    Input(
      "invalid UTF-8", Array("kind: A\na: \u{e9}".utf8) + [0xff], problem: "2:5: YAML: invalid"),
    Input("a cut UTF-8 sequence", Array("kind: A".utf8) + [0xc3], problem: "1:8: YAML: incomplete"),
    Input("a surrogate", Array("a: ".utf8) + [0xed, 0xa0, 0x80], problem: "1:4: YAML: invalid"),
    Input("a NUL", Array("kind: A".utf8) + [0], problem: "1:8: YAML: control characters"),
    Input("1 MiB of NULs", [UInt8](repeating: 0, count: megabyte), problem: "1:1: YAML: control"),
    Input(
      "UTF-16", [0xff, 0xfe] + utf16("kind: A\n"), problem: "1:1: YAML: the file is in UTF-16"),
    Input("UTF-16 without a mark", utf16("kind: A\n"), problem: "1:2: YAML: control characters"),
    Input(
      "100,000 empty documents", repeated("---\n", 100_000)),
    Input(
      "100,000 documents", repeated("---\nkind: A\n", 100_000), documents: 100_000),
    Input(
      "100,000 documents after dots", repeated("---\nkind: A\n...\n", 100_000),
      documents: 100_000),
    Input(
      "100,000 keys", "kind: A\n" + lines(100_000) { "k\($0): ~" }, documents: 1),
    Input("a 10 MB text", "kind: A\na: " + repeated("x", 10 * megabyte), problem: "too large"),
    Input(
      "300,000 items", "kind: A\na:\n" + repeated("- {b: c}\n", 300_000),
      problem: "1:1: etcdserver: request is too large"),
    Input(
      "100,000 keys, one twice",
      "kind: A\n" + lines(100_000) { "key-\($0): \($0)" } + "\nkey-70000: x",
      problem: "100002:1: YAML: key \"key-70000\" already set in map"),
    Input(
      "100,000 anchors", "kind: A\na:\n" + lines(100_000) { "- &a\($0) x" }, documents: 1),
    Input(
      "100,001 anchors", "kind: A\na:\n" + lines(100_001) { "- &a\($0) x" },
      problem: "100003:3: YAML: more than 100000 anchors"),
    Input(
      "100,000 aliases", "kind: A\na: &a x\nb:\n" + repeated("- *a\n", 100_000), documents: 1),
    Input(
      "100,000 tags", "kind: A\na:\n" + repeated("- !!set {x}\n", 100_000), documents: 1),
    Input(
      "a List of 100,000", "kind: List\nitems:\n" + repeated("- {kind: A}\n", 100_000),
      documents: 100_000),
    Input(
      "a List of what is no object", "kind: List\nitems: [1]", problem: "2:9: a Kubernetes object"),
    Input("directives", "%YAML 1.1\n%TAG ! tag:x,2000:\n---\nkind: A", documents: 1),
    Input(
      "a directive of the future", "kind: A\n...\n%YAML 9.9\n---\nkind: B", documents: 2,
      problem: "3:1: YAML: found incompatible YAML document"),
  ]

  @Test(arguments: inputs)
  func isReadInTime(_ input: Input) {
    let start = processorSeconds()
    var problems: [Problem] = []
    var documents = 0
    for element in ManifestReader(path: "f", bytes: input.bytes) {
      switch element {
      case .document: documents += 1
      case .problem(let problem): problems.append(problem)
      }
    }
    let seconds = processorSeconds() - start
    #expect(seconds < Self.limit * Self.factor)
    #expect(documents == input.documents)
    let texts = problems.map { $0.description.prefix(300) }
    if let problem = input.problem {
      #expect(problems.count == 1 && texts.allSatisfy { $0.contains(problem) }, "\(texts)")
    } else {
      #expect(texts.isEmpty)
    }
    #expect(problems.allSatisfy { $0.location != nil && $0.message.utf8.count < 1000 })
  }

  @Test func theRestIsNotReadAfterManyErrors() {
    let file = ManifestFile(path: "f", text: String(repeating: "---\n}\n", count: 20_000))
    #expect(file.problems.count == 10_001)
    #expect(
      file.problems.last?.description
        == "f:20002:1: YAML: more than 10000 errors; the rest of the file is not read")
  }

  /// The processor time of this thread, which other tests beside it do not lengthen.
  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
