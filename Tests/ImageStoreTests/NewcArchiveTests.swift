import Execution
import ExternalCommand
import FoundationEssentials
import Testing

@testable import ImageStore

@Suite struct NewcArchiveTests {
  /// What GNU cpio lists of the archive; it is the reference for the format.
  @Test func cpioReadsWhatIsWritten() async throws {
    var archive = NewcArchive()
    archive.add("lib/probe/a.sh", .file(Array("text\n".utf8), executable: false))
    archive.add("init", .file(Array("#!/bin/sh\n".utf8), executable: true))
    archive.add("dev/console", .characterDevice(major: 5, minor: 1))
    archive.add("proc", .folder)
    let folder = try TemporaryFolder()
    try folder.write(archive.encoded(), to: "a.cpio")
    let listing = try await SubprocessRunner().run(
      Command(
        "cpio",
        ["--list", "--verbose", "--numeric-uid-gid", "--quiet", "--file=\(folder.path)/a.cpio"],
        environment: ["TZ": "UTC", "LC_ALL": "C"]))
    let lines = listing.split(separator: "\n").map { line in
      line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
    #expect(
      lines == [
        "drwxr-xr-x 2 0 0 0 Jan 1 1970 dev",
        "crw------- 1 0 0 5, 1 Jan 1 1970 dev/console",
        "-rwxr-xr-x 1 0 0 10 Jan 1 1970 init",
        "drwxr-xr-x 2 0 0 0 Jan 1 1970 lib",
        "drwxr-xr-x 2 0 0 0 Jan 1 1970 lib/probe",
        "-rw-r--r-- 1 0 0 5 Jan 1 1970 lib/probe/a.sh",
        "drwxr-xr-x 2 0 0 0 Jan 1 1970 proc",
      ])
    let text = try await SubprocessRunner().run(
      Command(
        "cpio",
        ["--extract", "--to-stdout", "--quiet", "--file=\(folder.path)/a.cpio", "lib/probe/a.sh"]))
    #expect(text == "text\n")
  }

  @Test func theOrderOfAddingDoesNotMatter() {
    var one = NewcArchive()
    one.add("b", .folder)
    one.add("a/c", .file([1], executable: false))
    var other = NewcArchive()
    other.add("a/c", .file([1], executable: false))
    other.add("b", .folder)
    #expect(one.encoded() == other.encoded())
  }
}
