import CMounts
import FileSystem
import Glibc
import Planning

/// What is shown to a QEMU that runs as a user of its own.
extension Mounts {
  /// The folder of device nodes, on a file system that has any.
  private static let devices = "\(EmulatorFiles.root)/dev"

  /// Makes the folder of the user's device nodes, with /dev/kvm of them where it is used: the node
  /// of the host is root's and a group's.
  func makeDevices(for user: EmulatorUser) throws {
    try Self.makeFolder(Self.devices)
    guard mount("tmpfs", Self.devices, "tmpfs", UInt(MS_NOSUID), "mode=0755") == 0 else {
      throw SandboxError("mount a tmpfs on \(Self.devices)")
    }
    if !sandbox.hidesKVM { try Self.show(device: "/dev/kvm", as: user) }
  }

  /// Puts a node of a user's in the place of a device's, for this sandbox.
  static func show(device path: String, as user: EmulatorUser) throws(SandboxError) {
    let node = "\(devices)/\(path.split(separator: "/").joined(separator: "-"))"
    var status = stat()
    guard stat(path, &status) == 0 else { throw SandboxError("show \(path)") }
    if status.st_uid == user.id { return }
    try makeNode(node, like: status, for: user)
    try bind(node, on: path)
  }

  private static func makeNode(
    _ path: String, like status: stat, for user: EmulatorUser
  ) throws(SandboxError) {
    unlink(path)
    guard mknod(path, status.st_mode & S_IFMT | 0o600, status.st_rdev) == 0,
      chown(path, user.id, user.id) == 0
    else { throw SandboxError("make the device \(path)") }
  }

  /// Shows a folder at a place, if it is not yet.
  static func show(folder path: String, at place: String) throws(SandboxError) {
    guard !isSame(path, place) else { return }
    try makeFolder(place)
    try bind(path, on: place)
  }

  /// Shows a file as a user's, if it is not yet; one that was replaced since is shown anew.
  static func show(_ file: EmulatorFiles.Shown, as user: EmulatorUser) throws(SandboxError) {
    let (path, place) = (file.path, file.place)
    guard !isSame(path, place) else { return }
    try makeFolder(Files.parent(of: place))
    // What was shown there, if anything was.
    umount2(place, Int32(MNT_DETACH))
    try makeEmptyFile(place, mode: 0o600)
    var status = stat()
    guard stat(path, &status) == 0 else { throw SandboxError("show \(path)") }
    if [S_IFBLK, S_IFCHR].contains(status.st_mode & S_IFMT) {
      let node = "\(devices)/\(place.split(separator: "/").joined(separator: "-"))"
      try makeNode(node, like: status, for: user)
      return try bind(node, on: place)
    }
    if cmounts_show(path, place, user.id, user.id) == 0 { return }
    let error = errno
    let needed: mode_t = file.isWritten ? 0o006 : 0o004
    guard status.st_mode & needed != needed else { return try bind(path, on: place) }
    throw SandboxError(
      "let QEMU have \(path) as the user \(user.id)", errno: error,
      remedy: "the kernel shows a file as another user's since Linux 5.12, and not on every file "
        + "system: put the file on ext4, XFS or Btrfs, let others use it (chmod), or run pxelab as "
        + "an ordinary user")
  }

  /// Whether two paths lead to one file.
  private static func isSame(_ path: String, _ other: String) -> Bool {
    var first = stat()
    var second = stat()
    return stat(path, &first) == 0 && stat(other, &second) == 0
      && first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}
