/// How often each truth was given each first finding.
struct ConfusionTable {
  /// What stands for no finding; of a healthy boot, for none above info.
  static let silence = "-"

  private var rows: [String: [String: Int]] = [:]
  /// The captures that were judged wrongly, with what was said of them.
  private(set) var errors: [String] = []
  /// How many captures were judged.
  private(set) var judged = 0

  /// Counts one capture.
  mutating func add(
    _ capture: Corpus.Capture, _ diagnosis: Diagnosis, causes: [String: Set<String>]
  ) {
    judged += 1
    // Of a healthy boot anything above info is wrong; of a broken one only the first finding counts.
    let serious = diagnosis.findings.filter { $0.severity != "info" }
    let first = (capture.isHealthy ? serious : diagnosis.findings).first?.id ?? Self.silence
    rows[capture.cause, default: [:]][first, default: 0] += 1
    let right = capture.isHealthy ? [Self.silence] : causes[capture.cause, default: []]
    guard !right.contains(first) else { return }
    let said = diagnosis.findings.map { "\($0.id) \($0.severity): \($0.title)" }
    errors.append(
      "\(capture.file) is \(capture.cause) (\(capture.title)); found: "
        + (said.isEmpty ? "nothing" : said.joined(separator: "; ")))
  }

  /// One line for each truth: its captures by their first finding, most frequent first.
  func text(causes: [String: Set<String>]) -> String {
    let width = (rows.keys.map(\.count).max() ?? 0) + 2
    let lines = rows.sorted {
      ($0.key != "healthy" ? 1 : 0, $0.key) < ($1.key != "healthy" ? 1 : 0, $1.key)
    }
    .map { cause, found in
      let expected = causes[cause].map { $0.sorted().joined(separator: "|") } ?? Self.silence
      let cells = found.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      return Self.padded(cause, width) + Self.padded(expected, 18) + cells
    }
    return """
      \(Self.padded("truth", width))\(Self.padded("expected", 18))first finding, and how often
      \(lines.joined(separator: "\n"))
      \(judged) captures, \(judged - errors.count) judged right, \(errors.count) wrong
      """
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
