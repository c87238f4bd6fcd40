/// A text that is not the XML that it should be.
package struct XMLParsingError: Error, Hashable, CustomStringConvertible {
  /// The line, from 1.
  package var line: Int
  /// What is wrong there.
  package var reason: String

  /// One line for a person.
  package var description: String { "XML, line \(line): \(reason)" }
}
