import Execution
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

  @Test func aMappedFileThatIsMissingIsAnError() async throws {
    let folder = try TemporaryFolder()
    let images = images(folder, named: ["x/y": "none.img"])
    await #expect(
      throws: ImageError.missingDiskImage("\(folder.path)/none.img", for: "x/y")
    ) { try await images.image(for: "x/y") }
  }
}
