import ExternalCommand

/// Why an image could not be prepared, with the way out.
package enum ImageError: Error, Sendable, Equatable {
  /// No image of that name.
  case unknownImage(String, known: [String], folder: String)
  /// An `image.yaml` or `packages.yaml` that cannot be used; the reason names the field.
  case invalidDefinition(file: String, reason: String)
  /// apt knows none of the packages, and none lies in the cache.
  case unknownPackage(anyOf: [String], cache: String)
  /// apt could not download packages that are not in the cache.
  case notDownloaded([String], command: String, output: String, cache: String)
  /// Packages come by apt, and this system has none.
  case noApt(missing: String, cache: String)
  /// A program that unpacks is not installed; `package` is Debian's name for what brings it.
  case missingProgram(String, package: String)
  /// A package is not the one that it should be.
  case wrongChecksum(file: String, expected: String, seen: String)
  /// A package lacks a file; the globs are relative to its root.
  case missingFile(package: String, version: String, from: [String])
  /// The kernel has a module neither as a file nor built in.
  case missingModule(String, package: String, version: String)
  /// A kernel argument that GRUB would read as something else.
  case unusableArgument(String)
  /// The file that is named for a container disk's image or a URL is not there.
  case missingDiskImage(String, for: String)
  /// A disk image of which `qemu-img info` says something unexpected.
  case unreadableDiskImage(String, reason: String)
  /// A disk image that leads to a file that a confined lab may not have.
  case outsideDiskImage(String, leadingTo: String)
  /// A program failed; `output` holds its last lines.
  case failed(command: String, output: String)
}

extension ImageError: CustomStringConvertible {
  /// What is wrong and what to do.
  package var description: String {
    switch self {
    case .unknownImage(let name, let known, let folder):
      known.isEmpty
        ? "there is no image \(name): \(folder) has none"
        : "there is no image \(name); known: \(known.joined(separator: ", ")) (in \(folder))"
    case .invalidDefinition(let file, let reason):
      "\(file): \(reason)"
    case .unknownPackage(let names, let cache):
      "apt knows no package \(names.joined(separator: " or ")): run `apt-get update` as root, "
        + "or copy the .deb into \(cache)"
    case .notDownloaded(let packages, let command, let output, let cache):
      "\(packages.joined(separator: ", ")) could not be downloaded and "
        + "\(packages.count == 1 ? "is" : "are") not in the cache: `\(command)` said:\n\(output)\n"
        + "run `apt-get update` as root if the package lists are old, or copy the .deb into \(cache)"
    case .noApt(let missing, let cache):
      "netboot images come from Debian or Ubuntu packages by apt, and \(missing) is not installed; "
        + "elsewhere, copy the .deb files into \(cache)"
    case .missingProgram(let program, let package):
      "\(program) is not installed; the Debian package \(package) brings it"
    case .wrongChecksum(let file, let expected, let seen):
      "\(file) has SHA-256 \(seen), and \(expected) is expected: remove it and try again"
    case .missingFile(let package, let version, let from):
      "\(package) \(version) has no \(from.joined(separator: " or "))"
    case .missingModule(let name, let package, let version):
      "\(package) \(version) has no module \(name), neither as a file nor built in"
    case .unusableArgument(let argument):
      "the kernel argument '\(argument)' cannot be written into GRUB's configuration: "
        + "letters, digits and -_.,:=/@%+ only"
    case .missingDiskImage(let path, let reference):
      "\(path), which spec.diskImages of lab.yaml names for \(reference), is not a file"
    case .unreadableDiskImage(let path, let reason):
      "the disk image \(path) cannot be read: \(reason)"
    case .outsideDiskImage(let path, let other):
      "the disk image \(path) leads to \(other), which --no-commands does not allow"
    case .failed(let command, let output):
      "`\(command)` failed" + (output.isEmpty ? "" : ":\n\(output)")
    }
  }
}
