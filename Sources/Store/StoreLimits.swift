/// What a store holds at most.
package struct StoreLimits: Sendable {
  /// Bytes of an object as JSON. 1.5 MiB, etcd's limit for a request.
  package var objectBytes = 3 << 19
  /// Levels of an object.
  package var depth = 100
  /// Bytes of all objects as JSON; deletions and changes that make an object no larger are always
  /// taken.
  package var totalBytes = 256 << 20
  /// Changes that are kept for watches.
  package var keptChanges = 4096
  /// Bytes of the kept changes as JSON.
  package var keptBytes = 8 << 20
  /// Changes that a watch takes at a time, and so holds beyond those that the store keeps.
  package var watchChanges = 64
  /// Revisions after which a watch that asked for bookmarks gets one, if it got nothing.
  package var bookmarkInterval = 1024
  /// Bytes of the write-ahead file that begin a new one at the earliest.
  package var fileBytes = 4 << 20
  /// Bytes that are written to the file at once, if there is more than one write.
  package var batchBytes = 4 << 20

  /// The usual limits.
  package init() {}
}
