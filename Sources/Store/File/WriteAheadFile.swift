import FileSystem
import Glibc

/// The file that a store lives in: a snapshot of the objects, and the changes since.
///
/// What may be relied on after a crash:
/// - A commit is one frame, written with write(2) and then fdatasync(2) before anybody sees it or
///   is told of it. A process that is killed loses nothing that it acknowledged; a machine that
///   loses its power neither, as far as the disk keeps its word. Writes that come meanwhile make
///   up the next commit: one fdatasync for all of them.
/// - A frame that was not finished is torn (``FrameReader``), and cut off when the file is opened.
/// - A new snapshot is written beside the file, then fsync(2) of it, rename(2), fsync(2) of the
///   folder: the name leads to the old file or the new, each of them whole.
/// - When write(2) fails (a full disk), what it wrote is cut off again, and the next commit may
///   succeed. When fdatasync fails, no one knows what is on the disk (Linux forgets the error and
///   the pages), so all later commits are refused until the file is opened anew.
/// - The lock is on a file beside it, PATH.lock, since the file itself changes.
package actor WriteAheadFile: ChangeLog {
  /// What opening a file has found.
  package struct Report: Sendable, Equatable {
    /// Bytes of a commit that a crash has torn, which were cut off.
    package var tornBytes = 0
    /// Whether the file was not there and has been made.
    package var isNew = false
  }

  private let executor = QueueExecutor(label: "pxelab.store.file")
  private let path: String
  private let limits: StoreLimits
  private let waitsForDisk: Bool
  private var lock: FileLock?
  private var descriptor: Int32 = -1
  /// The file's bytes.
  private var size = 0
  /// The bytes at which a new file is begun.
  private var compactionSize = 0
  private var failure: FileError?

  /// File operations block, so they have a queue of their own.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Takes the lock of a file.
  ///
  /// - Parameter waitsForDisk: whether commits wait for fdatasync(2). Without, a killed process
  ///   still loses nothing, and a machine without power loses the last seconds or, where it wrote
  ///   out of order, is refused its file.
  /// - Throws: ``StoreFileError/inUse(path:)``, ``StoreFileError/system(_:)``.
  package init(
    path: String, limits: StoreLimits, waitsForDisk: Bool
  ) throws(StoreFileError) {
    self.path = path
    self.limits = limits
    self.waitsForDisk = waitsForDisk
    do throws(FileError) { lock = try FileLock(path: path + ".lock") } catch {
      throw .system(error)
    }
    if lock == nil { throw .inUse(path: path) }
  }

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  /// Reads the file, or makes it, and gets ready to append.
  ///
  /// - Throws: ``StoreFileError``; then the file is as it was.
  func recover() throws(StoreFileError) -> (replay: Replay, report: Report) {
    unlink(temporaryPath)
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT {
      do throws(FileError) { try replace(with: ObjectTable()) } catch { throw .system(error) }
      return (Replay(limits: limits), Report(isNew: true))
    }
    guard descriptor >= 0 else { throw .system(FileError("open \(path)")) }
    let source: DescriptorSource
    do throws(FileError) {
      source = try DescriptorSource(descriptor, path: path)
    } catch {
      throw .system(error)
    }
    let recovery = try Recovery(reading: source, path: path, limits: limits)
    size = recovery.size
    compactionSize = limits.compactionSize(snapshot: recovery.snapshotSize)
    if source.count > size {
      guard ftruncate(descriptor, off_t(size)) == 0, fsync(descriptor) == 0 else {
        throw .system(FileError("cut the torn end off \(path)"))
      }
    }
    return (recovery.replay, Report(tornBytes: source.count - size))
  }

  package func close() {
    failure = failure ?? FileError("write \(path)", errno: EBADF)
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
    lock = nil
  }

  package func append(_ payload: [UInt8]) throws(FileError) {
    if let failure { throw failure }
    let frame = Frame.wrap(payload)
    do {
      try Self.write(frame, to: descriptor, at: size, path: path)
    } catch {
      if ftruncate(descriptor, off_t(size)) != 0 { failure = FileError("shorten \(path)") }
      throw error
    }
    if waitsForDisk, fdatasync(descriptor) != 0 {
      let error = FileError("bring \(path) to the disk")
      failure = error
      // It was not acknowledged. Should this fail too, a restart may find it.
      _ = ftruncate(descriptor, off_t(size))
      throw error
    }
    size += frame.count
  }

  package func compact(_ table: ObjectTable) throws(FileError) {
    guard failure == nil, size >= compactionSize else { return }
    // If this fails, not at once again.
    compactionSize = size + limits.fileBytes
    try replace(with: table)
  }

  private var temporaryPath: String { path + ".new" }

  func replace(with table: ObjectTable) throws(FileError) {
    let new = open(temporaryPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard new >= 0 else { throw FileError("write \(temporaryPath)") }
    do throws(FileError) {
      let written = try Snapshot.write(table, to: new, path: temporaryPath)
      guard fsync(new) == 0 else { throw FileError("bring \(temporaryPath) to the disk") }
      try Files.rename(temporaryPath, to: path)
      if descriptor >= 0 { Glibc.close(descriptor) }
      descriptor = new
      size = written
      compactionSize = limits.compactionSize(snapshot: written)
    } catch {
      Glibc.close(new)
      unlink(temporaryPath)
      throw error
    }
    try synchronizeFolder()
  }

  /// Without this a name may lead to the old file after a power cut, and commits to the new one be
  /// lost.
  private func synchronizeFolder() throws(FileError) {
    let folder = open(Files.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let isDone = folder >= 0 && fsync(folder) == 0
    let error = FileError("bring the folder of \(path) to the disk")
    if folder >= 0 { Glibc.close(folder) }
    guard isDone else {
      failure = error
      throw error
    }
  }

  /// Writes all bytes at an offset.
  static func write(
    _ bytes: [UInt8], to descriptor: Int32, at offset: Int, path: String
  ) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        pwrite(
          descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done,
          off_t(offset + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError("write \(path)") }
      done += count
    }
  }
}

extension StoreLimits {
  /// The bytes of a file at which a new one is begun: twice its snapshot, so that all writing
  /// together is at most three times what the changes alone need.
  func compactionSize(snapshot: Int) -> Int { max(fileBytes, snapshot * 2) }
}
