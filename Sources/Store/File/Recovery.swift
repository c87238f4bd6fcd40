import FileSystem

/// What a write-ahead file holds.
struct Recovery {
  /// The objects, and the changes for watches.
  var replay: Replay
  /// Bytes of the snapshot at the file's beginning.
  var snapshotSize = 0
  /// Bytes up to the end of the last whole frame.
  var size = 0

  /// Reads a file from its beginning to its end.
  ///
  /// - Throws: ``StoreFileError``, with the place of the damage.
  init(reading source: some ByteSource, path: String, limits: StoreLimits) throws(StoreFileError) {
    replay = Replay(limits: limits)
    var reader = FrameReader(source)
    while let payload = try Self.next(in: &reader, path: path) {
      do throws(Replay.Failure) {
        try replay.take(payload)
      } catch {
        switch error {
        case .damaged(let reason): throw .damaged(path: path, offset: size, reason: reason)
        case .otherVersion(let version): throw .otherVersion(path: path, version: version)
        }
      }
      size = reader.offset
      if replay.isSnapshot { snapshotSize = size }
    }
    guard replay.isComplete else {
      throw .damaged(path: path, offset: size, reason: "the file ends before its snapshot does")
    }
  }

  /// The next payload; `nil` at the end of the last whole frame.
  private static func next(
    in reader: inout FrameReader<some ByteSource>, path: String
  ) throws(StoreFileError) -> [UInt8]? {
    let step: FrameStep
    do throws(FileError) { step = try reader.next() } catch { throw .system(error) }
    switch step {
    case .payload(let payload): return payload
    case .end, .torn: return nil
    case .damaged(let reason): throw .damaged(path: path, offset: reader.offset, reason: reason)
    }
  }
}
