import Glibc

/// Where programs are looked for: `PATH`, then the system folders that an ordinary user's `PATH`
/// lacks on Debian although ip, dnsmasq and libvirtd live there. A `PATH` with another usr/sbin than
/// the system's is of programs that somebody chose, and lacks nothing.
package struct ExecutableSearch: Sendable {
  /// The folders, in order of preference.
  package let folders: [String]

  /// The folders of a `PATH` value, with /usr/local/sbin, /usr/sbin and /sbin behind them where it
  /// has no other folder usr/sbin.
  package init(path: String) {
    var folders: [String] = path.split(separator: ":").map(String.init)
    if folders.contains(where: { $0 != "/usr/sbin" && $0.hasSuffix("/usr/sbin") }) {
      self.folders = folders
      return
    }
    for folder in ["/usr/local/sbin", "/usr/sbin", "/sbin"] where !folders.contains(folder) {
      folders.append(folder)
    }
    self.folders = folders
  }

  /// The search of this process's environment.
  package static var current: ExecutableSearch {
    ExecutableSearch(path: getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")
  }

  /// The absolute path of a program; `nil` when no folder has an executable file of that name.
  package func path(of program: String) -> String? {
    if program.contains("/") { return isExecutable(program) ? program : nil }
    return folders.lazy.map { "\($0)/\(program)" }.first(where: isExecutable)
  }

  private func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }
}
