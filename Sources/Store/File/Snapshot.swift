import FileSystem

/// The objects of a table as the beginning of a write-ahead file.
enum Snapshot {
  /// Bytes of a frame of objects, if it has more than one.
  static let frameSize = 1 << 20

  /// Writes a snapshot from the beginning of a file and returns its bytes.
  static func write(
    _ table: ObjectTable, to descriptor: Int32, path: String
  ) throws(FileError) -> Int {
    var size = 0
    func append(_ payload: [UInt8]) throws(FileError) {
      let frame = Frame.wrap(payload)
      try WriteAheadFile.write(frame, to: descriptor, at: size, path: path)
      size += frame.count
    }
    try append(LogRecord.head(of: table))
    var records: [UInt8] = []
    for resource in table.resources {
      for (key, object) in table.objects(of: resource) {
        if !records.isEmpty { records.append(UInt8(ascii: ",")) }
        LogRecord.write(key, object, to: &records)
        if records.count >= frameSize {
          try append(LogRecord.payload("objects", records))
          records = []
        }
      }
    }
    if !records.isEmpty { try append(LogRecord.payload("objects", records)) }
    return size
  }
}
