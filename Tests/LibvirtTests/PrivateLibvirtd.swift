import Execution
import ExternalCommand
import Foundation
import Glibc

/// A libvirtd of a test's own, with libvirt's test driver alone: no other driver is loaded.
struct PrivateLibvirtd {
  let folder: String
  let pid: Int32

  var uri: String { "test+unix:///default?socket=\(folder)/libvirt-sock" }

  /// Starts it; it detaches when it accepts connections.
  ///
  /// - Throws: `CommandError`, by name where libvirtd is not installed.
  init() async throws {
    var template = Array("/tmp/pxelab-libvirtd-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let configuration = """
      unix_sock_dir = "\(folder)"
      auth_unix_ro = "none"
      auth_unix_rw = "none"
      log_outputs = "3:file:\(folder)/log"

      """
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: "\(folder)/libvirtd.conf"))
    var environment = ["LIBVIRT_DRIVER_DIR": "\(folder)/no-drivers"]
    for name in ["XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
      environment[name] = folder
    }
    try await SubprocessRunner().run(
      Command(
        "libvirtd",
        ["--daemon", "--config", "\(folder)/libvirtd.conf", "--pid-file", "\(folder)/pid"],
        environment: environment))
    let text = try String(contentsOfFile: "\(folder)/pid", encoding: .utf8)
    guard let number = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw POSIXError(.ESRCH)
    }
    pid = number
  }

  func signal(_ number: Int32) { kill(pid, number) }

  func remove() {
    signal(SIGKILL)
    try? FileManager.default.removeItem(atPath: folder)
  }
}
