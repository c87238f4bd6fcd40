import Foundation
import Glibc
import Testing

@Suite("The server of boot files") struct FileServingTests {
  @Test("none of its threads stays root", .enabled(if: getuid() == 0))
  func root() async throws {
    let folder = try TemporaryFolder()
    let script = """
      ip link set lo up
      "$1-lab" serve-files . . \(folder.path)/pid 127.0.0.1 ::1 &
      until [ -s \(folder.path)/pid ]; do :; done
      while grep -hq '^[UG]id:.*[^0-9]0[^0-9]' /proc/$!/task/*/status; do :; done
      kill $!
      """
    let outcome = try await Program().run(
      [],
      shell:
        "cd '\(folder.path)' && exec timeout 20 unshare --net sh -c '\(script.replacing("'", with: #"'\''"#))' sh \"$@\""
    )
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
  }

  @Test(
    "arguments of another form are refused",
    arguments: [
      ["serve-files", "/a", "/b", "/c"], ["serve-files", "/a", "/b", "/c", "localhost"], ["/a"],
    ])
  func usage(_ arguments: [String]) async throws {
    let outcome = try await Program().run(
      arguments, shell: #"program=$1; shift; exec "$program-lab" "$@""#)
    #expect(outcome.status == .exited(64))
    #expect(
      outcome.errors.hasPrefix("usage: ")
        && outcome.errors.contains(" pxelab-lab serve-files FOLDER INSTALLED PID-FILE ADDRESS...\n")
    )
  }
}
