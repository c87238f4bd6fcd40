/// A picture of a machine's screen.
package struct Screenshot: Codable, Sendable, Hashable {
  /// The file, in the machine's folder.
  package var file: String
  /// `png`, or `ppm` where QEMU knows no other.
  package var format: String

  /// A screenshot.
  package init(file: String, format: String) {
    self.file = file
    self.format = format
  }
}
