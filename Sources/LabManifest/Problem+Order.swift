import Objects

extension [Problem] {
  /// The problems by file, line and column, the files in the order given; what is said twice is
  /// there once. Those of documents that could not be read come before all others, which may follow
  /// from them; those without a place come last.
  func inOrder(of files: [String]) -> [Problem] {
    let order = Dictionary(
      files.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    func rank(_ problem: Problem, _ offset: Int) -> (Int, Int, Int, Int, Int) {
      guard let location = problem.location else { return (2, 0, 0, 0, offset) }
      return (
        problem.hidesObject ? 0 : 1, order[location.file] ?? .max, location.line, location.column,
        offset
      )
    }
    var seen: Set<Problem> = []
    return enumerated()
      .sorted { rank($0.element, $0.offset) < rank($1.element, $1.offset) }
      .map(\.element)
      .filter { seen.insert($0).inserted }
  }
}

extension Problem {
  /// Whether others take an object for missing because of it: YAML that cannot be read, or a document
  /// of no kind that there is.
  fileprivate var hidesObject: Bool {
    severity == .error && (field == "kind" || (object.isEmpty && field.isEmpty))
  }
}
