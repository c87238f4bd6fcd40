import FileSystem
import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(10))) struct FolderLockTests {
  /// Runs `body` with a folder of the test's own.
  private func with(_ body: (String) async throws -> Void) async throws {
    let parent = NSTemporaryDirectory() + "pxelab-lock-\(UUID().uuidString)"
    try Files.makeFolder("\(parent)/folder")
    do {
      try await body("\(parent)/folder")
    } catch {
      try Files.remove(parent)
      throw error
    }
    try Files.remove(parent)
  }

  @Test("one holds it at a time, and it is free after an error too")
  func once() async throws {
    try await with { folder in
      struct Ended: Error {}
      #expect(!FolderLock.isHeld(folder))
      do {
        _ = try await FolderLock.hold(folder, within: .seconds(60)) { descriptor in
          #expect(FolderLock.isHeld(folder))
          #expect(Files.exists("/proc/self/fd/\(descriptor)/."))
          let error = await #expect(throws: FileError.self) {
            try await FolderLock.hold(folder, within: .zero) { _ in }
          }
          #expect(error?.errno == EWOULDBLOCK)
          throw Ended()
        }
        Issue.record("the error is lost")
      } catch is Ended {}
      let value = try await FolderLock.hold(folder, within: .seconds(60)) { _ in 7 }
      #expect(value == 7)
    }
  }

  @Test("of a folder that is not there, or goes meanwhile, there is none")
  func gone() async throws {
    try await with { folder in
      let none = try await FolderLock.hold("\(folder)/none", within: .zero) { _ in 7 }
      #expect(none == nil)
      let waiting = try await FolderLock.hold(folder, within: .seconds(60)) { _ in
        let waiting = Task { try await FolderLock.hold(folder, within: .seconds(60)) { _ in 7 } }
        try Files.rename(folder, to: "\(folder).away")
        return waiting
      }
      #expect(try await waiting?.value == nil)
    }
  }

  @Test("it is that of the folder that is at the path")
  func replaced() async throws {
    try await with { folder in
      let value = try await FolderLock.hold(folder, within: .seconds(60)) { _ in
        try Files.rename(folder, to: "\(folder).away")
        try Files.makeFolder(folder)
        return try await FolderLock.hold(folder, within: .seconds(60)) { _ in 7 }
      }
      #expect(value == 7)
    }
  }

  @Test("what is no folder is an error")
  func file() async throws {
    try await with { folder in
      try Files.write("", to: "\(folder)/file")
      await #expect(throws: FileError.self) {
        try await FolderLock.hold("\(folder)/file", within: .zero) { _ in }
      }
    }
  }

  @Test("a wait that is cancelled ends")
  func cancelled() async throws {
    try await with { folder in
      try await FolderLock.hold(folder, within: .seconds(60)) { _ in
        let waiting = Task { try await FolderLock.hold(folder, within: .seconds(600)) { _ in } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
      }
    }
  }
}
