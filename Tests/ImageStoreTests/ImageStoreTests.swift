import FileSystem
import FoundationEssentials
import Synchronization
import Testing

@testable import ImageStore

/// A small image of three packages, a definition for it, and a store.
struct SmallImage {
  let archive: FakeArchive
  let home: TemporaryFolder
  let store: ImageStore

  static let definition = """
    apiVersion: pxelab.dev/v1alpha1
    kind: Image
    metadata: {name: small}
    spec:
      summary: a test
      packages:
      - {name: shim, anyOf: [shim-signed]}
      - {name: kernel, anyOf: [linux-image-absent, linux-image-cloud], dependency: "linux-image-[0-9]*"}
      files:
      - {path: shimx64.efi, package: shim, from: [nowhere/*, usr/shim*.signed]}
      - {path: kernel, package: kernel, from: [boot/vmlinuz-*]}
      templates:
      - {path: grub/grub.cfg, from: grub.cfg}
      initramfs:
        path: initramfs
        folders: [proc]
        files:
        - {path: init, from: [init], executable: true}
        modules:
          package: kernel
          early: [{name: nic}, {name: builtin-one}, {name: absent, optional: true}]
          later: [{name: disk}]
      arguments: [console=ttyS0]
      bootFiles: {"7": shimx64.efi}

    """

  static func module(_ depends: String) -> [UInt8] {
    Array("\u{7f}ELF\0license=GPL\0depends=\(depends)\0name=x\0".utf8)
  }

  init(definition: String = SmallImage.definition) async throws {
    archive = try await FakeArchive()
    home = try TemporaryFolder()
    store = ImageStore(cacheDirectory: home.path + "/cache", runner: archive)
    try await archive.add("shim-signed", version: "1.5", files: ["usr/shimx64.signed": [1, 2, 3]])
    try await archive.add(
      "linux-image-cloud", version: "6.1.2", depends: "linux-image-6.1 (= 6.1.2)", files: [:])
    try await archive.add(
      "linux-image-6.1", version: "6.1.2",
      files: [
        "boot/vmlinuz-6.1": [9, 9, 9, 9],
        "lib/modules/6.1/kernel/net/nic.ko": SmallImage.module("bus-core,failover"),
        "lib/modules/6.1/kernel/net/failover.ko": SmallImage.module(""),
        "lib/modules/6.1/kernel/bus/bus-core.ko": SmallImage.module("failover"),
        "lib/modules/6.1/kernel/block/disk.ko": SmallImage.module("bus_core"),
        "lib/modules/6.1/modules.builtin": Array("kernel/drivers/builtin-one.ko\n".utf8),
      ])
    try write(definition: definition)
  }

  func write(definition: String, configuration: String = "linux /kernel @ARGUMENTS@\n") throws {
    try home.write(Array(definition.utf8), to: "images/small/image.yaml")
    try home.write(Array(configuration.utf8), to: "images/small/grub.cfg")
    try home.write(Array("#!/bin/sh\n".utf8), to: "images/small/init")
  }

  func load() throws -> ImageDefinition {
    try ImageDefinition(named: "small", in: home.path + "/images")
  }

  func text(_ image: PreparedImage, _ path: String) throws -> String {
    try String(contentsOfFile: "\(image.tftpRoot)/\(path)", encoding: .utf8)
  }
}

@Suite struct ImageStoreTests {
  @Test func preparesAnImageAndKeepsIt() async throws {
    let small = try await SmallImage()
    let image = try await small.store.prepare(small.load())
    #expect(image.bootFileByArchitecture == [7: "shimx64.efi"])
    #expect(image.files.map(\.path) == ["grub/grub.cfg", "initramfs", "kernel", "shimx64.efi"])
    #expect(image.file("/kernel")?.size == 4)
    // sha256 of 01 02 03
    #expect(
      image.file("shimx64.efi")?.sha256
        == "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81")
    #expect(image.packages.map(\.package) == ["shim-signed", "linux-image-6.1"])
    #expect(image.packages.allSatisfy { $0.verified })
    #expect(try small.text(image, "grub/grub.cfg") == "linux /kernel console=ttyS0\n")

    small.archive.forgetCalls()
    let again = try await small.store.prepare(small.load()) { progress in
      Issue.record("nothing is to be done, but: \(progress)")
    }
    #expect(again == image)
    #expect(small.archive.calls.isEmpty)
  }

  @Test func aChangedDefinitionMakesANewImageOfTheSamePackages() async throws {
    let small = try await SmallImage()
    let first = try await small.store.prepare(small.load())
    try small.write(
      definition: SmallImage.definition, configuration: "linux /kernel @ARGUMENTS@ more\n")
    small.archive.forgetCalls()
    let second = try await small.store.prepare(small.load())
    #expect(try small.text(second, "grub/grub.cfg") == "linux /kernel console=ttyS0 more\n")
    #expect(second.tftpRoot != first.tftpRoot)
    #expect(try small.text(first, "grub/grub.cfg") == "linux /kernel console=ttyS0\n")
    #expect(!small.archive.calls.contains("apt-get"))
  }

  @Test func aDamagedImageIsMadeAnew() async throws {
    let small = try await SmallImage()
    let image = try await small.store.prepare(small.load())
    try FileManager.default.removeItem(atPath: "\(image.tftpRoot)/kernel")
    #expect(small.store.prepared(try small.load()) == nil)
    #expect(try await small.store.prepare(small.load()) == image)
    #expect(FileManager.default.fileExists(atPath: "\(image.tftpRoot)/kernel"))
  }

  @Test func refreshTakesTheArchivesNewVersion() async throws {
    let small = try await SmallImage()
    _ = try await small.store.prepare(small.load())
    try await small.archive.add(
      "shim-signed", version: "1.6", files: ["usr/shimx64.signed": [1, 2, 3, 4]])
    #expect(try await small.store.prepare(small.load()).packages[0].version == "1.5")
    let fresh = try await small.store.prepare(small.load(), refresh: true)
    #expect(fresh.packages[0].version == "1.6")
    #expect(fresh.file("shimx64.efi")?.size == 4)
  }

  @Test func preparesThatRunTogetherShareTheWork() async throws {
    let small = try await SmallImage()
    let definition = try small.load()
    let images = try await withThrowingTaskGroup(of: PreparedImage.self) { group in
      for _ in 0..<4 { group.addTask { try await small.store.prepare(definition) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(images).count == 1)
    #expect(small.archive.calls.filter { $0 == "apt-get" }.count == 1)
    let left = try Files.names(in: small.home.path + "/cache/images/small")
    #expect(left.count == 3, "KEY, current and lock, but: \(left)")
  }

  @Test(arguments: [FakeArchive.Condition.offline, .noLists, .noApt])
  func withoutTheArchiveTheCacheFolderServes(_ condition: FakeArchive.Condition) async throws {
    let small = try await SmallImage()
    for name in ["shim-signed_1.5", "linux-image-6.1_6.1.2"] {
      let bytes = [UInt8](try Files.read("\(small.archive.folder.path)/\(name)_amd64.deb"))
      try small.home.write(bytes, to: "cache/packages/\(name)_amd64.deb")
    }
    small.archive.condition = condition
    let image = try await small.store.prepare(small.load())
    #expect(image.file("kernel")?.size == 4)
    // Offline, apt's lists still tell the checksums; without lists nothing does.
    #expect(image.packages.allSatisfy { $0.verified } == (condition == .offline))
  }

  @Test func whatCannotBeFetchedIsAnErrorThatSaysTheWayOut() async throws {
    let small = try await SmallImage()
    small.archive.condition = .offline
    let offline = await #expect(throws: ImageError.self) {
      try await small.store.prepare(small.load())
    }
    let text = try #require(offline).description
    for part in [
      "shim-signed, linux-image-6.1 could not be downloaded", "apt-get", "Could not connect",
      "apt-get update", "\(small.home.path)/cache/packages",
    ] {
      #expect(text.contains(part), "\(part) in: \(text)")
    }
    small.archive.condition = .noLists
    await #expect(
      throws: ImageError.unknownPackage(
        anyOf: ["shim-signed"], cache: small.home.path + "/cache/packages")
    ) {
      try await small.store.prepare(small.load())
    }
    #expect(try Files.names(in: small.home.path + "/cache/images/small") == ["lock"])
  }

  @Test func aPackageThatIsNotTheArchivesIsRefused() async throws {
    let small = try await SmallImage()
    try small.home.write([0, 1], to: "cache/packages/shim-signed_1.5_amd64.deb")
    await #expect {
      try await small.store.prepare(small.load())
    } throws: { error in
      guard case ImageError.wrongChecksum(let file, _, _) = error else { return false }
      return file.hasSuffix("shim-signed_1.5_amd64.deb")
    }
  }

  @Test func aTestedVersionMustHaveTheTestedChecksum() async throws {
    let small = try await SmallImage()
    let sum = String(repeating: "0", count: 64)
    let tested = """
      - {package: shim-signed, version: "1.5", architecture: amd64, sha256: "\(sum)"}

      """
    try small.home.write(Array(tested.utf8), to: "images/small/packages.yaml")
    await #expect {
      try await small.store.prepare(small.load())
    } throws: { error in
      guard case ImageError.wrongChecksum(_, sum, _) = error else { return false }
      return true
    }
  }

  @Test func aMissingModuleOrFileIsNamed() async throws {
    let small = try await SmallImage(
      definition: SmallImage.definition.split(separator: "{name: nic}").joined(
        separator: "{name: e1000}"))
    await #expect(
      throws: ImageError.missingModule("e1000", package: "linux-image-6.1", version: "6.1.2")
    ) {
      try await small.store.prepare(small.load())
    }
  }
}
