import ArgumentParser
import NetworkAttachment

extension CNIPluginsVersion: ExpressibleByArgument {
  /// The releases, for messages and completions.
  package static var allValueStrings: [String] { released.map(\.description) }
}

/// The option of commands that stand for nodes with one release of the CNI plugins.
struct CNIPluginsOption: ParsableArguments {
  @Option(
    name: .customLong("cni-plugins"),
    help: ArgumentHelp(
      "The release of the CNI plugins that nodes have (default: lab.yaml's, or \(CNIPluginsVersion.newest)).",
      valueName: "version"))
  var version: CNIPluginsVersion?
}
