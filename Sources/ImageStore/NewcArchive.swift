/// A cpio archive in the "newc" format that the kernel unpacks as its initramfs
/// (Documentation/driver-api/early-userspace/buffer-format.rst).
///
/// The same entries always give the same bytes: sorted by path, owned by root, of time 0, numbered
/// from 1. Device nodes need no privilege, as nothing is made on disk.
struct NewcArchive {
  enum Content {
    case folder
    case file([UInt8], executable: Bool)
    case characterDevice(major: UInt32, minor: UInt32)
  }

  private var entries: [String: Content] = [:]

  /// Adds an entry, and the folders above it that are not there yet.
  mutating func add(_ path: String, _ content: Content) {
    var parent = path
    while let slash = parent.lastIndex(of: "/") {
      parent = String(parent[..<slash])
      if entries[parent] == nil { entries[parent] = .folder }
    }
    entries[path] = content
  }

  /// The archive's bytes, its trailer included.
  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    var inode: UInt32 = 0
    for path in entries.keys.sorted() {
      guard let content = entries[path] else { continue }
      inode += 1
      switch content {
      case .folder:
        append(path, mode: 0o040755, links: 2, inode: inode, to: &bytes)
      case .file(let data, let executable):
        append(path, mode: executable ? 0o100755 : 0o100644, inode: inode, data: data, to: &bytes)
      case .characterDevice(let major, let minor):
        append(path, mode: 0o020600, inode: inode, device: (major, minor), to: &bytes)
      }
    }
    append("TRAILER!!!", mode: 0, inode: 0, to: &bytes)
    return bytes
  }

  private func append(
    _ path: String, mode: UInt32, links: UInt32 = 1, inode: UInt32, data: [UInt8] = [],
    device: (major: UInt32, minor: UInt32) = (0, 0), to bytes: inout [UInt8]
  ) {
    let fields: [UInt32] = [
      inode, mode, 0, 0, links, 0, UInt32(data.count), 0, 0, device.major, device.minor,
      UInt32(path.utf8.count + 1), 0,
    ]
    bytes += "070701".utf8
    for field in fields {
      let digits = String(field, radix: 16, uppercase: true)
      bytes += String(repeating: "0", count: 8 - digits.count).utf8
      bytes += digits.utf8
    }
    bytes += path.utf8
    bytes.append(0)
    pad(&bytes)
    bytes += data
    pad(&bytes)
  }

  private func pad(_ bytes: inout [UInt8]) {
    while !bytes.count.isMultiple(of: 4) { bytes.append(0) }
  }
}
