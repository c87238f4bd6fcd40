import Execution
import ExternalCommand
import Testing

@testable import ImageStore

@Suite struct LocalDiskImagesTests {
  @Test(arguments: [
    ("quay.io/containerdisks/fedora:latest", "fedora"), ("fedora", "fedora"),
    ("localhost:5000/a/b", "b"), ("x/y@sha256:0123", "y"), ("docker://x/y:1", "y"),
    ("https://example.org/disk.qcow2?x=/1#z", "disk.qcow2"), ("x/", nil), ("", nil),
    ("x/..", nil), ("x/.hidden", nil),
  ])
  func fileName(_ reference: String, _ name: String?) {
    #expect(LocalDiskImages.fileName(of: reference) == name)
  }

  private func images(_ folder: TemporaryFolder, named: [String: String]) -> LocalDiskImages {
    LocalDiskImages(
      named: named, folder: folder.path, imageFolders: ["\(folder.path)/images"],
      runner: SubprocessRunner())
  }

  @Test func anImageIsFoundByItsNameOrByItsMapping() async throws {
    let folder = try TemporaryFolder()
    try folder.write([UInt8](repeating: 0, count: 4096), to: "images/fedora.img")
    try folder.write([UInt8](repeating: 0, count: 8192), to: "own.raw")
    let images = images(folder, named: ["x/named": "own.raw"])
    let byName = try #require(try await images.image(for: "quay.io/fedora:40"))
    #expect(byName.path == "\(folder.path)/images/fedora.img")
    #expect(byName.format == "raw" && byName.virtualSize == 4096)
    let named = try #require(try await images.image(for: "x/named"))
    #expect(named.path == "\(folder.path)/own.raw" && named.virtualSize == 8192)
    #expect(try await images.image(for: "quay.io/other") == nil)
    #expect(try await images.image(for: "fedora", byName: false) == nil)
  }

  /// A lab of strangers: what a link or an image in its folder leads to is not the lab's.
  @Test func aConfinedLabHasNothingOutsideOfItsFolder() async throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    try other.write([UInt8](repeating: 0, count: 4096), to: "secret.img")
    try folder.write([UInt8](repeating: 0, count: 4096), to: "own.img")
    try folder.write([], to: "images/x")
    let runner = SubprocessRunner()
    let secret = "\(other.path)/secret.img"
    try await runner.run(
      Command(
        "qemu-img",
        ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret, "\(folder.path)/over.qcow2"]))
    try await runner.run(
      Command(
        "qemu-img",
        [
          "create", "-q", "-f", "qcow2", "-o", "data_file=\(other.path)/data",
          "\(folder.path)/data.qcow2", "1M",
        ]))
    try await runner.run(
      Command("qemu-img", ["create", "-q", "-f", "vmdk", "\(folder.path)/own.vmdk", "1M"]))
    try await runner.run(
      Command("qemu-img", ["create", "-q", "-f", "qcow2", "\(folder.path)/own.qcow2", "1M"]))
    try await runner.run(Command("ln", ["-s", secret, "\(folder.path)/images/linked.img"]))
    let names = ["own.img", "own.qcow2", "over.qcow2", "data.qcow2", "own.vmdk"]
    let images = LocalDiskImages(
      named: Dictionary(uniqueKeysWithValues: names.map { ($0, $0) }), folder: folder.path,
      imageFolders: ["\(folder.path)/images"], confinement: [folder.path], runner: runner)
    for name in names.prefix(2) { #expect(try await images.image(for: name) != nil) }
    for name in names.dropFirst(2) + ["linked"] {
      await #expect(throws: ImageError.self, "\(name)") { try await images.image(for: name) }
    }
    // The same without confinement.
    let free = LocalDiskImages(
      named: ["over": "over.qcow2"], folder: folder.path,
      imageFolders: ["\(folder.path)/images"], runner: runner)
    #expect(try await free.image(for: "over") != nil)
    #expect(try await free.image(for: "linked")?.path == "\(folder.path)/images/linked.img")
  }

  @Test func aMappedFileThatIsMissingIsAnError() async throws {
    let folder = try TemporaryFolder()
    let images = images(folder, named: ["x/y": "none.img"])
    await #expect(
      throws: ImageError.missingDiskImage("\(folder.path)/none.img", for: "x/y")
    ) { try await images.image(for: "x/y") }
  }
}
