import Execution
import Foundation

/// Debian has the package: there a missing one is a failure.
var userModeLinuxIsExpected: Bool {
  let release = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
  return ExecutableSearch.current.path(of: "linux") != nil
    || release.split(separator: "\n").contains("ID=debian")
}
