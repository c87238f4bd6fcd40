import Objects

/// How many files are accepted, refused, or hold nothing that is checked.
package struct ValidationSummary: Hashable, Sendable {
  private let refused: Int
  private let unchecked: Int
  private let all: Int

  /// Counts files.
  ///
  /// - Parameters:
  ///   - paths: all of them.
  ///   - checked: those that hold something that was checked.
  ///   - problems: what was found.
  package init(paths: Set<String>, checked: Set<String>, problems: [Problem]) {
    let wrong = Set(problems.filter { $0.severity == .error }.map { $0.location?.file ?? "" })
    all = paths.count
    refused = min(all, wrong.count)
    unchecked = paths.subtracting(checked).subtracting(wrong).count
  }

  /// `1 of 10 files refused`, `3 files accepted, nothing in 1 more was checked`.
  package var text: String {
    func files(_ count: Int) -> String { count == 1 ? "1 file" : "\(count) files" }
    if refused > 0 {
      return refused == all ? "\(files(all)) refused" : "\(refused) of \(files(all)) refused"
    }
    if unchecked == 0 { return "\(files(all)) accepted" }
    if unchecked == all {
      return "\(files(all)), nothing in \(all == 1 ? "it" : "them") was checked"
    }
    return "\(files(all - unchecked)) accepted, nothing in \(unchecked) more was checked"
  }
}
