import FileSystem
import FoundationEssentials
import Objects

/// What a netboot image is made of: the contents of an `image.yaml` (kind `Image`).
package struct ImageDefinition: Sendable, Hashable {
  /// The image's name, which is also its folder's.
  package let name: String
  /// The folder that `image.yaml` lies in; the definition's own files are relative to it.
  package let folder: String
  /// One line that says what the image is.
  package let summary: String
  let spec: Spec
  /// The file to offer to each client architecture (DHCP option 93, RFC 4578).
  package var bootFileByArchitecture: [UInt16: String] { numbered(spec.bootFiles) }
  /// The file to offer to clients that are iPXE already.
  package var iPXEBootFile: String? { spec.bootFiles[iPXEKey] }
  /// The packages it was tested with.
  let testedPackages: [TestedPackage]
  /// The text of every file that the definition consists of, by path relative to the folder.
  let inputs: [String: String]

  /// A package that files come from.
  struct PackageChoice: Sendable, Hashable, Codable {
    /// What the rest of the definition calls it.
    var name: String
    /// Package names; the first that the archive has is taken.
    var anyOf: [String]
    /// A glob that picks the dependency which is meant, when the package itself is empty.
    var dependency: String?
  }

  /// A file and where it comes from.
  struct File: Sendable, Hashable, Codable {
    /// Path in the TFTP root, or in the initramfs.
    var path: String
    /// The package's name in this definition; `nil` for a file of the definition's own.
    var package: String?
    /// Globs, relative to the package's or the definition's folder; the first that matches.
    var from: [String]
    /// Whether the file gets mode 0755 rather than 0644 in the initramfs.
    var executable: Bool?
  }

  /// A text file in which `@ARGUMENTS@` becomes the kernel's arguments.
  struct Template: Sendable, Hashable, Codable {
    var path: String
    var from: String
  }

  /// A kernel module.
  struct Module: Sendable, Hashable, Codable {
    var name: String
    var optional: Bool?
  }

  /// The modules that the initramfs brings.
  struct Modules: Sendable, Hashable, Codable {
    var package: String
    var early: [Module]
    var later: [Module]
  }

  /// The initramfs.
  struct Initramfs: Sendable, Hashable, Codable {
    var path: String
    var folders: [String]
    var files: [File]
    var modules: Modules
  }

  /// A bootable disk image with one partition, the EFI system partition, made of files of the root.
  struct Disk: Sendable, Hashable, Codable {
    /// Path in the TFTP root.
    var path: String
    /// The disk's size in MiB.
    var mebibytes: Int
    /// Paths in the TFTP root, by the files' paths in the partition.
    var files: [String: String]
  }

  /// A unified kernel image, made of files of the root.
  struct UnifiedKernel: Sendable, Hashable, Codable {
    /// Path in the TFTP root.
    var path: String
    /// systemd's stub for x86-64: its package's name in this definition.
    var package: String
    /// Globs, relative to the package's folder; the first that matches is the stub.
    var from: [String]
    /// The kernel's path in the TFTP root.
    var kernel: String
    /// The initramfs' path in the TFTP root.
    var initramfs: String
  }

  /// The definition's `spec`.
  struct Spec: Sendable, Hashable, Codable {
    var summary: String
    var packages: [PackageChoice]
    var files: [File]
    var templates: [Template]
    var initramfs: Initramfs
    var disk: Disk?
    var unifiedKernel: UnifiedKernel?
    var arguments: [String]
    var bootFiles: [String: String]
  }

  /// An entry of `packages.yaml`.
  struct TestedPackage: Sendable, Hashable, Codable {
    var package: String
    var version: String
    var architecture: String
    var sha256: String
  }

  private struct Document: Codable {
    struct Metadata: Codable { var name: String }
    var apiVersion: String
    var kind: String
    var metadata: Metadata
    var spec: Spec
  }

  /// Reads the image `name` of a folder that has one folder per image.
  ///
  /// - Throws: ``ImageError/unknownImage(_:known:folder:)`` or what ``init(folder:)`` throws.
  package init(named name: String, in imagesFolder: String) throws {
    let known: [String] = try ImageDefinition.names(in: imagesFolder)
    guard known.contains(name) else {
      throw ImageError.unknownImage(name, known: known, folder: imagesFolder)
    }
    try self.init(folder: "\(imagesFolder)/\(name)")
  }

  /// Reads the image whose `image.yaml` lies in `folder`.
  ///
  /// - Throws: ``ImageError/invalidDefinition(file:reason:)`` naming the field, or
  ///   `FileError`.
  package init(folder: String) throws {
    let file = "\(folder)/image.yaml"
    let document: Document = try ImageDefinition.decode(file)
    guard document.apiVersion == "pxelab.dev/v1alpha1", document.kind == "Image" else {
      throw ImageError.invalidDefinition(
        file: file,
        reason: "apiVersion pxelab.dev/v1alpha1 and kind Image expected, "
          + "\(document.apiVersion) and \(document.kind) found")
    }
    self.name = document.metadata.name
    self.folder = folder
    self.summary = document.spec.summary
    self.spec = document.spec
    let tested = "\(folder)/packages.yaml"
    self.testedPackages = Files.exists(tested) ? try ImageDefinition.decode(tested) : []
    try ImageDefinition.check(document.spec, file: file)
    var inputs: [String: String] = ["image.yaml": try Files.text(of: file)]
    for path in document.spec.ownFiles { inputs[path] = try Files.text(of: "\(folder)/\(path)") }
    self.inputs = inputs
  }

  /// The names of the images in a folder that has one folder per image, sorted.
  ///
  /// - Throws: `FileError` when the folder cannot be read.
  package static func names(in imagesFolder: String) throws(FileError) -> [String] {
    try Files.names(in: imagesFolder).filter { Files.exists("\(imagesFolder)/\($0)/image.yaml") }
  }

  private static func decode<Value: Decodable>(_ file: String) throws -> Value {
    let text = try Files.text(of: file)
    do {
      let tree = try ObjectNode(yaml: text, file: file) ?? [:]
      return try JSONDecoder().decode(Value.self, from: Data(tree.canonicalJSON))
    } catch let error as Problem {
      let line = error.location.map { "line \($0.line): " } ?? ""
      throw ImageError.invalidDefinition(file: file, reason: "\(line)\(error.message)")
    } catch let error as DecodingError {
      throw ImageError.invalidDefinition(file: file, reason: error.fieldAndReason)
    } catch {
      throw ImageError.invalidDefinition(file: file, reason: "\(error)")
    }
  }

  private static func check(_ spec: Spec, file: String) throws {
    let packages: Set<String> = Set(spec.packages.map(\.name))
    let used =
      (spec.files + spec.initramfs.files).compactMap(\.package)
      + (spec.unifiedKernel.map { [$0.package] } ?? [])
    for name in used + [spec.initramfs.modules.package] where !packages.contains(name) {
      throw ImageError.invalidDefinition(
        file: file, reason: "spec.packages has no package that is named \(name)")
    }
    let made: Set<String> = Set(
      spec.files.map(\.path) + spec.templates.map(\.path) + [spec.initramfs.path])
    for path in spec.unifiedKernel.map({ [$0.kernel, $0.initramfs] }) ?? []
    where !made.contains(path) {
      throw ImageError.invalidDefinition(
        file: file, reason: "spec.unifiedKernel: \(path) is not among the image's files")
    }
    let served = made.union(spec.unifiedKernel.map { [$0.path] } ?? [])
    let onDisk = spec.disk.map { Set<String>($0.files.keys).union([$0.path]) } ?? []
    let paths = served.union(onDisk).union(spec.initramfs.files.map(\.path)).union(
      spec.initramfs.folders)
    for path in paths.sorted()
    where path.isEmpty || path.hasPrefix("/") || path.split(separator: "/").contains("..") {
      throw ImageError.invalidDefinition(
        file: file, reason: "\(path) is not a path below the image's root")
    }
    for (path, source) in (spec.disk?.files ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard served.contains(source) else {
        throw ImageError.invalidDefinition(
          file: file, reason: "spec.disk.files.\(path): \(source) is not among the image's files")
      }
    }
    for (number, boot) in spec.bootFiles.sorted(by: { $0.key < $1.key }) {
      guard UInt16(number) != nil || number == iPXEKey else {
        throw ImageError.invalidDefinition(
          file: file,
          reason: "spec.bootFiles: \(number) is neither a client architecture (option 93) nor"
            + " \(iPXEKey)")
      }
      guard served.contains(boot) else {
        throw ImageError.invalidDefinition(
          file: file, reason: "spec.bootFiles.\(number): \(boot) is not among the image's files")
      }
    }
  }
}

extension ImageDefinition.Spec {
  /// The paths of the definition's own files, relative to its folder.
  var ownFiles: [String] {
    (files + initramfs.files).filter { $0.package == nil }.flatMap(\.from) + templates.map(\.from)
  }
}

extension DecodingError {
  fileprivate var fieldAndReason: String {
    let context: Context
    var missing: String?
    switch self {
    case .keyNotFound(let key, let found):
      context = found
      missing = key.stringValue
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found):
      context = found
    @unknown default: return "\(self)"
    }
    let path = context.codingPath.map(\.stringValue) + (missing.map { [$0] } ?? [])
    let field = path.joined(separator: ".")
    let reason = missing == nil ? context.debugDescription : "is missing"
    let cause = context.underlyingError.map { ": \($0)" } ?? ""
    return (field.isEmpty ? "" : "\(field): ") + reason + cause
  }
}
