import ExternalCommand
import FoundationEssentials

/// The file behind one of a machine's volumes, and how it comes to be.
package struct VolumePlan: Codable, Sendable, Hashable {
  /// A disk image's format, by QEMU's name.
  package enum Format: String, Codable, Sendable, Hashable {
    /// The blocks as they are.
    case raw
    /// QEMU's format with a backing file.
    case qcow2
  }

  /// How the file comes to be.
  package enum Content: Codable, Sendable, Hashable {
    /// It is there and is used as it is.
    case existing
    /// A sparse file of so many bytes, made where there is none.
    case empty(size: Int64)
    /// What the machine writes, over a disk image that is only read.
    case overlay(DiskImage)
    /// A copy of a disk image, made where there is none and at least so many bytes long.
    case copy(DiskImage, size: Int64)
    /// An ISO 9660 image of a few files.
    case seed(SeedImage)
  }

  /// Whether nothing is on it until a machine writes.
  var isEmpty: Bool {
    if case .empty = content { true } else { false }
  }

  /// The volume's name in the manifest, which is also its disk's.
  package var name: String
  /// The file.
  package var path: String
  /// The file's format.
  package var format: Format
  /// How it comes to be.
  package var content: Content
  /// Whose the file is.
  package var owner: Owner

  /// Whose a file is.
  package enum Owner: String, Codable, Sendable, Hashable {
    /// The running lab's: gone with it.
    case lab
    /// The lab's, kept until it is purged.
    case stores
    /// The user's, at a path that the user wrote.
    case user
  }

  /// Where the files of a seed are before they are put into it.
  package var seedFolder: String { "\(path).files" }
  /// The folder of the file.
  package var folder: String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}

/// A disk image of this machine.
package struct DiskImage: Codable, Sendable, Hashable {
  /// The file's absolute path.
  package var path: String
  /// Its format, as `qemu-img info` names it.
  package var format: String
  /// The size of the disk in it, in bytes.
  package var virtualSize: Int64

  /// A disk image.
  package init(path: String, format: String, virtualSize: Int64) {
    self.path = path
    self.format = format
    self.virtualSize = virtualSize
  }
}

/// A small ISO 9660 image with Joliet and Rock Ridge names.
package struct SeedImage: Codable, Sendable, Hashable {
  /// The volume label, by which the guest finds it.
  package var label: String
  /// The files' contents by their paths in the image.
  package var files: [String: Data]

  /// An image.
  package init(label: String, files: [String: Data]) {
    self.label = label
    self.files = files
  }
}

extension VolumePlan {
  /// What makes the file under another name first, so that it is there whole or not at all; none
  /// for a file that needs no program. A seed's files are found in `folder`.
  package func commands(making file: String, folder: String) -> [Command] {
    switch content {
    case .existing, .empty: []
    case .overlay(let image):
      [
        Command(
          "qemu-img",
          ["create", "-q", "-f", "qcow2", "-F", image.format, "-b", image.path, file])
      ]
    case .copy(let image, let size):
      [
        Command(
          "qemu-img", ["convert", "-q", "-f", image.format, "-O", "raw", image.path, file])
      ]
        + (size > image.virtualSize
          ? [Command("qemu-img", ["resize", "-q", "-f", "raw", file, "\(size)"])] : [])
    case .seed(let seed):
      [
        Command(
          "xorrisofs",
          ["-quiet", "-output", file, "-volid", seed.label, "-joliet", "-rock", folder])
      ]
    }
  }

  /// The file and how it comes to be, in one line for a person.
  package var summary: String {
    let origin =
      switch content {
      case .existing: "as it is"
      case .empty(let size): "empty, \(size) bytes"
      case .overlay(let image): "what is written over \(image.path)"
      case .copy(let image, let size):
        "a copy of \(image.path), \(max(size, image.virtualSize)) bytes"
      case .seed(let seed):
        "an ISO image labelled \(seed.label) with \(seed.files.keys.sorted().joined(separator: ", "))"
      }
    return "\(name): \(path), \(origin)\(owner == .lab ? "" : ", kept")"
  }
}

extension LabPlan {
  /// The plan without what may be secret in its machines' seed images, to be shown.
  package var withoutSecrets: LabPlan {
    var plan = self
    for machine in plan.machines.indices {
      for volume in plan.machines[machine].volumes.indices {
        guard case .seed(var seed) = plan.machines[machine].volumes[volume].content else {
          continue
        }
        seed.files = seed.files.mapValues { Data("\($0.count) bytes".utf8) }
        plan.machines[machine].volumes[volume].content = .seed(seed)
      }
    }
    return plan
  }
}
