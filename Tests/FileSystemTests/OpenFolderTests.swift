import FileSystem
import Testing

@Suite struct OpenFolderTests {
  @Test func aFolderThatWasRemovedIsKnownWhateverHasItsName() throws {
    let root = try Files.makeUniqueFolder("/tmp/pxelab-folder-")
    defer { try? Files.remove(root) }
    let path = "\(root)/lab"
    try Files.makeFolder(path)
    let folder = try OpenFolder(path)
    var isRemoved = [folder.isRemoved]
    try Files.rename(path, to: "\(root)/other")
    isRemoved.append(folder.isRemoved)
    try Files.remove("\(root)/other")
    try Files.makeFolder(path)
    isRemoved.append(folder.isRemoved)
    isRemoved.append(try OpenFolder(path).isRemoved)
    #expect(isRemoved == [false, false, true, false])
  }

  @Test func whatIsNoFolderIsRefused() throws {
    #expect(throws: FileError.self) { _ = try OpenFolder("/dev/null") }
    #expect(throws: FileError.self) { _ = try OpenFolder("/none") }
  }
}
