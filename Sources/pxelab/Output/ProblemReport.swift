import ArgumentParser
import Objects

/// How problems of manifests are printed.
enum ProblemFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
  case github
}

/// The option of commands that print problems of manifests.
struct ProblemFormatOption: ParsableArguments {
  @Option(
    name: .long, help: "How to print the problems: text, json, or github (annotations).")
  var format: ProblemFormat = .text
}

/// The problems of manifests, for people, programs and GitHub's pages.
struct ProblemReport {
  /// The JSON document; every key is always there.
  private struct Document: Encodable {
    struct Entry: Encodable {
      let problem: Problem

      enum CodingKeys: CodingKey {
        case file, line, column, severity, object, field, message
      }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(problem.location?.file, forKey: .file)
        try container.encode(problem.location?.line, forKey: .line)
        try container.encode(problem.location?.column, forKey: .column)
        try container.encode(problem.severity, forKey: .severity)
        try container.encode(problem.object, forKey: .object)
        try container.encode(problem.field, forKey: .field)
        try container.encode(problem.message, forKey: .message)
      }
    }

    let accepted: Bool
    let problems: [Entry]
  }

  let problems: [Problem]

  /// Whether none of the problems is an error.
  var accepted: Bool { !problems.contains { $0.severity == .error } }

  /// Writes the problems to standard output.
  func write(as format: ProblemFormat) throws {
    switch format {
    case .text: try Output.write(problems.map { "\($0)\n" }.joined())
    case .json:
      try Output.json(Document(accepted: accepted, problems: problems.map(Document.Entry.init)))
    case .github: try Output.write(problems.map { annotation($0) + "\n" }.joined())
    }
  }

  /// `2 errors, 1 warning`; nothing without any.
  var counts: String {
    func count(_ severity: Problem.Severity) -> String? {
      let count = problems.count { $0.severity == severity }
      if count == 0 { return nil }
      return "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }
    return [count(.error), count(.warning)].compactMap { $0 }.joined(separator: ", ")
  }

  /// The problem beside its line.
  private func annotation(_ problem: Problem) -> String {
    var properties: [(name: String, value: String)] = []
    if let location = problem.location {
      properties = [
        ("file", location.file), ("line", "\(location.line)"), ("col", "\(location.column)"),
      ]
    }
    let title = [problem.object, problem.field].filter { !$0.isEmpty }.joined(separator: ": ")
    if !title.isEmpty { properties.append(("title", title)) }
    return WorkflowCommand(
      problem.severity.rawValue, properties: properties, message: problem.message
    ).text
  }
}
