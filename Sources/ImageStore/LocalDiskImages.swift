import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials

/// The disk images of this machine that stand for what a cluster would fetch.
package struct LocalDiskImages: Sendable {
  /// A disk image.
  package struct Image: Hashable, Sendable {
    /// The file's absolute path.
    package var path: String
    /// Its format, as `qemu-img info` names it.
    package var format: String
    /// The size of the disk in it, in bytes.
    package var virtualSize: Int64
  }

  private let named: [String: String]
  private let folder: String
  private let imageFolders: [String]
  private let confinement: [String]?
  private let runner: any CommandRunner

  /// The images of a lab.
  ///
  /// - Parameters:
  ///   - named: paths by what they stand for; relative ones start at `folder`.
  ///   - folder: the lab's folder.
  ///   - imageFolders: where a file is looked for by its name when none is named.
  ///   - confinement: the folders in which images must be, links followed, and with all that is in
  ///     them: a qcow2 image may name other files; `nil` allows all.
  package init(
    named: [String: String], folder: String, imageFolders: [String], confinement: [String]? = nil,
    runner: any CommandRunner = SubprocessRunner()
  ) {
    self.named = named
    self.folder = folder
    self.imageFolders = imageFolders
    self.confinement = confinement
    self.runner = runner
  }

  /// The image that stands for a reference: the one that is named for it, else a file in the image
  /// folders with the reference's last path component as its name, as it is or with the suffix
  /// `.qcow2`, `.img` or `.raw`, tags and digests left out.
  ///
  /// - Returns: `nil` when there is none.
  /// - Throws: ``ImageError`` when the file named for it is no disk image, or `CommandError`.
  package func image(for reference: String, byName: Bool = true) async throws -> Image? {
    if let path = named[reference] {
      let absolute = URL(
        fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true)
      ).standardizedFileURL.path
      guard Files.size(of: absolute) != nil else {
        throw ImageError.missingDiskImage(absolute, for: reference)
      }
      return try await inspect(absolute, for: reference)
    }
    guard byName, let name = Self.fileName(of: reference) else { return nil }
    for folder in imageFolders {
      for suffix in ["", ".qcow2", ".img", ".raw"] {
        let path = "\(folder)/\(name)\(suffix)"
        if Files.size(of: path) != nil { return try await inspect(path, for: reference) }
      }
    }
    return nil
  }

  /// `fedora` of `docker://quay.io/containerdisks/fedora:latest`, `disk.qcow2` of
  /// `https://example.org/disk.qcow2?x=1`; `nil` when nothing is left that is a file's name.
  static func fileName(of reference: String) -> String? {
    let path = reference.prefix { $0 != "?" && $0 != "#" && $0 != "@" }
    guard let last = path.split(separator: "/", omittingEmptySubsequences: false).last else {
      return nil
    }
    let name = last.prefix { $0 != ":" }
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("\0") else { return nil }
    return String(name)
  }

  private func inspect(_ path: String, for reference: String) async throws -> Image {
    struct Information: Decodable {
      var format: String
      var virtualSize: Int64
      var base: String?
      var details: Details?

      struct Details: Decodable {
        var data: Content?
      }

      struct Content: Decodable {
        var file: String?

        enum CodingKeys: String, CodingKey {
          case file = "data-file"
        }
      }

      enum CodingKeys: String, CodingKey {
        case format
        case virtualSize = "virtual-size"
        case base = "backing-filename"
        case details = "format-specific"
      }
    }
    try checkPlace(of: path)
    let output = try await runner.run(
      Command("qemu-img", ["info", "--force-share", "--output=json", path]))
    do {
      let information = try JSONDecoder().decode(Information.self, from: Data(output.utf8))
      if confinement != nil {
        if let other = information.base ?? information.details?.data?.file {
          throw ImageError.outsideDiskImage(path, leadingTo: other)
        }
        // Other formats have ways of their own to name files.
        guard ["raw", "qcow2"].contains(information.format) else {
          throw ImageError.unreadableDiskImage(
            path, reason: "--no-commands allows raw and qcow2, and this is \(information.format)")
        }
      }
      return Image(
        path: path, format: information.format, virtualSize: information.virtualSize)
    } catch let error as ImageError {
      throw error
    } catch {
      throw ImageError.unreadableDiskImage(path, reason: "\(error)")
    }
  }

  private func checkPlace(of path: String) throws {
    guard let confinement, let real = Files.real(path) else { return }
    let isInside = confinement.contains { folder in
      Files.real(folder).map { real.hasPrefix("\($0)/") } ?? false
    }
    if !isInside { throw ImageError.outsideDiskImage(path, leadingTo: real) }
  }
}
