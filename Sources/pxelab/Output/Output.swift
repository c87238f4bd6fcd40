import FileSystem
import FoundationEssentials
import Glibc

/// Standard output, which is all that a command has to say to whoever asked.
enum Output {
  /// Writes a line.
  ///
  /// - Throws: ``Failure`` when it could not be written.
  static func line(_ text: String) throws(Failure) { try write(text + "\n") }

  /// Writes text as it is.
  ///
  /// - Throws: ``Failure`` when not all of it could be written.
  static func write(_ text: String) throws(Failure) { try write(Data(text.utf8)) }

  /// Writes bytes.
  ///
  /// - Throws: ``Failure`` when not all of them could be written.
  static func write(_ bytes: Data) throws(Failure) {
    do {
      try StandardStream.output.write(bytes)
    } catch {
      throw failure(error)
    }
  }

  /// Writes a value as every command writes JSON: sorted keys, so that two runs can be compared.
  ///
  /// - Parameter onOneLine: without line breaks in it, for lists that have no end.
  /// - Throws: ``Failure`` when not all of it could be written.
  static func json(_ value: some Encodable, onOneLine: Bool = false) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !onOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
    try line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// What the end of standard output means for a command. A reader that has seen enough and went is
  /// like Ctrl-C.
  static func failure(_ error: FileError) -> Failure {
    error.errno == EPIPE
      ? Failure(.interrupted, "nobody reads standard output any more")
      : Failure(.output, "\(error)")
  }
}

/// Writes a line to standard error. When that fails, nobody is left to be told, and the exit status
/// tells all the same.
func complain(_ line: String) {
  try? StandardStream.error.write(line + "\n")
}
