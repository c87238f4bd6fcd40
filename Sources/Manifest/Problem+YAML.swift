import Yams

extension Problem {
  /// A YAML error with its place in the file; `lineOffset` lines come before the parsed text.
  init(_ error: YamlError, file: String, lineOffset: Int) {
    func place(_ mark: Mark) -> SourceLocation {
      SourceLocation(file: file, line: lineOffset + mark.line, column: mark.column)
    }
    func sentence(_ context: YamlError.Context?, _ problem: String) -> String {
      // libyaml's text goes on with advice for its own callers.
      if problem.hasPrefix("Maximum nesting level") { return "YAML: maximum nesting level reached" }
      guard let context else { return "YAML: \(problem)" }
      return
        "YAML: \(context.text) that begins in line \(lineOffset + context.mark.line): \(problem)"
    }
    let start = SourceLocation(file: file, line: lineOffset + 1, column: 1)
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      self.init(location: place(mark), message: sentence(context, problem))
    case .reader(let problem, let offset, let value, let yaml):
      var location = start
      if let offset {
        let before = yaml.prefix(offset)
        location.line = lineOffset + before.count(where: \.isNewline) + 1
        location.column = before.reversed().prefix { !$0.isNewline }.count + 1
      }
      let code = value >= 0 ? " (#x\(String(value, radix: 16)))" : ""
      self.init(location: location, message: "YAML: \(problem)\(code)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map(\.debugDescription).joined(separator: ", ")
      self.init(location: place(context.mark), message: "YAML: key \(keys) already set in map")
    case .memory:
      self.init(location: start, message: "YAML: out of memory")
    case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      self.init(location: start, message: "YAML: \(error)")
    }
  }
}
