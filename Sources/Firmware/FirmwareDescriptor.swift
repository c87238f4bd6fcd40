import FoundationEssentials

/// A QEMU firmware descriptor (docs/interop/firmware.json of QEMU): what a firmware build is and
/// where its images lie. Distributions put them into /usr/share/qemu/firmware, administrators
/// into /etc/qemu/firmware.
package struct FirmwareDescriptor: Hashable, Sendable {
  /// What the build is, for a person.
  package var description: String
  /// `uefi`, `bios`, `openfirmware`, `uboot`.
  package var interfaceTypes: [String]
  /// How it is put into the machine.
  package var mapping: Mapping
  /// The machines it runs on.
  package var targets: [Target]
  /// What it can do: `secure-boot`, `enrolled-keys`, `requires-smm`, `acpi-s3`, …
  package var features: [String]

  /// How a build is put into the machine.
  package struct Mapping: Hashable, Sendable {
    /// `flash`, `kernel` or `memory`.
    package var device: String
    /// The code image; absent for `kernel` and `memory`.
    package var executable: Image?
    /// The image from which a machine's variable store is copied; absent for a build without one.
    package var variablesTemplate: Image?
  }

  /// An image file.
  package struct Image: Hashable, Sendable, Decodable {
    /// The path.
    package var filename: String
    /// `raw` or `qcow2`.
    package var format: String
  }

  /// Machines of one architecture.
  package struct Target: Hashable, Sendable, Decodable {
    /// The architecture: `x86_64`.
    package var architecture: String
    /// Shell patterns of machine types: `pc-q35-*`.
    package var machines: [String]
  }

  /// Parses a descriptor.
  ///
  /// - Throws: `DecodingError`.
  package init(parsing text: String) throws {
    self = try JSONDecoder().decode(FirmwareDescriptor.self, from: Data(text.utf8))
  }
}

extension FirmwareDescriptor: Decodable {
  enum CodingKeys: String, CodingKey {
    case description
    case interfaceTypes = "interface-types"
    case mapping, targets, features
  }
}

extension FirmwareDescriptor.Mapping: Decodable {
  enum CodingKeys: String, CodingKey {
    case device, executable
    case variablesTemplate = "nvram-template"
  }
}

/// A descriptor file as it lies on the disk.
package struct FirmwareDescriptorFile: Codable, Hashable, Sendable {
  /// The path; the last component decides the precedence.
  package var path: String
  /// The contents; an empty file hides one of the same name in a directory that comes later.
  package var text: String

  /// A file.
  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// The last component of the path.
  var name: Substring { path.split(separator: "/").last ?? "" }

  /// The directories in libvirt's order: what an earlier one holds hides what a later one holds
  /// under the same name.
  package static let directories: [String] = ["/etc/qemu/firmware", "/usr/share/qemu/firmware"]

  /// The files that count, in the order in which they are tried: by name, whatever the directory.
  static func inPrecedence(_ files: [FirmwareDescriptorFile]) -> [FirmwareDescriptorFile] {
    func rank(_ file: FirmwareDescriptorFile) -> Int {
      directories.firstIndex { file.path.hasPrefix($0 + "/") } ?? directories.count
    }
    var chosen: [Substring: FirmwareDescriptorFile] = [:]
    for file in files where file.name.hasSuffix(".json") {
      if let other = chosen[file.name], rank(other) <= rank(file) { continue }
      chosen[file.name] = file
    }
    return chosen.values.filter { !$0.text.isEmpty }.sorted { $0.name < $1.name }
  }
}
