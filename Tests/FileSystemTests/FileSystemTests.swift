import FileSystem
import Foundation
import Glibc
import Testing

@Suite struct FileSystemTests {
  /// A folder of the test's own, removed by the caller.
  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "pxelab-store-\(UUID().uuidString)"
    try Files.makeFolder(path)
    return path
  }

  @Test func writesWholeFilesWithTheirMode() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    try Files.write("one", to: "\(folder)/key")
    try Files.write("two", to: "\(folder)/key")
    #expect(try Files.read("\(folder)/key") == Data("two".utf8))
    #expect(try Files.names(in: folder) == ["key"])
    var status = stat()
    #expect(stat("\(folder)/key", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func whatIsNotWholeHasNoName() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    try Files.write("old", to: "\(folder)/file")
    do {
      let half = try FileReplacement(of: "\(folder)/file")
      try half.write(Data("half".utf8))
      // Where the file system has no files without names, this one has one until it is given up.
      #expect(try Files.names(in: folder).count <= 2)
    }
    #expect(try Files.names(in: folder) == ["file"])
    #expect(try Files.read("\(folder)/file") == Data("old".utf8))
    var whole = try FileReplacement(of: "\(folder)/file")
    try whole.write(Data("ne".utf8))
    try whole.write(Data("w".utf8))
    try whole.take(mode: 0o640, owner: nil)
    #expect(try Files.names(in: folder) == ["file"])
    #expect(try Files.read("\(folder)/file") == Data("new".utf8))
    #expect(try FolderAccess(of: "\(folder)/file")?.mode == S_IFREG | 0o640)
    // In place of nothing.
    var first = try FileReplacement(of: "\(folder)/first")
    try first.take(mode: 0o600, owner: nil)
    #expect(try Files.names(in: folder) == ["file", "first"])
  }

  @Test func aLinkStaysAndItsFileIsReplaced() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    try Files.write("one", to: "\(folder)/file")
    #expect(symlink("file", "\(folder)/link") == 0)
    try Files.write("two", to: "\(folder)/link")
    #expect(try Files.read("\(folder)/file") == Data("two".utf8))
    #expect(try Files.names(in: folder) == ["file", "link"])
    var status = stat()
    #expect(lstat("\(folder)/link", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  /// As root the name of a device could be taken by a file.
  @Test func whatIsNoFileIsWrittenTo() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    let path = "\(folder)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    try #require(reader >= 0)
    let pipe = FileHandle(fileDescriptor: reader, closeOnDealloc: true)
    try Files.write("through", to: path)
    #expect(try pipe.readToEnd() == Data("through".utf8))
    #expect(try Files.names(in: folder) == ["pipe"])
    #expect {
      try Files.write("x", to: folder)
    } throws: { "\($0)" == "cannot write \(folder): Is a directory" }
  }

  /// The kernel says of such a file that it is empty, and gives a page at a time.
  @Test func filesOfTheKernelAreReadToTheirEnd() throws {
    let text = try Files.text(of: "/proc/self/smaps")
    #expect(text.utf8.count > 8192 && text.hasSuffix("\n"))
    #expect(text.contains("[stack]"))
  }

  @Test func whatIsNoFileIsNotRead() {
    #expect {
      _ = try Files.read("/")
    } throws: { "\($0)" == "cannot read /: Is a directory" }
  }

  @Test func errorsNameThePath() throws {
    #expect {
      try Files.write("x", to: "/nonexistent-pxelab/file")
    } throws: { "\($0)" == "cannot write /nonexistent-pxelab/file: No such file or directory" }
    #expect {
      _ = try Files.read("/nonexistent-pxelab/file")
    } throws: { "\($0)" == "cannot read /nonexistent-pxelab/file: No such file or directory" }
  }

  @Test func foldersHaveTheirModeWhateverTheUmask() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    try Files.makeFolder("\(folder)/a/b/c", mode: 0o777)
    for part in ["a", "a/b", "a/b/c"] {
      #expect(try FolderAccess(of: "\(folder)/\(part)")?.mode == S_IFDIR | 0o777)
    }
    // What is there stays as it is.
    try Files.makeFolder("\(folder)/a/b", mode: 0o700)
    #expect(try FolderAccess(of: "\(folder)/a/b")?.mode == S_IFDIR | 0o777)
    try Files.write("", to: "\(folder)/file")
    #expect {
      try Files.makeFolder("\(folder)/file")
    } throws: { "\($0)" == "cannot make the folder \(folder)/file: File exists" }
    #expect {
      try Files.makeFolder("\(folder)/file/x/y")
    } throws: { "\($0)" == "cannot make the folder \(folder)/file/x/y: Not a directory" }
    // No folder can be made there, not even by root.
    #expect {
      try Files.makeFolder("/proc/pxelab/x")
    } throws: { "\($0)" == "cannot make the folder /proc/pxelab: No such file or directory" }
  }

  @Test func whatCannotBeLookedForIsNotTakenForMissing() throws {
    #expect(try Files.names(in: "/nonexistent-pxelab") == [])
    #expect {
      _ = try Files.names(in: "/dev/null/x")
    } throws: { "\($0)" == "cannot list /dev/null/x: Not a directory" }
  }

  @Test func removingNothingIsFine() throws {
    try Files.remove("/nonexistent-pxelab/file")
  }

  @Test func theLockIsHeldOnce() async throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    let path = "\(folder)/lock"
    #expect(!FileLock.isHeld(path: path))
    do {
      guard let lock = try FileLock(path: path) else {
        Issue.record("a free lock was not given")
        return
      }
      #expect(FileLock.isHeld(path: path))
      if let second = try FileLock(path: path) {
        Issue.record("the lock was given twice")
        _ = consume second
      }
      _ = consume lock
    }
    // A program that another test is starting has a copy of the descriptor until it runs.
    #expect(try await FileLock.waitUntilFree(path: path, within: .seconds(60)))
  }

  @Test func textIsUTF8OrAnError() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    try Files.write("größer", to: "\(folder)/good")
    try Files.write(Data([0x66, 0xff]), to: "\(folder)/bad")
    #expect(try Files.text(of: "\(folder)/good") == "größer")
    let error = #expect(throws: FileError.self) { try Files.text(of: "\(folder)/bad") }
    #expect(error?.errno == EILSEQ)
  }

  @Test func whatWaitsForTheLockGetsItWhenItIsFree() async throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    let path = "\(folder)/lock"
    let (waits, wait) = AsyncStream.makeStream(of: Void.self)
    let second = try await FileLock.hold(path, waiting: {}) {
      let second = Task {
        try await FileLock.hold(path, waiting: { wait.yield() }) { "second" }
      }
      // It has found the lock taken.
      for await _ in waits { break }
      return second
    }
    let value = try await second.value
    #expect(value == "second")
    #expect(try await FileLock.waitUntilFree(path: path, within: .seconds(60)))
  }

  @Test func treesAreListedAndMissingOnesAreEmpty() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    try Files.makeParent(of: "\(folder)/b/c/file")
    try Files.write("x", to: "\(folder)/b/c/file")
    try Files.link("\(folder)/a", to: "b/c/file")
    #expect(try Files.descendants(of: folder) == ["a", "b", "b/c", "b/c/file"])
    #expect(try Files.names(in: folder) == ["a", "b"])
    #expect(try Files.descendants(of: "\(folder)/none").isEmpty)
    #expect(Files.matches("\(folder)/*/c") == ["\(folder)/b/c"])
    #expect(Files.size(of: "\(folder)/a") == 1 && Files.size(of: "\(folder)/b") == nil)
  }
}
