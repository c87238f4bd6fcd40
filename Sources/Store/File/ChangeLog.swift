import FileSystem

/// Where a store writes its changes before anybody sees them.
package protocol ChangeLog: Sendable {
  /// Appends one commit, and returns when it would survive.
  ///
  /// - Throws: ``FileError``; then the commit is not to be seen, and nothing that builds on it is
  ///   appended.
  func append(_ payload: [UInt8]) async throws(FileError)

  /// Begins anew with the objects alone, if what was appended has become too much.
  ///
  /// - Throws: ``FileError``; then the log goes on as it was.
  func compact(_ table: ObjectTable) async throws(FileError)

  /// Lets go of the log: what has not been appended yet is refused.
  func close() async
}
