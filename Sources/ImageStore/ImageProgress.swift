/// What ``ImageStore/prepare(_:refresh:progress:)`` is doing; nothing is reported for an image that
/// is prepared already.
package enum ImageProgress: Sendable, Hashable {
  /// Another process prepares the same image.
  case waiting
  /// Asking apt for the current versions.
  case resolving([String])
  /// Downloading a package.
  case downloading(String, version: String)
  /// apt has no such package, so the one that lies in the cache is used.
  case fromCache(Package)
  /// Taking a package apart.
  case unpacking(Package)
  /// Writing the TFTP root.
  case building(String)
}

extension ImageProgress: CustomStringConvertible {
  /// One line for a person.
  package var description: String {
    switch self {
    case .waiting: "waiting for another pxelab that prepares the same image"
    case .resolving(let packages): "asking apt for \(packages.joined(separator: ", "))"
    case .downloading(let package, let version): "downloading \(package) \(version)"
    case .fromCache(let package):
      "using \(package.package) \(package.version) from the cache"
        + (package.verified ? "" : " (its checksum is not known to apt or to the image)")
    case .unpacking(let package): "unpacking \(package.package) \(package.version)"
    case .building(let image): "writing the image \(image)"
    }
  }
}
