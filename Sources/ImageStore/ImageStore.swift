import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials
import Glibc

/// Prepares netboot images and keeps them.
///
///     packages/NAME_VERSION_ARCHITECTURE.deb   what was downloaded, or put there by hand
///     images/NAME/KEY/root/                    a TFTP root, never changed once it is there
///     images/NAME/KEY/prepared.json            what it was made from: packages and checksums
///     images/NAME/current                      link to the KEY in use
///
/// An image is built in a folder of its own, under a lock, and appears by one rename: labs that
/// start together share the work, and an interrupted build leaves nothing that could be taken for
/// an image.
package struct ImageStore: Sendable {
  /// The store's folder, absolute.
  package let cacheDirectory: String
  private let runner: any CommandRunner

  /// A store in a folder, which is made when it is needed.
  package init(cacheDirectory: String, runner: any CommandRunner = SubprocessRunner()) {
    self.cacheDirectory = cacheDirectory
    self.runner = runner
  }

  /// The image's files, from the store when they are there and the definition is unchanged.
  ///
  /// - Parameters:
  ///   - definition: the image.
  ///   - refresh: ask apt for newer packages although the image is there.
  ///   - progress: called for each step that takes time.
  /// - Throws: ``ImageError``, or `CancellationError`.
  package func prepare(
    _ definition: ImageDefinition, refresh: Bool = false,
    progress: @escaping @Sendable (ImageProgress) -> Void = { _ in }
  ) async throws -> PreparedImage {
    if !refresh, let image = prepared(definition) { return image }
    let folder = imageFolder(definition.name)
    try Files.makeFolder(folder, mode: 0o755)
    return try await FileLock.hold("\(folder)/lock", waiting: { progress(.waiting) }) {
      if !refresh, let image = prepared(definition) { return image }
      return try await build(definition, in: folder, progress: progress)
    }
  }

  /// The image when it is in the store, complete, and made from this very definition.
  package func prepared(_ definition: ImageDefinition) -> PreparedImage? {
    let record = "\(imageFolder(definition.name))/current/prepared.json"
    guard let data = try? Data(contentsOf: URL(filePath: record)),
      let image = try? JSONDecoder().decode(PreparedImage.self, from: data),
      image.inputs == definition.inputs,
      image.files.allSatisfy({ Files.size(of: "\(image.tftpRoot)/\($0.path)") == $0.size })
    else { return nil }
    return image
  }

  private func imageFolder(_ name: String) -> String { "\(cacheDirectory)/images/\(name)" }

  private func build(
    _ definition: ImageDefinition, in folder: String,
    progress: @escaping @Sendable (ImageProgress) -> Void
  ) async throws -> PreparedImage {
    for leftover in try Files.names(in: folder) where leftover.hasPrefix(".building-") {
      try Files.remove("\(folder)/\(leftover)")
    }
    let archive = PackageArchive(
      cache: "\(cacheDirectory)/packages", runner: runner, progress: progress)
    let packages = try await archive.fetch(definition)
    let identity =
      (definition.inputs.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
      + packages.map(\.sha256)
    let key = try await Checksum.of(text: identity.joined(separator: "\n"), runner).prefix(16)

    let work = try Files.makeUniqueFolder("\(folder)/.building-")
    defer { try? Files.remove(work) }
    let builder = ImageBuilder(
      definition: definition, packages: packages, packageFolder: archive.cache, work: work,
      runner: runner, progress: progress)
    try await builder.build()
    let image = PreparedImage(
      name: definition.name, tftpRoot: "\(folder)/\(key)/root",
      files: try await files(below: "\(work)/root"), packages: packages,
      arguments: definition.spec.arguments, bootFiles: definition.spec.bootFiles,
      disk: definition.spec.disk?.path,
      templates: builder.templates, inputs: definition.inputs)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try Files.write(try encoder.encode(image), to: "\(work)/prepared.json", mode: 0o644)
    try install(work, as: String(key), in: folder)
    return image
  }

  /// Puts a finished build in its place, and makes it the current one.
  private func install(_ work: String, as key: String, in folder: String) throws {
    let place = "\(folder)/\(key)"
    try Files.setMode(0o755, of: work)
    if Files.exists(place) {
      // The same content, but damaged or asked for again.
      try Files.rename(place, to: "\(work)-old")
      defer { try? Files.remove("\(work)-old") }
      try Files.rename(work, to: place)
    } else {
      try Files.rename(work, to: place)
    }
    try Files.link("\(work)-current", to: key)
    try Files.rename("\(work)-current", to: "\(folder)/current")
  }

  private func files(below root: String) async throws -> [PreparedImage.File] {
    let paths = try Files.descendants(of: root).filter { Files.size(of: "\(root)/\($0)") != nil }
    let sums = try await Checksum.of(paths.map { "\(root)/\($0)" }, runner)
    return zip(paths, sums).compactMap { path, sum in
      Files.size(of: "\(root)/\(path)").map { .init(path: path, size: $0, sha256: sum) }
    }
  }
}
