/// Keys for a machine's keyboard.
package struct KeyRequest: Codable, Sendable, Hashable {
  /// Keys that are held together, one group after the other, by Linux' names: `KEY_LEFTCTRL`.
  package var groups: [[String]]

  /// A request.
  package init(groups: [[String]]) {
    self.groups = groups
  }
}
