import Foundation
import HostCheck
import Testing

@Suite struct RequiredProgramTests {
  @Test(arguments: [
    (Set([ProgramUse.linuxBridge, .server]), ["bridge", "dnsmasq"]),
    (
      Set([ProgramUse.openVSwitch]),
      ["ovs-vsctl", "ovs-vswitchd", "ovs-ofctl", "ovs-appctl", "ovsdb-server", "ovsdb-tool"]
    ),
    (Set<ProgramUse>(), []),
  ])
  func `only what the uses need is missing`(_ uses: Set<ProgramUse>, _ names: [String]) {
    #expect(RequiredProgram.missing(for: uses, on: FakeProbe()).map(\.name) == names)
    #expect(RequiredProgram.missing(for: uses, on: FakeProbe.workstation) == [])
  }

  @Test func `the error installs each package once`() {
    let missing = RequiredProgram.missing(for: [.network, .linuxBridge], on: FakeProbe())
    let error = MissingProgramsError(programs: missing, distribution: .debian)
    #expect(
      error.description
        == "not installed: ip, ethtool, bridge. Way out: sudo apt-get install ethtool iproute2")
  }

  @Test(arguments: [
    ("ID=ubuntu\nID_LIKE=debian\n", Distribution.debian),
    ("NAME=\"Fedora Linux\"\nID=fedora\n", .fedora),
    ("ID=\"rhel\"\nID_LIKE=\"fedora\"\n", .fedora),
    ("ID=arch\nVARIANT_ID=debian\n", .other),
    ("", .other),
  ])
  func `the distribution is read from os-release`(_ text: String, _ family: Distribution) {
    #expect(Distribution(osRelease: text) == family)
  }

  /// Programs without a line in doctor, and the packages that bring them.
  private static let unnamed: [String: Set<String>] = [
    // Every Debian and Fedora has these.
    "coreutils": ["env", "sha256sum", "tee", "truncate"],
    "gzip": ["gzip"],
    // Beside one that doctor names.
    "apt": ["apt-cache"],
    "mtools": ["mcopy", "mmd"],
    // For unified kernels alone.
    "binutils": ["objcopy"],
    // Who uses the API with it has it.
    "kubernetes-client": ["kubectl"],
    // One of them, where there is a display.
    "a viewer": ["remote-viewer", "vncviewer", "xtigervncviewer"],
  ]

  @Test func `every program that the sources start is one that doctor names, or known`() throws {
    let sources = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "../../Sources")
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var started: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /\bCommand\(\s*"([^"\/\\]+)"/) {
        started.insert(String(match.output.1))
      }
    }
    #expect(started.isSuperset(of: ["ip", "libvirtd", "qemu-img"]), "nothing was found")
    let known = Self.unnamed.values.reduce(Set(RequiredProgram.all.map(\.name))) { $0.union($1) }
    #expect(started.subtracting(known).sorted() == [])
  }

  @Test func `scripts/install-packages knows every package that doctor names`() throws {
    let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let list = tests.appending(path: "../../scripts/packages-debian.txt")
    let run = try String(contentsOf: list, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("run ") }.map { $0.dropFirst("run ".count) }
    #expect(Set(RequiredProgram.all.map { Substring($0.package.debian) }).subtracting(run) == [])
    #expect(run.contains("ovmf") && run.contains("libvirt-daemon-driver-qemu"))
  }
}
