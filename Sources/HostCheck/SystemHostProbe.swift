import CKVM
import Execution
import ExternalCommand
import Glibc

/// The machine that pxelab runs on.
package struct SystemHostProbe: HostProbe {
  private let runner: any CommandRunner
  private let search: ExecutableSearch

  /// A probe of this machine.
  ///
  /// - Parameters:
  ///   - runner: runs gzip for compressed files.
  ///   - search: where programs are looked for.
  package init(runner: any CommandRunner, search: ExecutableSearch = .current) {
    self.runner = runner
    self.search = search
  }

  /// The effective user.
  package var account: Account {
    let id = geteuid()
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16384)
    let name: String? = buffer.withUnsafeMutableBufferPointer { storage in
      guard let start = storage.baseAddress else { return nil }
      let status = getpwuid_r(id, &entry, start, storage.count, &found)
      guard status == 0, found != nil, let name = entry.pw_name else { return nil }
      return String(cString: name)
    }
    return Account(name: name ?? "\(id)", id: id)
  }

  /// The kernel's release from uname(2).
  package var kernelRelease: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "" }
    return withUnsafeBytes(of: &names.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Where /proc/self/exe points; the program's name when /proc is not there.
  package var executablePath: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { return CommandLine.arguments.first ?? "pxelab" }
    return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Reads a file, through gzip(1) when its name ends in `.gz`.
  package func text(at path: String) async throws(HostProbeError) -> String? {
    guard path.hasSuffix(".gz") else { return try read(path) }
    guard exists(path) else { return nil }
    do {
      return try await runner.run(Command("gzip", ["-dc", path]))
    } catch {
      throw HostProbeError(path: path, reason: "\(error)")
    }
  }

  /// Lists a folder with readdir(3).
  package func names(in folder: String) throws(HostProbeError) -> [String] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw HostProbeError(path: folder, reason: Self.reason(errno))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Asks access(2).
  package func exists(_ path: String) -> Bool {
    Glibc.access(path, F_OK) == 0
  }

  /// Asks access(2).
  package func access(to path: String) -> FileAccess {
    if Glibc.access(path, R_OK | W_OK) == 0 { return .allowed }
    let code = errno
    return code == ENOENT ? .missing : .denied(reason: Self.reason(code))
  }

  /// Looks in the search path.
  package func path(ofProgram name: String) -> String? {
    search.path(of: name)
  }

  /// Opens /dev/kvm and asks it.
  package func kvm() -> KVMState {
    let descriptor = open("/dev/kvm", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      return code == ENOENT ? .absent : .denied(reason: Self.reason(code))
    }
    defer { close(descriptor) }
    let version = ckvm_api_version(descriptor)
    guard version >= 0 else { return .broken(reason: Self.reason(errno)) }
    let smm = ckvm_has_smm(descriptor)
    guard smm >= 0 else { return .broken(reason: Self.reason(errno)) }
    return .answers(version: version, systemManagementMode: smm == 1)
  }

  private func read(_ path: String) throws(HostProbeError) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw HostProbeError(path: path, reason: Self.reason(errno))
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      if count > 0 {
        bytes += buffer.prefix(count)
      } else if errno != EINTR {
        throw HostProbeError(path: path, reason: Self.reason(errno))
      }
    }
  }

  private static func reason(_ code: Int32) -> String {
    String(cString: strerror(code))
  }
}
