/// A file's bytes, unpacked if they begin as gzip does.
final class UnpackedStream {
  private enum Form {
    case unknown, plain
    case gzip(GzipStream)
  }

  private let file: String
  private let source: BufferedSource.Read
  private var form = Form.unknown

  init(file: String, read: @escaping BufferedSource.Read) {
    self.file = file
    source = read
  }

  /// Whether the file ended within a packed part.
  var isCut: Bool {
    if case .gzip(let stream) = form { stream.isCut } else { false }
  }

  /// Fills memory with the next bytes; returns how many, 0 at the end.
  func read(_ output: UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int {
    switch form {
    case .plain: return try source(output)
    case .gzip(let stream): return try stream.unpack(output)
    case .unknown: break
    }
    var count = 0
    while count < 2 {
      let got = try source(UnsafeMutableRawBufferPointer(rebasing: output[count...]))
      if got == 0 { break }
      count += got
    }
    guard count >= 2, output[0] == 0x1f, output[1] == 0x8b else {
      form = .plain
      return count
    }
    let stream = try GzipStream(
      file: file, first: UnsafeRawBufferPointer(rebasing: output[..<count]), read: source)
    form = .gzip(stream)
    return try stream.unpack(output)
  }
}
