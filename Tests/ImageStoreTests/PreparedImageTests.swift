import FileSystem
import FoundationEssentials
import Testing

@testable import ImageStore

@Suite struct PreparedImageTests {
  @Test func aLabsRootLinksTheFilesAndHasItsOwnConfiguration() async throws {
    let small = try await SmallImage()
    let image = try await small.store.prepare(small.load())
    let root = small.home.path + "/lab/tftp"
    let changed = try image.makeRoot(at: root, arguments: ["pxelab.stay", "a=b"])
    let expected = "linux /kernel console=ttyS0 pxelab.stay a=b\n"
    #expect(try Files.text(of: "\(root)/grub/grub.cfg") == expected)
    #expect(changed == ["grub/grub.cfg": expected.utf8.count])
    #expect(try Files.read("\(root)/shimx64.efi") == Data([1, 2, 3]))
    #expect(try small.text(image, "grub/grub.cfg") == "linux /kernel console=ttyS0\n")
  }

  @Test(arguments: ["", "a b", "a;reboot", "$root", "a'b", "a\"b", "a\nb", "a#b", "a{b}"])
  func argumentsThatGRUBWouldReadOtherwiseAreRefused(_ argument: String) async throws {
    #expect(throws: ImageError.unusableArgument(argument)) {
      try PreparedImage.checkArgument(argument)
    }
  }
}

@Suite struct ImageDefinitionTests {
  @Test func theProjectsImagesAreValid() throws {
    let images = Files.parent(of: Files.parent(of: Files.parent(of: #filePath))) + "/images"
    #expect(try ImageDefinition.names(in: images).contains("debian-secureboot"))
    for name in try ImageDefinition.names(in: images) {
      #expect(try ImageDefinition(named: name, in: images).name == name)
    }
  }

  @Test func anUnknownImageIsAnErrorThatListsTheKnown() async throws {
    let small = try await SmallImage()
    let images = small.home.path + "/images"
    #expect(throws: ImageError.unknownImage("smal", known: ["small"], folder: images)) {
      try ImageDefinition(named: "smal", in: images)
    }
  }

  @Test(arguments: [
    ("summary: a test", "", "spec.summary: is missing"),
    ("package: shim,", "package: shin,", "spec.packages has no package that is named shin"),
    ("path: kernel,", "path: ../kernel,", "../kernel is not a path below the image's root"),
    ("{\"7\": shimx64.efi}", "{\"7\": shim.efi}", "spec.bootFiles.7: shim.efi is not among"),
    ("{\"7\": shimx64.efi}", "{\"x64\": shimx64.efi}", "x64 is neither a client architecture"),
    (
      "arguments: [console=ttyS0]",
      "unifiedKernel: {path: u.efi, package: shim, from: [x], kernel: vmlinuz, initramfs: initramfs}"
        + "\n  arguments: [console=ttyS0]",
      "spec.unifiedKernel: vmlinuz is not among the image's files"
    ),
    ("kind: Image", "kind: Lab", "kind Image expected"),
    ("spec:", "spec: ]", "image.yaml: "),
  ])
  func mistakesNameTheField(_ from: String, _ to: String, _ message: String) async throws {
    let text = SmallImage.definition.split(separator: from, omittingEmptySubsequences: false)
      .joined(separator: to)
    let small = try await SmallImage(definition: text)
    let error = #expect(throws: ImageError.self) { try small.load() }
    #expect(try #require(error).description.contains(message), "\(String(describing: error))")
  }
}
