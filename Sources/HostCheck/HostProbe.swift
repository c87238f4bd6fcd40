/// What the checks may ask of the machine. Nothing here changes anything.
package protocol HostProbe: Sendable {
  /// Who runs pxelab.
  var account: Account { get }
  /// The running kernel's release, as `uname -r` prints it.
  var kernelRelease: String { get }
  /// The absolute path of this very program.
  var executablePath: String { get }

  /// The text of a file, decompressed when its name ends in `.gz`; `nil` when there is no such file.
  ///
  /// - Throws: ``HostProbeError`` when the file exists and cannot be read.
  func text(at path: String) async throws(HostProbeError) -> String?

  /// The names in a folder, sorted; empty when there is no such folder.
  ///
  /// - Throws: ``HostProbeError`` when the folder exists and cannot be read.
  func names(in folder: String) throws(HostProbeError) -> [String]

  /// Whether a file, folder or device exists.
  func exists(_ path: String) -> Bool

  /// Whether the caller may read and write a file or device.
  func access(to path: String) -> FileAccess

  /// The absolute path of a program in the search path; `nil` when it is not installed.
  func path(ofProgram name: String) -> String?

  /// What /dev/kvm answers.
  func kvm() -> KVMState
}

/// A user of the machine.
package struct Account: Codable, Hashable, Sendable {
  /// The login name; the number as text when the user database has no name for it.
  package var name: String
  /// The user ID; 0 is root.
  package var id: UInt32

  /// A user.
  package init(name: String, id: UInt32) {
    self.name = name
    self.id = id
  }

  /// Whether this is root, who needs no user namespace.
  package var isRoot: Bool { id == 0 }
}

/// Whether a file may be read and written.
package enum FileAccess: Hashable, Sendable {
  /// It may.
  case allowed
  /// There is no such file.
  case missing
  /// It may not; the reason is the system's.
  case denied(reason: String)
}

/// Something on the machine that exists and cannot be read.
package struct HostProbeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder.
  package var path: String
  /// The system's reason.
  package var reason: String

  /// An error at a path.
  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The file and the reason.
  package var description: String { "\(path) cannot be read: \(reason)" }
}
