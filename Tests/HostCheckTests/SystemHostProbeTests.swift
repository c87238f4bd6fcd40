import Execution
import Foundation
import Glibc
import HostCheck
import Testing

/// The real probe against the machine that runs the tests.
@Suite struct SystemHostProbeTests {
  private let probe = SystemHostProbe(runner: SubprocessRunner())

  @Test func `files are read, decompressed, or not there`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pxelab-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let plain = folder.appending(path: "config")
    // Longer than one read.
    let text = String(repeating: "CONFIG_BRIDGE=m\n", count: 10_000)
    try Data(text.utf8).write(to: plain)
    #expect(try await probe.text(at: plain.path) == text)

    let gzip = Process()
    gzip.executableURL = URL(filePath: "/usr/bin/env")
    gzip.arguments = ["gzip", plain.path]
    try gzip.run()
    gzip.waitUntilExit()
    #expect(try await probe.text(at: plain.path) == nil)
    #expect(try await probe.text(at: plain.path + ".gz") == text)
    #expect(try await probe.text(at: folder.path + "/none.gz") == nil)
    #expect(try probe.names(in: folder.path) == ["config.gz"])
    #expect(try probe.names(in: folder.path + "/none") == [])

    let broken = folder.appending(path: "broken.gz")
    try Data("not gzip".utf8).write(to: broken)
    await #expect(throws: HostProbeError.self) { try await probe.text(at: broken.path) }
    await #expect(throws: HostProbeError(path: folder.path, reason: "Is a directory")) {
      try await probe.text(at: folder.path)
    }
  }

  @Test func `it knows who and where it is`() throws {
    #expect(probe.account.id == geteuid())
    #expect(probe.account.name == NSUserName())
    #expect(FileManager.default.fileExists(atPath: probe.executablePath))
    let release = try String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    #expect("\(probe.kernelRelease)\n" == release)
    #expect(probe.access(to: "/dev/null") == .allowed)
    #expect(probe.access(to: "/dev/none") == .missing)
  }

  @Test func `KVM answers what the device node promises`() {
    switch probe.kvm() {
    case .absent: #expect(!FileManager.default.fileExists(atPath: "/dev/kvm"))
    case .answers(let version, _): #expect(version == 12)
    case .denied(let reason), .broken(let reason): #expect(!reason.isEmpty)
    }
  }

  @Test func `this machine can be examined and has what it runs with`() async throws {
    let report = try await DoctorReport.examine(probe)
    let unshare = try #require(report.checks.first { $0.name == "unshare" })
    #expect(unshare.status == .ok)
    #expect(report.kernel == probe.kernelRelease)
  }
}
