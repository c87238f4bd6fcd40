import ArgumentParser
import DomainConversion
import DomainXML
import DryLab
import Kinds
import KubeVirt
import LabHost
import LabManifest
import Objects
import Planning

/// `pxelab render`.
struct Render: AsyncParsableCommand {
  /// Whose domain it is.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case lab
    case kubevirt
  }

  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Print the libvirt domain XML of a machine.",
    discussion: """
      With --as kubevirt it is what KubeVirt's converter makes of the manifest, which needs nothing \
      of this machine; otherwise what `up` gives libvirt.
      """)

  @Argument(help: "The lab's folder, one file with all its manifests, or - for standard input.")
  var path: String = "."

  @Option(name: .long, help: "The machine; may be left out where there is one.")
  var vm: String?

  @Option(name: .customLong("as"), help: "The XML as the lab has it, or as a cluster would.")
  var form: Form = .lab

  @Flag(
    name: .long,
    help: "Write beside each element, as a comment, which field, setting or default it is from.")
  var explain = false

  @Option(
    name: .shortAndLong,
    help: "The namespace of objects that name none, as kubectl's; with --as kubevirt.")
  var namespace: String?

  @OptionGroup var cluster: ClusterOptions

  func run() async throws {
    let paths = try ManifestPaths([path], recursive: false)
    let group = paths.folders.first ?? paths.files
    switch form {
    case .kubevirt: try write(clusterDomain(of: group, found: paths.found))
    case .lab: try write(await labDomain(of: group))
    }
  }

  private func write(_ domain: XMLElement) throws {
    try Output.write(domain.xml(explained: explain))
  }

  /// The domain as a cluster has it.
  private func clusterDomain(
    of group: ManifestPaths.Group, found: Set<String>
  ) throws -> XMLElement {
    try refuse(
      ManifestValidation(
        files: group.files, folderName: group.folderName, found: found,
        options: .init(cluster: cluster.settings, namespace: namespace)
      ).problems)
    let foreign = ForeignFile.among(group.files.filter { found.contains($0.path) })
    let documents = group.files.flatMap { file -> [ManifestDocument] in
      if foreign[file.path] != nil { return [] }
      let text = String(decoding: file.bytes, as: UTF8.self)
      return ManifestFile(path: file.path, text: text).documents.map { document in
        namespace.map(document.requested) ?? document
      }
    }
    let log = ProblemLog(object: "")
    let settings = documents.lazy.compactMap { ClusterSettings($0, log: log) }.first
    var instancetypes = Instancetypes()
    for document in documents { instancetypes.add(document) }
    let machines = documents.filter(Machine.accepts).compactMap { document in
      MachineObject(
        document, cluster: settings ?? cluster.settings, instancetypes: instancetypes)
    }
    let machine = machines[try choose(among: machines.map(\.key.name))]
    if let missing = machine.missingSizing.first {
      throw Failure(
        .manifests,
        "\(machine.document.location(of: missing.field)): \(missing.field): \(missing.name) is not in"
          + " these manifests, and without it there is no domain; add its manifest")
    }
    return DomainConverter(
      machine, identity: .stable(lab: machine.key.namespace, machine: machine.key.name)
    ).domain()
  }

  /// The domain as `up` would define it.
  private func labDomain(of group: ManifestPaths.Group) async throws -> XMLElement {
    var files = group.files.map { file in
      ManifestFolder.File(
        path: file.path, text: String(decoding: file.bytes, as: UTF8.self))
    }
    var input = LabInput(files: files.map { ($0.path, $0.text) }, folderName: group.folderName)
    if input.clusterLocation == nil, let manifest = cluster.manifest {
      files.append(manifest)
      input = LabInput(files: files.map { ($0.path, $0.text) }, folderName: group.folderName)
    }
    try refuse(input.problems)
    let machine = input.machineObjects[try choose(among: input.machines.titles)].key
    let lab = try await Preparation(folders: try Folders.current()).lab(
      input, ManifestFolder.Spec(path: LabFolder.folder(of: path), files: files), fetching: false
    ).dry
    return try lab.domain(of: machine)
  }

  /// Prints problems; throws where a manifest is refused.
  private func refuse(_ problems: [Problem]) throws {
    for problem in problems { complain("\(problem)") }
    let count = problems.count { $0.severity == .error }
    guard count > 0 else { return }
    throw Failure(
      .manifests, "\(path): refused for \(count == 1 ? "this error" : "these \(count) errors")")
  }

  /// The index of the machine that is asked for.
  private func choose(among names: [String]) throws -> Int {
    guard !names.isEmpty else {
      throw Failure(
        .manifests, "\(path): no VirtualMachine or VirtualMachineInstance is in these manifests")
    }
    let list = names.joined(separator: ", ")
    guard let vm else {
      guard names.count == 1 else {
        throw Failure(.usage, "\(path) has several machines: name one with --vm: \(list)")
      }
      return 0
    }
    let found = names.indices.filter { names[$0] == vm }
    switch found.count {
    case 1: return found[0]
    case 0: throw Failure(.usage, "no machine \(vm.debugDescription) in \(path); it has \(list)")
    default:
      throw Failure(.usage, "\(found.count) machines in \(path) are named \(vm.debugDescription)")
    }
  }
}
