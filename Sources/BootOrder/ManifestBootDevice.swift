import Diagnosis

/// A disk or interface of a machine's manifest, with what it says of the boot order.
package struct ManifestBootDevice: Codable, Hashable, Sendable {
  /// What it is: an interface, or a disk of any kind.
  package var isInterface: Bool
  /// Its name.
  package var name: String
  /// `bootOrder`; `nil` without.
  package var order: Int?
  /// Where that is said, or the device where it is not; `nil` for a device that the manifest does not
  /// have and the machine is given nonetheless.
  package var place: ManifestPlace?

  /// A device.
  package init(isInterface: Bool, name: String, order: Int?, place: ManifestPlace?) {
    self.isInterface = isInterface
    self.name = name
    self.order = order
    self.place = place
  }
}
