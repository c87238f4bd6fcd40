import FileSystem
import Firmware
import FoundationEssentials
import Glibc

/// A machine's variable store on the disk.
///
/// QEMU locks the images that it has open (open file description locks on the bytes from 100 on,
/// block/file-posix.c), which tells whether a machine has the store, whoever started it.
package struct VariableStoreFile: Hashable, Sendable {
  /// The file, links resolved.
  package let path: String

  /// No store of a machine is larger, in bytes: QEMU's flash for variables on ARM is 64 MiB.
  package static let sizeLimit = 64 << 20

  /// The store in a file, which need not exist.
  package init(path: String) {
    var path = path
    if let real = realpath(path, nil) {
      path = String(cString: real)
      free(real)
    }
    self.path = path
  }

  /// Where the store is kept as it was before the last change.
  package var backupPath: String { "\(path).bak" }

  /// Whether a running machine has the store.
  package var isInUse: Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // RAW_LOCK_PERM_BASE and RAW_LOCK_SHARED_BASE are 100 and 200, and both have room for 64 bits.
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = 100
    lock.l_len = 200
    return fcntl(descriptor, Self.getOpenFileLock, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
  }

  /// F_OFD_GETLK of fcntl.h, which Swift does not import.
  private static let getOpenFileLock: Int32 = 36

  /// Reads the store, also one that a machine has.
  ///
  /// - Throws: `VariableStoreFileError`.
  package func read() throws(VariableStoreFileError) -> VariableStore {
    let bytes = try bytes()
    do {
      return try VariableStore(bytes: bytes)
    } catch {
      throw .unreadable(path: path, error)
    }
  }

  /// The file's bytes.
  ///
  /// - Throws: `VariableStoreFileError`.
  func bytes() throws(VariableStoreFileError) -> [UInt8] {
    do throws(FileError) {
      if let size = Files.size(of: path), size > Self.sizeLimit {
        throw FileError("read \(path)", errno: EFBIG)
      }
      return [UInt8](try Files.read(path))
    } catch {
      throw .file(error)
    }
  }

  /// Replaces the store as a whole, and keeps the former one beside it; its owner and mode stay.
  ///
  /// - Throws: `VariableStoreFileError`, with the file as it was.
  package func write(_ store: VariableStore) throws(VariableStoreFileError) {
    try write(store.bytes)
  }

  /// Replaces the file's bytes, and keeps the former ones beside it; owner and mode stay.
  ///
  /// - Throws: `VariableStoreFileError`, with the file as it was.
  package func write(_ bytes: [UInt8]) throws(VariableStoreFileError) {
    guard !isInUse else { throw .inUse(path: path) }
    do throws(FileError) {
      var status = stat()
      let isThere = stat(path, &status) == 0
      if isThere {
        let former = try Files.read(path)
        if [UInt8](former) == bytes { return }
        try Files.write(former, to: backupPath, mode: 0o600)
      }
      let mode = isThere ? status.st_mode & 0o777 : 0o600
      try Files.write(
        Data(bytes), to: path, mode: mode,
        owner: isThere ? (status.st_uid, status.st_gid) : nil)
    } catch {
      throw .file(error)
    }
  }
}

/// A variable store that cannot be read or written.
package enum VariableStoreFileError: Error, CustomStringConvertible {
  /// The system refused.
  case file(FileError)
  /// The bytes are no variable store, or a damaged one.
  case unreadable(path: String, EFIDecodingError)
  /// A running machine has the store.
  case inUse(path: String)
  /// The program that unpacks files of this form is not installed.
  case noUnpacker(path: String, StoreForm, StoreUnpacking)
  /// The program that unpacks files of this form failed.
  case notUnpacked(path: String, StoreForm, reason: String)

  /// What is wrong, and the way out.
  package var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .unreadable(let path, let error):
      "\(path): \(error)"
        + (Files.exists("\(path).bak")
          ? " (\(path).bak is the store before its last change by pxelab)" : "")
    case .inUse(let path):
      "\(path): a running machine has this variable store, and what is written now would be lost; "
        + "turn the machine off first"
    case .noUnpacker(let path, let form, let unpacking):
      "\(path): this is \(form.description), and \(unpacking.program), which reads it, is not "
        + "installed: \(unpacking.installation)"
    case .notUnpacked(let path, let form, let reason):
      "\(path): this is \(form.description), and cannot be read: \(reason)"
    }
  }
}
