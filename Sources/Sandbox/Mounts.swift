import FileSystem
import Glibc
import Planning

/// The sandbox's view of the file system: made inside its own mount namespace, gone with it.
package struct Mounts: Sendable {
  private let paths: LabPaths
  let sandbox: SandboxPlan
  private let libvirtCache: String

  /// The mounts of one lab; `libvirtCache` is a folder that outlives labs, so that libvirt probes
  /// QEMU once and not at every start.
  package init(paths: LabPaths, sandbox: SandboxPlan, libvirtCache: String) {
    self.paths = paths
    self.sandbox = sandbox
    self.libvirtCache = libvirtCache
  }

  /// Makes all of them.
  ///
  /// - Throws: ``SandboxError`` naming the mount that failed.
  package func apply() throws {
    let resolver = try? Files.text(of: "/etc/resolv.conf")
    let resolverPath = resolved("/etc/resolv.conf")
    try Self.tmpfs(on: "/run")
    // What a node mounts there is seen by the sandbox: the names of network namespaces.
    guard mount(nil, "/run", nil, UInt(MS_SHARED), nil) == 0 else {
      throw SandboxError("share /run")
    }
    if let resolver, let resolverPath, resolverPath.hasPrefix("/run/") {
      try Self.makeFolder(
        String(resolverPath[..<(resolverPath.lastIndex(of: "/") ?? resolverPath.endIndex)]))
      try resolver.write(toFile: resolverPath, atomically: false, encoding: .utf8)
    }
    try Self.makeFolder("/run/pxelab")
    try Self.makeFolder(Self.libvirtState)
    // Each of several libvirtds has one of its own, which the others do not see.
    try Self.tmpfs(on: Self.libvirtState)
    guard mount(nil, Self.libvirtState, nil, UInt(MS_PRIVATE), nil) == 0 else {
      throw SandboxError("keep \(Self.libvirtState) apart")
    }
    let files = paths.files(of: .lab)
    try Self.bind(files.libvirtConfiguration, on: "/etc/libvirt")
    try Self.bind(libvirtCache, on: "/var/cache/libvirt")
    try Self.bind(files.libvirtLogs, on: "/var/log/libvirt")
    try Self.tmpfs(on: "/var/lib/libvirt")
    if sandbox.hidesKVM, access("/dev/kvm", F_OK) == 0 {
      try hideKVM()
    }
    if let user = sandbox.emulatorUser { try makeDevices(for: user) }
  }

  /// Where libvirtd keeps what it knows of running domains.
  private static let libvirtState = "/run/libvirt"

  /// Gives a node what is its own, inside its mount namespace: of several nodes each has a libvirtd.
  ///
  /// - Throws: ``SandboxError`` naming the mount that failed.
  package static func separate(_ files: NodePaths) throws {
    try bind(files.libvirtConfiguration, on: "/etc/libvirt")
    try bind(files.libvirtLogs, on: "/var/log/libvirt")
    for folder in [libvirtState, "/var/lib/libvirt"] { try tmpfs(on: folder) }
    try makeEmptyFile(UplinkPlan.nodeNamespace, mode: 0o400)
    try bind("/proc/self/ns/net", on: UplinkPlan.nodeNamespace)
  }

  /// Covers /dev/kvm with an empty file that nobody can write, so that libvirt finds no KVM at all.
  /// Something in its place that opens and does not work would have QEMU probed at every start.
  private func hideKVM() throws {
    let cover = "/run/pxelab/no-kvm"
    try Self.makeEmptyFile(cover, mode: 0)
    try Self.bind(cover, on: "/dev/kvm")
    let flags = UInt(MS_REMOUNT | MS_BIND | MS_RDONLY)
    guard mount(nil, "/dev/kvm", nil, flags, nil) == 0 else {
      throw SandboxError("hide /dev/kvm")
    }
  }

  /// Shows the files below `folder`, and what links there lead to, at `place`, which is made and
  /// must lie below /run: whoever may not enter the folders above the files reads them there. What is
  /// shown there already is left as it is.
  package static func showFiles(of folder: String, at place: String) throws {
    try makeFolder(place)
    for path in try Files.descendants(of: folder) {
      var status = stat()
      guard stat("\(folder)/\(path)", &status) == 0 else {
        throw SandboxError("show \(folder)/\(path)")
      }
      if status.st_mode & S_IFMT == S_IFDIR {
        try makeFolder("\(place)/\(path)")
      } else {
        var shown = stat()
        if stat("\(place)/\(path)", &shown) == 0, shown.st_dev == status.st_dev,
          shown.st_ino == status.st_ino
        {
          continue
        }
        try makeEmptyFile("\(place)/\(path)", mode: 0o644)
        try bind("\(folder)/\(path)", on: "\(place)/\(path)")
      }
    }
  }

  /// Takes away what ``showFiles(of:at:)`` has shown at a place; who has a file open keeps it.
  package static func hideFiles(at place: String) throws {
    let table = try Files.text(of: "/proc/self/mountinfo")
    // Field 5 is the mount point (proc(5)).
    let shown = table.split(separator: "\n").compactMap { line -> String? in
      let fields = line.split(separator: " ")
      return fields.count > 4 ? unescaped(fields[4]) : nil
    }
    for path in shown.reversed() where path.hasPrefix("\(place)/") {
      guard umount2(path, Int32(MNT_DETACH)) == 0 else { throw SandboxError("hide \(path)") }
    }
    try? Files.remove(place)
  }

  /// Space, tab, newline and backslash stand as octal numbers there, the last to be replaced last.
  private static func unescaped(_ field: Substring) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
    return escapes.reduce(String(field)) { $0.replacing($1.0, with: $1.1) }
  }

  private func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func tmpfs(on place: String) throws {
    guard mount("tmpfs", place, "tmpfs", UInt(MS_NOSUID | MS_NODEV), "mode=0755") == 0
    else { throw SandboxError("mount a tmpfs on \(place)", remedy: remedy(for: place)) }
  }

  static func bind(_ source: String, on place: String) throws(SandboxError) {
    guard mount(source, place, nil, UInt(MS_BIND | MS_REC), nil) == 0 else {
      throw SandboxError("show \(source) at \(place)", remedy: remedy(for: place))
    }
  }

  /// What something is then shown at.
  static func makeEmptyFile(_ path: String, mode: mode_t) throws(SandboxError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw SandboxError("make \(path)") }
    close(descriptor)
  }

  static func makeFolder(_ path: String) throws(SandboxError) {
    do throws(FileError) {
      try Files.makeFolder(path, mode: 0o755)
    } catch {
      throw SandboxError("make the folder \(path)", errno: error.errno)
    }
  }

  private static func remedy(for place: String) -> String? {
    guard place.contains("libvirt"), errno == ENOENT else { return nil }
    return "\(place) comes with libvirt: install its daemon (`pxelab doctor` names the package)"
  }
}
