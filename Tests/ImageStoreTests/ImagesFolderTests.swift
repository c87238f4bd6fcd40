import ImageStore
import Testing

@Suite("The folder of images that comes with the program")
struct ImagesFolderTests {
  @Test(
    "only with its marker",
    arguments: [
      // Installed.
      (
        "/usr/local/bin/pxelab", ["/usr/local/share/pxelab/images"],
        "/usr/local/share/pxelab/images"
      ),
      ("/bin/pxelab", ["/share/pxelab/images"], "/share/pxelab/images"),
      // In a checkout.
      (
        "/src/pxelab/.build/x86_64-unknown-linux-gnu/debug/pxelab", ["/src/pxelab/images"],
        "/src/pxelab/images"
      ),
      // The installed one is nearer than a checkout around it.
      (
        "/src/pxelab/root/bin/pxelab",
        ["/src/pxelab/images", "/src/pxelab/root/share/pxelab/images"],
        "/src/pxelab/root/share/pxelab/images"
      ),
      // Too far away.
      ("/src/pxelab/a/b/c/d/pxelab", ["/src/pxelab/images"], nil),
      ("/pxelab", [], nil),
      ("pxelab", ["/images"], "/images"),
    ] as [(program: String, folders: [String], found: String?)])
  func found(_ program: String, _ folders: [String], _ found: String?) {
    let files = Set(folders.map { "\($0)/probe/init" })
    #expect(ImagesFolder.find(for: program, exists: files.contains) == found)
  }

  @Test("somebody's pictures are not taken for it")
  func pictures() {
    let files: Set = ["/home/ann/images", "/home/ann/images/beach.jpg", "/home/ann/images/probe"]
    #expect(ImagesFolder.find(for: "/home/ann/bin/pxelab", exists: files.contains) == nil)
  }
}
