import ArgumentParser
import Diagnosis
import Kinds
import KubeVirt
import LabHost
import LabManifest
import Objects

/// `pxelab validate`.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Say all that a cluster refuses in manifests, with file, line and field.",
    discussion: """
      Checks VirtualMachines and VirtualMachineInstances as KubeVirt's webhooks do, the \
      configurations of NetworkAttachmentDefinitions as their plugins do, and a lab.yaml. Exits \
      with 1 when anything would be refused, with 0 when there are only warnings.
      """)

  @Argument(help: "Files, folders, and - for standard input.")
  var paths: [String]

  @Flag(name: [.customShort("R"), .long], help: "Look in the folders below each folder too.")
  var recursive = false

  @Flag(
    name: .long,
    help: "Take fields that the API does not know for errors, as kubectl's strict validation does.")
  var strict = false

  @Option(name: .shortAndLong, help: "The namespace of objects that name none, as kubectl's.")
  var namespace: String?

  @OptionGroup var cluster: ClusterOptions
  @OptionGroup var format: ProblemFormatOption

  func run() throws {
    let paths = try ManifestPaths(paths, recursive: recursive)
    // A folder with a lab.yaml is a lab of its own; all else may go to one cluster.
    let labs = paths.folders.filter { ManifestValidation.holdsLab($0.files) }
    var rest = paths.files
    for folder in paths.folders where !ManifestValidation.holdsLab(folder.files) {
      if rest.files.isEmpty { rest.folderName = folder.folderName }
      rest.files += folder.files
    }
    var problems: [Problem] = []
    var checked: Set<String> = []
    let options = ManifestValidation.Options(
      cluster: cluster.settings, namespace: namespace, isStrict: strict)
    for group in [rest] + labs where !group.files.isEmpty {
      let validation = ManifestValidation(
        files: group.files, folderName: group.folderName, found: paths.found, options: options)
      problems += validation.problems
      checked.formUnion(validation.checkedFiles)
      note(validation)
    }
    let report = ProblemReport(problems: problems)
    try report.write(as: format.format)
    if format.format == .text { summarize(report, paths.paths, checked: checked) }
    guard report.accepted else { throw ExitCode(ExitStatus.verdict.rawValue) }
  }

  /// What is no problem, but should be known.
  private func note(_ validation: ManifestValidation) {
    for note in validation.notes { complain("\(note)") }
    for object in validation.skipped {
      complain(
        "\(object.location): note: skipped \(object.object): "
          + "this kind of \(object.apiVersion) is not checked")
    }
    if let location = validation.clusterLocation, !cluster.given.isEmpty {
      complain(
        "\(location): note: these settings count, and \(cluster.given.joined(separator: ", "))"
          + " not")
    }
  }

  private func summarize(
    _ report: ProblemReport, _ paths: Set<String>, checked: Set<String>
  ) {
    let summary = ValidationSummary(paths: paths, checked: checked, problems: report.problems)
    complain(summary.text + (report.counts.isEmpty ? "" : ": \(report.counts)"))
  }
}

/// Settings of the cluster, for manifests that come without its HyperConverged.
struct ClusterOptions: ParsableArguments {
  /// What becomes of changes to running machines.
  enum RolloutStrategy: String, ExpressibleByArgument, CaseIterable {
    case stage
    case liveUpdate = "live-update"
  }

  @Option(
    name: .customLong("cluster-cpu-model"),
    help: "The cluster's defaultCPUModel, where no HyperConverged says it.")
  var cpuModel: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The feature gates that are on, where no HyperConverged says it.", valueName: "gates"))
  var featureGates: FeatureGates?

  @Option(
    name: .long,
    help: "The rollout strategy, where no HyperConverged says it: stage or live-update.")
  var rolloutStrategy: RolloutStrategy?

  /// A list with commas.
  struct FeatureGates: ExpressibleByArgument {
    var names: Set<String>

    init?(argument: String) {
      let names = argument.split(separator: ",").map(\.trimmingSpaces)
      guard !names.isEmpty, !names.contains("") else { return nil }
      self.names = Set(names)
    }
  }

  /// The settings; KubeVirt's defaults where nothing is given.
  var settings: ClusterSettings {
    ClusterSettings(
      defaultCPUModel: cpuModel, featureGates: featureGates?.names ?? [],
      liveUpdate: rolloutStrategy != .stage)
  }

  /// The options that were given.
  var given: [String] {
    [
      cpuModel.map { _ in "--cluster-cpu-model" }, featureGates.map { _ in "--feature-gates" },
      rolloutStrategy.map { _ in "--rollout-strategy" },
    ].compactMap { $0 }
  }

  /// The options as an object of a lab, where any is given: its KubeVirt.
  var manifest: ManifestFolder.File? {
    guard !given.isEmpty else { return nil }
    var configuration = ObjectNode.mapping()
    configuration["cpuModel"] = cpuModel.map { .text($0) }
    configuration["developerConfiguration", "featureGates"] = featureGates.map { gates in
      .sequence(gates.names.sorted().map { .text($0) })
    }
    configuration["vmRolloutStrategy"] = rolloutStrategy.map {
      .text($0 == .stage ? "Stage" : "LiveUpdate")
    }
    let object: ObjectNode = [
      "apiVersion": "kubevirt.io/v1", "kind": "KubeVirt",
      "metadata": ["name": "kubevirt", "namespace": "kubevirt"],
      "spec": ["configuration": configuration],
    ]
    return ManifestFolder.File(
      path: given.joined(separator: " "),
      text: String(decoding: object.canonicalJSON, as: UTF8.self))
  }
}
