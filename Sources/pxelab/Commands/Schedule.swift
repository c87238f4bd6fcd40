import ArgumentParser
import KubeVirt
import LabHost
import LabManifest
import Objects
import Scheduling

extension Release: ExpressibleByArgument {
  /// A release by its name.
  public init?(argument: String) { self.init(argument) }

  /// `1.34`, `1.36`.
  public static var allValueStrings: [String] { known.map(\.description) }
}

/// `pxelab schedule`.
struct Schedule: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Say which node each machine gets on a cluster, or why none.",
    discussion: """
      Places machines and pods as kube-scheduler's default profile does, one after the other in the \
      order of the files, on the nodes that --nodes says: manifests, or what `kubectl get nodes -o \
      yaml` prints. Needs neither root nor a cluster. Exits with 1 when a machine gets no node.
      """)

  @Argument(help: "Files, folders, and - for standard input.")
  var paths: [String] = []

  @Option(name: .long, help: "A file or folder with the nodes.")
  var nodes: [String] = []

  @Option(name: .long, help: "A file or folder with pods that are there, and with namespaces.")
  var pods: [String] = []

  @Option(name: .long, help: "The release whose scheduler it is.")
  var kubernetes: Release = .v1_36

  @Flag(name: .long, help: "Say of each node why it is not for the machine, or its scores.")
  var explain = false

  @Option(
    name: .long, help: ArgumentHelp("Compute a file of recorded cases instead.", valueName: "file"))
  var oracle: [String] = []

  @Option(name: .shortAndLong, help: "The namespace of objects that name none, as kubectl's.")
  var namespace: String?

  @OptionGroup var cluster: ClusterOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    guard oracle.isEmpty else { return }
    guard !paths.isEmpty else {
      throw ValidationError("name files or folders with the machines, or - for standard input")
    }
    guard !nodes.isEmpty else {
      throw ValidationError(
        "say what nodes there are: --nodes FILE, a file with Node manifests or the output of"
          + " `kubectl get nodes -o yaml`")
    }
  }

  func run() throws {
    guard oracle.isEmpty else { return try compare() }
    let machines = try read(paths, checksMachines: true)
    let others = try read(nodes, checksMachines: false) + read(pods, checksMachines: false)
    let input = ScheduleInput(machines + others, cluster: cluster.settings)
    try refuse(input.problems)
    guard !input.subjects.isEmpty else {
      throw Failure(
        .manifests,
        "no VirtualMachine, VirtualMachineInstance or Pod without a node is in these manifests")
    }
    if let first = input.notes.first {
      let rest = input.notes.count - 1
      complain(
        "note: filled in as a kubelet, KubeVirt's node labeller and device plugins would: \(first)"
          + (rest == 0 ? "" : ", and the like for \(rest) more"))
    }
    let isJSON = format.format == .json
    let run = ScheduleRun(
      input, release: kubernetes, keepsPlacements: isJSON || explain)
    if isJSON {
      try Output.line(run.tree.json(.dense))
    } else {
      try Output.line(ScheduleText(run, isExplained: explain).text)
    }
    guard run.results.allSatisfy({ $0.node != nil }) else {
      throw ExitCode(ExitStatus.verdict.rawValue)
    }
  }

  /// The objects of files; problems are printed.
  private func read(_ names: [String], checksMachines: Bool) throws -> [ManifestDocument] {
    guard !names.isEmpty else { return [] }
    let paths = try ManifestPaths(names, recursive: false)
    let groups = [paths.files] + paths.folders
    var documents: [ManifestDocument] = []
    var problems: [Problem] = []
    for group in groups where !group.files.isEmpty {
      if checksMachines {
        problems +=
          ManifestValidation(
            files: group.files, folderName: group.folderName, found: paths.found,
            options: .init(cluster: cluster.settings, namespace: namespace)
          ).problems
      }
      let foreign = ForeignFile.among(
        group.files.filter { paths.found.contains($0.path) }.map { ($0.path, $0.bytes) })
      for file in group.files where foreign[file.path] == nil {
        for element in ManifestReader(path: file.path, bytes: file.bytes) {
          switch element {
          case .document(let document):
            documents.append(namespace.map(document.requested) ?? document)
          case .problem(let problem): if !checksMachines { problems.append(problem) }
          }
        }
      }
    }
    try refuse(problems)
    return documents
  }

  /// Prints problems; throws where there is an error.
  private func refuse(_ problems: [Problem]) throws {
    for problem in problems { complain("\(problem)") }
    let count = problems.count { $0.severity == .error }
    guard count > 0 else { return }
    throw Failure(
      .manifests, "refused for \(count == 1 ? "this error" : "these \(count) errors")")
  }

  /// Computes recorded cases and says how far they agree.
  private func compare() throws {
    let paths = try ManifestPaths(oracle, recursive: false)
    let files = paths.files.files + paths.folders.flatMap(\.files)
    var isEqual = true
    var trees: [ObjectNode] = []
    for file in files {
      let agreement = try agreement(of: file.path, file.bytes)
      isEqual = isEqual && agreement.differences.isEmpty
      if format.format == .json {
        trees.append(ScheduleText.tree(agreement, file: file.path))
      } else {
        try Output.line(ScheduleText.text(agreement, file: file.path))
      }
    }
    if format.format == .json { try Output.line(ObjectNode.sequence(trees).json(.dense)) }
    guard isEqual else { throw ExitCode(ExitStatus.verdict.rawValue) }
  }

  private func agreement(of path: String, _ bytes: [UInt8]) throws -> Recording.Agreement {
    let tree: ObjectNode
    do {
      tree = try ObjectNode(json: bytes)
    } catch {
      throw Failure(.manifests, "\(path): \(error)")
    }
    guard let recording = Recording(tree) else {
      throw Failure(
        .manifests, "\(path): no recorded cases: the file is {\"topic\": …, \"cases\": […]}")
    }
    return recording.agreement()
  }
}
