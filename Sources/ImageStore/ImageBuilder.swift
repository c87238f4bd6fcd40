import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials

/// Makes an image's TFTP root out of downloaded packages, in a folder of its own.
struct ImageBuilder {
  let definition: ImageDefinition
  let packages: [Package]
  let packageFolder: String
  /// Gets `root/`; `unpacked/` is there only while it works.
  let work: String
  let runner: any CommandRunner
  let progress: @Sendable (ImageProgress) -> Void

  /// The text of each template, by its path below the root.
  var templates: [String: String] {
    definition.spec.templates.reduce(into: [:]) { $0[$1.path] = definition.inputs[$1.from] }
  }

  func build() async throws {
    for package in packages {
      progress(.unpacking(package))
      let target = unpacked(package.name)
      try Files.makeFolder(target, mode: 0o755)
      _ = try await runner.runUnpacker(
        Command("dpkg-deb", ["--extract", "\(packageFolder)/\(package.fileName)", target]))
    }
    progress(.building(definition.name))
    let root = "\(work)/root"
    for file in definition.spec.files {
      let target = "\(root)/\(file.path)"
      try Files.makeParent(of: target, mode: 0o755)
      try Files.copy(try source(of: file), to: target)
      // A server that dropped its privileges reads these.
      try Files.setMode(0o644, of: target)
    }
    for (path, text) in templates {
      let rendered = PreparedImage.render(text, arguments: definition.spec.arguments)
      try Files.makeParent(of: "\(root)/\(path)", mode: 0o755)
      try Files.write(rendered, to: "\(root)/\(path)", mode: 0o644)
    }
    let initramfs = try await initramfs()
    let place = "\(root)/\(definition.spec.initramfs.path)"
    try Files.makeParent(of: place, mode: 0o755)
    try Files.write(Data(initramfs.encoded()), to: place, mode: 0o644)
    if let unified = definition.spec.unifiedKernel {
      let stub = ImageDefinition.File(
        path: unified.path, package: unified.package, from: unified.from)
      try await UnifiedKernelBuilder(
        definition: unified, stub: try source(of: stub),
        arguments: definition.spec.arguments.joined(separator: " "), root: root, work: work,
        runner: runner
      ).build()
    }
    if let disk = definition.spec.disk {
      try await DiskImageBuilder(disk: disk, root: root, runner: runner).build()
    }
    try Files.remove("\(work)/unpacked")
  }

  private func initramfs() async throws -> NewcArchive {
    let spec = definition.spec.initramfs
    var archive = NewcArchive()
    for folder in spec.folders { archive.add(folder, .folder) }
    // The kernel opens it for the first process before devtmpfs is mounted.
    archive.add("dev/console", .characterDevice(major: 5, minor: 1))
    for file in spec.files {
      let bytes = [UInt8](try Files.read(try source(of: file)))
      archive.add(file.path, .file(bytes, executable: file.executable ?? false))
    }
    let modules = try KernelModules(packageRoot: unpacked(spec.modules.package))
    let early = try modules.loadOrder(for: try available(spec.modules.early, modules))
    let all = try modules.loadOrder(
      for: early + (try available(spec.modules.later, modules)))
    for (number, name) in all.enumerated() {
      let folder = number < early.count ? "modules" : "modules/later"
      let path = "\(folder)/\(twoDigits(number))-\(name).ko"
      archive.add(path, .file(try await moduleBytes(name, modules), executable: false))
    }
    return archive
  }

  /// The modules that are files, without those that are built in or may be missing.
  private func available(
    _ wanted: [ImageDefinition.Module], _ modules: KernelModules
  ) throws -> [String] {
    try wanted.filter { module in
      if modules.path(of: module.name) != nil { return true }
      if modules.isBuiltIn(module.name) || modules.isEmpty || module.optional == true {
        return false
      }
      let package = packages.first { $0.name == definition.spec.initramfs.modules.package }
      throw ImageError.missingModule(
        module.name, package: package?.package ?? "", version: package?.version ?? "")
    }.map(\.name)
  }

  /// A module as the kernel wants it: uncompressed. Its signature is of that form.
  private func moduleBytes(_ name: String, _ modules: KernelModules) async throws -> [UInt8] {
    guard let path = modules.path(of: name) else { return [] }
    for (ending, program) in [(".xz", "xz"), (".zst", "zstd")] where path.hasSuffix(ending) {
      _ = try await runner.runUnpacker(
        Command(program, ["--decompress", "--keep", "--force", "--quiet", path]))
      return [UInt8](try Files.read(String(path.dropLast(ending.count))))
    }
    return [UInt8](try Files.read(path))
  }

  private func source(of file: ImageDefinition.File) throws -> String {
    let root = file.package.map(unpacked) ?? definition.folder
    let matches = file.from.lazy.compactMap { Files.matches("\(root)/\($0)").first }
    let found = matches.compactMap { file.package == nil ? $0 : Self.file($0, inside: root) }.first
    if let found { return found }
    let package = packages.first { $0.name == file.package }
    throw ImageError.missingFile(
      package: package?.package ?? definition.folder, version: package?.version ?? "",
      from: file.from)
  }

  /// A file behind its links; `nil` where they lead out of the folder. Packages have absolute links,
  /// which would lead to files of this machine.
  private static func file(_ path: String, inside folder: String) -> String? {
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    return file.hasPrefix("\(root)/") && Files.exists(file) ? file : nil
  }

  private func unpacked(_ name: String) -> String { "\(work)/unpacked/\(name)" }

  private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
