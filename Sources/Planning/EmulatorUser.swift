/// The user that QEMU runs as where root of this machine makes the lab: one who owns nothing but
/// the lab's own files, so that a guest that breaks out of QEMU is nobody.
package struct EmulatorUser: Codable, Hashable, Sendable {
  /// The number of the user and of the group.
  package let id: UInt32

  /// The user of a lab, always the same: another than other labs', and one of the numbers that
  /// nobody is given ("Users, Groups, UIDs and GIDs on systemd Systems": 1879048192 to 2147352575).
  package init(lab paths: LabPaths) {
    id = 1_879_048_192 + UInt32(StableIdentity.digest(paths.directory) % (1 << 20))
  }

  /// Whether root may become any user, which is so for the root of the machine itself; others'
  /// "root" is confined already.
  ///
  /// - Parameter userMap: `/proc/self/uid_map` (user_namespaces(7)).
  package static func isPossible(userMap: String) -> Bool {
    userMap.split(whereSeparator: \.isWhitespace) == ["0", "0", "4294967295"]
  }
}
