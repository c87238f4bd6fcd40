import FileSystem
import Planning

extension NodePaths {
  /// Writes what an agent's libvirtd and switch begin with.
  ///
  /// - Parameter user: whom QEMU runs as; `nil` for the sandbox's root.
  /// - Throws: `FileError`.
  func make(emulatorUser user: EmulatorUser?) throws {
    for folder in [libvirtSockets, libvirtConfiguration, libvirtLogs, openVSwitch] {
      try Files.makeFolder(folder)
    }
    try Files.write(LibvirtConfiguration.daemon(self), to: "\(libvirtConfiguration)/libvirtd.conf")
    try Files.write(
      LibvirtConfiguration.qemu(as: user), to: "\(libvirtConfiguration)/qemu.conf")
  }

  /// Removes what a node that starts again must not find: its switch's database, the definitions of its
  /// domains. What was captured in its last life stays beside what is captured now.
  func forgetLastLife() throws {
    try Files.remove(openVSwitch)
    try Files.makeFolder(openVSwitch)
    try Files.remove("\(libvirtConfiguration)/qemu")
    let suffix = ".pcapng"
    for name in try Files.names(in: directory)
    where name.hasSuffix(suffix) && !name.hasSuffix(".earlier\(suffix)") {
      try Files.rename(
        "\(directory)/\(name)", to: earlierCapture(String(name.dropLast(suffix.count))))
    }
  }
}
