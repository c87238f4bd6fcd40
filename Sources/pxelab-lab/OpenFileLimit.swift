import Glibc

/// How many files this process may have open (getrlimit(2), RLIMIT_NOFILE).
enum OpenFileLimit {
  /// Takes as many as it may have: each client is one, and the file that it gets another, while many
  /// systems give 1024 to programs that do not ask.
  static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
