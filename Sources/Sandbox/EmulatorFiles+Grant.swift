import FileSystem
import FoundationEssentials
import Glibc
import Planning

extension EmulatorFiles {
  /// Gives QEMU's user what is the lab's, and shows it what is others'. To be called in the sandbox
  /// before each start: files that were made anew are root's.
  ///
  /// - Throws: ``SandboxError``.
  package func grant() throws(SandboxError) {
    do throws(FileError) {
      for folder in passages {
        try Files.makeFolder(folder, mode: 0o711)
        try Files.setMode(0o711, of: folder)
      }
      try Files.makeFolder(screenFolder)
    } catch {
      throw SandboxError(error.action, errno: error.errno)
    }
    for path in [screenFolder] + owned where Files.exists(path) {
      // The folder is root's, so no link can have come in the file's place.
      guard lchown(path, user.id, user.id) == 0 else {
        throw SandboxError("give \(path) to the user \(user.id)")
      }
    }
    for folder in folders { try Mounts.show(folder: folder.path, at: folder.place) }
    for file in others { try Mounts.show(file, as: user) }
    for function in functions {
      try Mounts.show(device: try Self.device(ofFunction: function), as: user)
    }
  }

  /// VFIO's device of a function (Documentation/driver-api/vfio.rst).
  private static func device(ofFunction address: String) throws(SandboxError) -> String {
    let link = "/sys/bus/pci/devices/\(address)/iommu_group"
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else {
      throw SandboxError("find the IOMMU group of \(address)", errno: ENOENT)
    }
    return "/dev/vfio/\(Files.name(of: target))"
  }
}
