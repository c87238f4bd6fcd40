import Glibc

/// Who can change what lies in a folder (stat(2)).
package struct FolderAccess: Hashable, Sendable {
  /// The user that the folder belongs to.
  package let owner: uid_t
  /// The file type and permissions. With an access control list, its mask stands for the group.
  package let mode: mode_t

  package init(owner: uid_t, mode: mode_t) {
    self.owner = owner
    self.mode = mode
  }

  /// A folder's; `nil` when nothing is at the path. Of a link it is what the link leads to.
  ///
  /// - Throws: ``FileError`` when the path cannot be looked at.
  package init?(of path: String) throws(FileError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw FileError("look at \(path)")
    }
    self.init(owner: status.st_uid, mode: status.st_mode)
  }

  /// Why a user's programs cannot rely on what is in a folder.
  package enum Objection: Hashable, Sendable {
    /// It is a file or a device.
    case notFolder
    /// It is another user's, who can rename and replace everything in it.
    case owner(uid_t)
    /// Its group or everybody may write to it; the permissions.
    case writable(mode_t)
  }

  /// Why a user cannot rely on what is in the folder; `nil` when only the user and root can change
  /// it.
  package func objection(for user: uid_t) -> Objection? {
    if mode & S_IFMT != S_IFDIR { return .notFolder }
    if owner != user { return .owner(owner) }
    if mode & (S_IWGRP | S_IWOTH) != 0 { return .writable(mode & 0o7777) }
    return nil
  }
}
