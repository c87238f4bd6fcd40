import FileSystem
import Glibc
import Testing

@testable import LabHost

/// What of this machine is read before a lab is planned.
@Suite struct PreparationTests {
  /// A map that is not there is none; one that cannot be read is told of.
  @Test(
    arguments: [
      (nil, ENOENT, 0), (nil, EACCES, 1), ("<cpus><model", 0, 1), ("<cpus/>", 0, 0),
    ] as [(String?, Int32, Int)])
  func theMapOfProcessors(_ text: String?, _ error: Int32, _ notices: Int) {
    var told: [String] = []
    let map = Preparation.processorMap(
      names: { _ in ["index.xml", "x86_models.xml"] },
      text: { path in
        guard let text else { throw FileError("read \(path)", errno: error) }
        return text
      }, notice: { told.append($0) })
    #expect((map == nil) == (text != "<cpus/>"))
    #expect(told.count == notices, "\(told)")
  }
}
