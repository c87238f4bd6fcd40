import FileSystem
import Testing

@testable import ImageStore

@Suite struct PackageTests {
  private func fixture(_ name: String) throws -> String {
    try Files.text(of: Fixtures.path(name))
  }

  @Test func readsWhatAptCacheShows() throws {
    let stanzas = PackageStanza.all(in: try fixture("apt-cache-show.txt"))
    #expect(
      stanzas.map(\.package) == [
        "shim-signed", "grub-efi-amd64-signed", "linux-image-cloud-amd64", "busybox-static",
        "linux-image-6.1.0-56-cloud-amd64",
      ])
    #expect(stanzas[2].dependencies == ["linux-image-6.1.0-56-cloud-amd64"])
    #expect(stanzas[0].dependencies.contains("debconf-2.0"))
    #expect(stanzas[3].version == "1:1.35.0-4+deb12u1+b1")
    #expect(stanzas.allSatisfy { $0.sha256.count == 64 && $0.architecture == "amd64" })
  }

  @Test func whatIsOnlyInstalledCannotBeDownloaded() throws {
    #expect(PackageStanza.all(in: try fixture("apt-cache-show-installed-only.txt")).isEmpty)
  }

  /// As `apt-get download` names the file.
  @Test func theEpochIsEscapedInTheFileName() {
    let package = Package(
      name: "busybox", package: "busybox-static", version: "1:1.35.0-4+deb12u1+b1",
      architecture: "amd64", sha256: "", verified: true)
    #expect(package.fileName == "busybox-static_1%3a1.35.0-4+deb12u1+b1_amd64.deb")
  }
}

@Suite struct KernelModulesTests {
  @Test(arguments: [
    ("", []), ("virtio", ["virtio"]), ("virtio-ring,virtio", ["virtio_ring", "virtio"]),
  ])
  func readsDependencies(_ text: String, _ expected: [String]) {
    #expect(KernelModules.dependencies(in: SmallImage.module(text)) == expected)
  }

  @Test func aModuleWithoutTheStringDependsOnNothing() {
    #expect(KernelModules.dependencies(in: Array("\u{7f}ELF\0softdepends=a\0".utf8)).isEmpty)
  }

  @Test(arguments: [
    ("kernel/net/virtio-net.ko", "virtio_net"), ("a/8139cp.ko.xz", "8139cp"), ("e1000", "e1000"),
  ])
  func namesModulesAsTheKernelDoes(_ path: String, _ name: String) {
    #expect(KernelModules.moduleName(of: path) == name)
  }

  @Test func loadsEachModuleBehindWhatItNeeds() throws {
    let folder = try TemporaryFolder()
    let modules = [
      "nic": "bus-core,failover", "failover": "", "bus-core": "failover", "loop-a": "loop-b",
      "loop-b": "loop-a",
    ]
    for (name, depends) in modules {
      try folder.write(
        SmallImage.module(depends), to: "usr/lib/modules/6.1/kernel/\(name).ko")
    }
    let kernel = try KernelModules(packageRoot: folder.path)
    #expect(try kernel.loadOrder(for: ["nic"]) == ["failover", "bus_core", "nic"])
    #expect(try kernel.loadOrder(for: ["loop-a"]) == ["loop_b", "loop_a"])
  }
}
