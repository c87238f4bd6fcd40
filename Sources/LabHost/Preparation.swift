import Dataplane
import DomainXML
import DryLab
import Execution
import FileSystem
import Firmware
import Glibc
import HostCheck
import ImageStore
import Kinds
import KubeVirt
import LabManifest
import NetworkAttachment
import Planning

/// Finds out what the planner must know of this machine, and fetches what the lab serves.
package struct Preparation: Sendable {
  private let folders: Folders
  private let functionCards: [String]
  /// Whether disk images of the lab's may lead to no other file of this machine.
  package var isConfined = false
  private let runner: any CommandRunner = SubprocessRunner()

  /// The preparation of a lab.
  ///
  /// - Parameter functionCards: the cards that virtual functions are from, each as `RESOURCE=CARD`.
  package init(folders: Folders, functionCards: [String] = []) {
    self.folders = folders
    self.functionCards = functionCards
  }

  /// A lab as it will be.
  package struct PreparedLab: Sendable {
    /// What becomes of its objects, and the plan.
    package let dry: DryLab
    /// What was found out of this machine.
    package let facts: PlanningFacts
    /// What is served, where it is there.
    package let images: [String: PreparedImage]
    /// The objects of its manifests.
    package let objects: ManifestObjects
    /// The manifests as they are written.
    package let folder: ManifestFolder.Spec
  }

  /// Plans a lab.
  ///
  /// - Parameters:
  ///   - input: what its manifests say, without errors.
  ///   - path: where they are; `nil` of a lab that has none.
  ///   - cniPlugins: the release of the CNI plugins, instead of lab.yaml's.
  ///   - fetching: whether images that are not in the store are fetched; `plan` does without, and
  ///     then does not know their files' sizes.
  package func lab(
    _ input: LabInput, from path: String?, cniPlugins: CNIPluginsVersion? = nil, fetching: Bool,
    uplinks: UplinkRequest = UplinkRequest(),
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> PreparedLab {
    try await lab(
      input, path.map(LabFolder.manifests(of:)), cniPlugins: cniPlugins, fetching: fetching,
      uplinks: uplinks, progress: progress)
  }

  /// Plans a lab whose manifests have been read.
  package func lab(
    _ input: LabInput, _ folder: ManifestFolder.Spec?, cniPlugins: CNIPluginsVersion? = nil,
    fetching: Bool, uplinks: UplinkRequest = UplinkRequest(),
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> PreparedLab {
    let (facts, images) = try await facts(
      of: input, in: folder?.path, fetching: fetching, uplinks: uplinks, progress: progress)
    let folder = folder ?? ManifestFolder.Spec(path: "", files: [])
    let objects = ManifestObjects(folder.files, lab: input.lab.name, cniPlugins: cniPlugins)
    do {
      var notices: [String] = []
      let processors = Self.processors(askedBy: input) { notices.append($0) }
      let dry = try await DryLab(
        objects, from: folder, facts: facts, processors: processors, notices: notices)
      return PreparedLab(dry: dry, facts: facts, images: images, objects: objects, folder: folder)
    } catch let refusal as DryLab.Refusal {
      throw LabHostError(.manifests, "\(refusal)")
    }
  }

  /// libvirt's map of CPU models, where it matters to a lab; without one its machines are placed as if any
  /// processor would do.
  private static func processors(
    askedBy input: LabInput, notice: (String) -> Void
  ) -> ProcessorMap? {
    let asksMachine = input.machines.contains { machine in
      if case .named? = machine.cpu.model.map(CPUModel.init) { return true }
      return !machine.cpu.features.isEmpty
    }
    guard asksMachine || input.nodes.contains(where: { $0.processor != nil }) else { return nil }
    return processorMap(names: Files.names(in:), text: Files.text(of:), notice: notice)
  }

  /// A map of CPU models; `nil` where there is none, and with a notice where it cannot be read.
  static func processorMap(
    names: (_ folder: String) throws -> [String], text: (_ path: String) throws -> String,
    notice: (String) -> Void
  ) -> ProcessorMap? {
    do {
      do {
        _ = try text(ProcessorMap.index)
      } catch let error as FileError where error.errno == ENOENT {
        return nil
      }
      return try ProcessorMap(names: names, text: text)
    } catch {
      notice(
        "libvirt's map of CPU models in \(ProcessorMap.folder) cannot be read, so machines are placed as if"
          + " any processor would do: \(error)")
      return nil
    }
  }

  /// What the planner must know of this machine.
  ///
  /// - Parameter folder: where the manifests are; `nil` of a lab that has none, whose servers serve what
  ///   they do where nothing else is said.
  private func facts(
    of input: LabInput, in folder: String?, fetching: Bool, uplinks: UplinkRequest,
    progress: @escaping @Sendable (String) -> Void
  ) async throws -> (facts: PlanningFacts, images: [String: PreparedImage]) {
    let probe = SystemHostProbe(runner: runner)
    let acceleration: Acceleration
    do {
      acceleration = try Acceleration.decide(
        AccelerationRequest(rawValue: input.lab.acceleration.rawValue) ?? .auto, kvm: probe.kvm(),
        processors: try await probe.text(at: "/proc/cpuinfo") ?? "",
        needsSystemManagementMode: input.machines.contains(where: \.secureBoot))
    } catch let error as AccelerationError {
      throw LabHostError(.host, "\(error)")
    }
    let isRoot = getuid() == 0
    if !isRoot { try await requireNamespaces(probe) }
    try require([.sandbox, .network, .server, .machine], isRoot: isRoot, probe: probe)
    let servers = input.lab.attachments.compactMap(\.server)
    if servers.contains(where: { $0.command == nil && $0.methods.contains(where: \.isSecured) }) {
      try require([.https], isRoot: isRoot, probe: probe)
    }
    let engine = try await engine(for: input, asRoot: isRoot)
    try require(
      engine.choice == .openVSwitch
        ? [.openVSwitch]
        : input.attachments.contains(where: \.checksSource) || !uplinks.interfaces.isEmpty
          ? [.linuxBridge, .firewall] : [.linuxBridge], isRoot: isRoot, probe: probe)
    if input.needsDiskPrograms { try require([.diskImages], isRoot: isRoot, probe: probe) }
    let definitions = try imageDefinitions(
      of: input, with: folder == nil ? [BootServer.usualImage] : [])
    let images = try await images(definitions, fetching: fetching, progress: progress)
    let manifestFolder = folder ?? "/"
    var facts = PlanningFacts(
      stateDirectory: folders.state, engine: engine,
      acceleration: Reasoned(acceleration.kind.rawValue, because: acceleration.reason),
      isRoot: isRoot, firmwares: try Self.firmwares(),
      images: definitions.mapValues { definition in
        PlanningFacts.Image(
          bootFiles: Dictionary(
            uniqueKeysWithValues: definition.bootFileByArchitecture.map { (Int($0), $1) }),
          iPXEBootFile: definition.iPXEBootFile,
          fileSizes: Dictionary(
            (images[definition.name]?.files ?? []).map { ($0.path, $0.size) }
          ) { first, _ in first })
      }, manifestFolder: manifestFolder,
      diskImages: try await diskImages(of: input, folder: manifestFolder, prepared: images))
    facts.hasEveryUser = EmulatorUser.isPossible(
      userMap: try await probe.text(at: "/proc/self/uid_map") ?? "")
    facts.kernel = try await probe.text(at: "/proc/sys/kernel/osrelease")?
      .split(separator: "\n").first.map(String.init)
    facts.operatingSystem = Distribution.title(
      osRelease: try await probe.text(at: "/etc/os-release") ?? "")
    facts.nodes = input.nodes.map(\.name)
    facts.uplinks = uplinks
    facts.virtualFunctionCards = functionCards
    if !functionCards.isEmpty {
      facts.virtualFunctions = VirtualFunctionInventory(SystemSysfs())
    }
    return (facts, images)
  }

  /// The engine that lab.yaml asks for; else Open vSwitch where an attachment is one of its ports,
  /// and what the kernel can do where none is.
  private func engine(for input: LabInput, asRoot: Bool) async throws -> Reasoned<
    DataplaneEngine
  > {
    let asked = DataplaneEngine(rawValue: input.lab.dataplane.rawValue)
    if asked == nil, let localnet = input.attachments.first(where: \.isLocalnet) {
      return Reasoned(
        .openVSwitch, because: "the attachment \(localnet.name) is a localnet, a port of it")
    }
    return try await EngineProbe(runner: runner).engine(asked: asked, asRoot: asRoot)
  }

  private func require(_ uses: Set<ProgramUse>, isRoot: Bool, probe: SystemHostProbe) throws {
    let all = isRoot ? uses : uses.union([.rootlessSandbox])
    let missing = RequiredProgram.missing(for: all, on: probe)
    guard !missing.isEmpty else { return }
    let release = try? Files.text(of: "/etc/os-release")
    throw LabHostError(
      .host,
      "\(MissingProgramsError(programs: missing, distribution: Distribution(osRelease: release ?? "")))"
    )
  }

  private func requireNamespaces(_ probe: SystemHostProbe) async throws {
    for check in try await DoctorReport.sandboxChecks(on: probe) where check.status == .missing {
      throw LabHostError(
        .host, "\(check.name): \(check.detail)" + (check.remedy.map { "\nWay out: \($0)" } ?? ""))
    }
  }

  private func diskImages(
    of input: LabInput, folder: String, prepared: [String: PreparedImage]
  ) async throws -> [String: DiskImage] {
    let references = input.imageReferences
    guard !references.isEmpty else { return [:] }
    var named: [String: String] = [:]
    for (reference, path) in input.lab.diskImages {
      guard let image = Self.imageName(in: path) else {
        named[reference] = path
        continue
      }
      // Before the image is fetched there is no file, and `plan` says so.
      guard let found = prepared[image] else { continue }
      guard let disk = found.diskImage else {
        throw LabHostError(.image, "the image \(image) has no disk image to stand for \(reference)")
      }
      named[reference] = disk
    }
    let imageFolders = (try? folders.images()).map { [$0] } ?? []
    let local = LocalDiskImages(
      named: named, folder: folder, imageFolders: ["\(folder)/images"] + imageFolders,
      confinement: isConfined ? [folder, folders.cache] + imageFolders : nil, runner: runner)
    var images: [String: DiskImage] = [:]
    for (reference, isImage) in references {
      do {
        guard let image = try await local.image(for: reference, byName: isImage) else { continue }
        try DiskImage.checkVisible(image.path)
        images[reference] = DiskImage(
          path: image.path, format: image.format, virtualSize: image.virtualSize)
      } catch let error as ImageError {
        throw LabHostError(.image, "\(error)")
      } catch let error as CommandError {
        throw LabHostError(.image, "\(error)")
      }
    }
    return images
  }

  /// The image whose disk is meant: `debian-install` of `image:debian-install`.
  private static func imageName(in path: String) -> String? {
    let scheme = "image:"
    return path.hasPrefix(scheme) ? String(path.dropFirst(scheme.count)) : nil
  }

  private func imageDefinitions(
    of input: LabInput, with more: [String]
  ) throws -> [String: ImageDefinition] {
    var definitions: [String: ImageDefinition] = [:]
    let served = input.lab.attachments.compactMap { $0.server?.image } + more
    for name in Set(served + input.lab.diskImages.values.compactMap(Self.imageName)) {
      do {
        definitions[name] = try ImageDefinition(named: name, in: try folders.images())
      } catch let error as ImageError {
        throw LabHostError(.image, "\(error)")
      } catch let error as FileError {
        throw LabHostError(.image, "\(error)")
      }
    }
    return definitions
  }

  private func images(
    _ definitions: [String: ImageDefinition], fetching: Bool,
    progress: @escaping @Sendable (String) -> Void
  ) async throws -> [String: PreparedImage] {
    let store = ImageStore(cacheDirectory: folders.cache, runner: runner)
    var images: [String: PreparedImage] = [:]
    for (name, definition) in definitions.sorted(by: { $0.key < $1.key }) {
      if let image = store.prepared(definition) {
        images[name] = image
      } else if fetching {
        do {
          images[name] = try await store.prepare(definition) { progress("image \(name): \($0)") }
        } catch let error as ImageError {
          throw LabHostError(.image, "\(error)")
        } catch let error as FileError {
          throw LabHostError(.image, "\(error)")
        }
      }
    }
    return images
  }

  /// The firmware descriptors of this machine, as files.
  package static func firmwares() throws -> [FirmwareDescriptorFile] {
    try FirmwareDescriptorFile.directories.flatMap { folder in
      try Files.names(in: folder).filter { $0.hasSuffix(".json") }.map { name in
        let path = "\(folder)/\(name)"
        return FirmwareDescriptorFile(
          path: path, text: String(decoding: try Files.read(path), as: UTF8.self))
      }
    }
  }
}
