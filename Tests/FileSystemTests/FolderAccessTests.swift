import FileSystem
import Glibc
import Testing

@Suite("Who can change what is in a folder")
struct FolderAccessTests {
  private static let folder = S_IFDIR

  @Test(
    "only what is one's own and closed to others is relied on",
    arguments: [
      (owner: 1000, mode: folder | 0o700, user: 1000, objection: nil),
      (1000, folder | 0o755, 1000, nil),
      (0, folder | 0o755, 0, nil),
      (1000, folder | 0o2755, 1000, nil),
      (1001, folder | 0o700, 1000, .owner(1001)),
      // Root is no exception in either direction.
      (1000, folder | 0o700, 0, .owner(1000)),
      (0, folder | 0o755, 1000, .owner(0)),
      (1000, folder | 0o775, 1000, .writable(0o775)),
      (1000, folder | 0o757, 1000, .writable(0o757)),
      // Like /tmp: others cannot rename, but make what is not there yet.
      (0, folder | 0o1777, 0, .writable(0o1777)),
      (1001, folder | 0o777, 1000, .owner(1001)),
      (1000, S_IFREG | 0o600, 1000, .notFolder),
      (1001, S_IFREG | 0o600, 1000, .notFolder),
    ] as [(owner: uid_t, mode: mode_t, user: uid_t, objection: FolderAccess.Objection?)])
  func objection(
    _ owner: uid_t, _ mode: mode_t, _ user: uid_t, _ objection: FolderAccess.Objection?
  ) {
    #expect(FolderAccess(owner: owner, mode: mode).objection(for: user) == objection)
  }

  @Test func whatIsThere() throws {
    #expect(try FolderAccess(of: "/nonexistent-pxelab") == nil)
    let root = try #require(try FolderAccess(of: "/"))
    #expect(root.owner == 0)
    #expect(root.mode & S_IFMT == S_IFDIR)
    #expect {
      _ = try FolderAccess(of: "/dev/null/x")
    } throws: { "\($0)" == "cannot look at /dev/null/x: Not a directory" }
  }
}
