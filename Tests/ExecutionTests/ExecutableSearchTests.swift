import Execution
import Testing

@Suite("Where programs are looked for")
struct ExecutableSearchTests {
  @Test(
    "the system folders that an ordinary user lacks are added, unless somebody chose the programs",
    arguments: [
      ("/usr/bin:/bin", "/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"),
      ("/usr/sbin:/usr/bin", "/usr/sbin:/usr/bin:/usr/local/sbin:/sbin"),
      ("", "/usr/local/sbin:/usr/sbin:/sbin"),
      ("/home/ann/sbin:/bin", "/home/ann/sbin:/bin:/usr/local/sbin:/usr/sbin:/sbin"),
      (
        "/src/programs/usr/bin:/src/programs/usr/sbin",
        "/src/programs/usr/bin:/src/programs/usr/sbin"
      ),
    ])
  func folders(_ path: String, _ folders: String) {
    #expect(ExecutableSearch(path: path).folders.joined(separator: ":") == folders)
  }
}
