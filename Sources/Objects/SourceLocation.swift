/// A place in a manifest file, as compilers print it.
package struct SourceLocation: Codable, Hashable, Sendable {
  /// The file's path as it was given.
  package var file: String
  /// The line, from 1.
  package var line: Int
  /// The column, from 1, in Unicode scalars.
  package var column: Int

  /// A place in a file; line and column count from 1.
  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `file:line:column`.
  package var description: String { "\(file):\(line):\(column)" }
}

extension SourceLocation: Comparable {
  /// By file, then line, then column.
  package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}
