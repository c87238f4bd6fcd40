import Manifest

extension [Problem] {
  /// The problems by file, line and column, the files in the order given; what is said twice is
  /// there once. Those without a place come last.
  func inOrder(of files: [String]) -> [Problem] {
    let order = Dictionary(
      files.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    func rank(_ problem: Problem, _ offset: Int) -> (Int, Int, Int, Int) {
      guard let location = problem.location else { return (.max, 0, 0, offset) }
      return (order[location.file] ?? .max, location.line, location.column, offset)
    }
    var seen: Set<Problem> = []
    return enumerated()
      .sorted { rank($0.element, $0.offset) < rank($1.element, $1.offset) }
      .map(\.element)
      .filter { seen.insert($0).inserted }
  }
}
