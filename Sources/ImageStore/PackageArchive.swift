import Execution
import ExternalCommand
import FileSystem
import Glibc

/// Gets packages from the system's package archive into a cache folder, without root.
///
/// apt chooses the versions and checks each download against the checksums in the archive's signed
/// index. What lies in the folder already is used when apt cannot help: no network, or no apt.
struct PackageArchive {
  let cache: String
  let runner: any CommandRunner
  let progress: @Sendable (ImageProgress) -> Void

  /// The current version of each package of an image, downloaded.
  func fetch(_ definition: ImageDefinition) async throws -> [Package] {
    let choices = definition.spec.packages
    progress(.resolving(choices.map { $0.anyOf[0] }))
    try Files.makeFolder(cache, mode: 0o755)
    var found = try await candidates(choices)
    let missing = choices.compactMap { found[$0.name] }.filter {
      !Files.exists("\(cache)/\($0.fileName)")
    }
    if !missing.isEmpty {
      do {
        try await download(missing)
      } catch let error as CommandError {
        for package in missing { found[package.name] = nil }
        guard missing.allSatisfy({ cachedFile(for: $0.name, choices) != nil }) else {
          throw notDownloaded(
            missing.filter { cachedFile(for: $0.name, choices) == nil }.map(\.package), error)
        }
      }
    }
    var packages: [Package] = []
    for choice in choices {
      packages.append(try await check(found[choice.name], choice, definition))
    }
    return packages
  }

  /// What apt would download for each choice; nothing for those that it does not know.
  private func candidates(
    _ choices: [ImageDefinition.PackageChoice]
  ) async throws -> [String: Package] {
    let offered = try await stanzas(of: choices.flatMap(\.anyOf))
    var chosen: [String: String] = [:]
    for choice in choices {
      guard let name = choice.anyOf.first(where: { offered[$0] != nil }) else { continue }
      guard let pattern = choice.dependency else {
        chosen[choice.name] = name
        continue
      }
      chosen[choice.name] = offered[name]?.dependencies.first { fnmatch(pattern, $0, 0) == 0 }
    }
    let unseen = chosen.values.filter { offered[$0] == nil }.sorted()
    let dependencies = unseen.isEmpty ? [:] : try await stanzas(of: unseen)
    return chosen.reduce(into: [:]) { result, entry in
      guard let stanza = offered[entry.value] ?? dependencies[entry.value] else { return }
      result[entry.key] = Package(
        name: entry.key, package: stanza.package, version: stanza.version,
        architecture: stanza.architecture, sha256: stanza.sha256, verified: true)
    }
  }

  private func stanzas(of names: [String]) async throws -> [String: PackageStanza] {
    let command = Command(
      "apt-cache", ["show", "--no-all-versions"] + names, environment: ["LC_ALL": "C"])
    do {
      let output = try await runner.run(command)
      return Dictionary(
        PackageStanza.all(in: output).map { ($0.package, $0) },
        uniquingKeysWith: { first, _ in first })
    } catch CommandError.failed {
      // apt-cache fails when it knows none of the names.
      return [:]
    } catch CommandError.missingProgram {
      return [:]
    }
  }

  private func download(_ packages: [Package]) async throws {
    for package in packages { progress(.downloading(package.package, version: package.version)) }
    let folder = try Files.makeUniqueFolder("\(cache)/.download-")
    defer { try? Files.remove(folder) }
    // apt-get writes to its working folder.
    let command = Command(
      "env",
      ["--chdir=\(folder)", "apt-get", "--quiet=2", "download"]
        + packages.map { "\($0.package)=\($0.version)" },
      environment: ["LC_ALL": "C"])
    try await runner.run(command)
    for file in try Files.names(in: folder) {
      try Files.rename("\(folder)/\(file)", to: "\(cache)/\(file)")
    }
  }

  /// Holds a package's file against the checksums that are known for it.
  private func check(
    _ candidate: Package?, _ choice: ImageDefinition.PackageChoice, _ definition: ImageDefinition
  ) async throws -> Package {
    var inCache: Package?
    if candidate == nil { inCache = try await cached(choice) }
    guard var package = candidate ?? inCache else {
      guard ExecutableSearch.current.path(of: "apt-cache") != nil else {
        throw ImageError.noApt(missing: "apt-cache", cache: cache)
      }
      throw ImageError.unknownPackage(anyOf: choice.anyOf, cache: cache)
    }
    let file = "\(cache)/\(package.fileName)"
    let sum = try await Checksum.of([file], runner)[0]
    let tested = definition.testedPackages.first {
      $0.package == package.package && $0.version == package.version
        && $0.architecture == package.architecture
    }
    for expected in [candidate?.sha256, tested?.sha256].compactMap({ $0 }) where expected != sum {
      throw ImageError.wrongChecksum(file: file, expected: expected, seen: sum)
    }
    package.sha256 = sum
    package.verified = candidate != nil || tested != nil
    if candidate == nil { progress(.fromCache(package)) }
    return package
  }

  /// The package of a .deb that lies in the cache.
  private func cached(_ choice: ImageDefinition.PackageChoice) async throws -> Package? {
    guard let file = cachedFile(for: choice.name, [choice]) else { return nil }
    let fields = try await runner.runUnpacker(
      Command(
        "dpkg-deb", ["--show", "--showformat=${Package}\n${Version}\n${Architecture}", file]))
    let values = fields.split(separator: "\n").map(String.init)
    guard values.count == 3 else {
      throw ImageError.failed(command: "dpkg-deb --show \(file)", output: fields)
    }
    let package = Package(
      name: choice.name, package: values[0], version: values[1], architecture: values[2],
      sha256: "", verified: false)
    let wanted = "\(cache)/\(package.fileName)"
    if wanted != file { try Files.rename(file, to: wanted) }
    return package
  }

  /// The newest file of a package in the cache.
  private func cachedFile(
    for name: String, _ choices: [ImageDefinition.PackageChoice]
  ) -> String? {
    guard let choice = choices.first(where: { $0.name == name }) else { return nil }
    let patterns = choice.dependency.map { [$0] } ?? choice.anyOf
    return patterns.lazy
      .compactMap { pattern in
        Files.matches("\(cache)/\(pattern)_*.deb").max {
          Files.modificationTime(of: $0) < Files.modificationTime(of: $1)
        }
      }
      .first
  }

  private func notDownloaded(_ packages: [String], _ error: CommandError) -> ImageError {
    switch error {
    case .missingProgram(let program, _):
      .noApt(missing: program, cache: cache)
    case .notStarted(let command, let reason):
      .notDownloaded(packages, command: command.shellText, output: reason, cache: cache)
    case .failed(let command, _, let output):
      .notDownloaded(packages, command: command.shellText, output: output, cache: cache)
    }
  }
}
