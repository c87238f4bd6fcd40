import Addresses
import Execution
import ExternalCommand
import Foundation
import NetworkAttachment
import Planning
import Testing

/// Debian has user-mode Linux and the plugins: there a missing one is a failure.
private var isExpected: Bool {
  let release = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
  return ExecutableSearch.current.path(of: "linux") != nil
    || release.split(separator: "\n").contains("ID=debian")
}

/// The reference plugin and our commands side by side, on a kernel whose bridge filters VLANs.
///
/// `PXELAB_CNI_PLUGINS` is the folder of another release, `PXELAB_CNI_VERSION` its version, and
/// `PXELAB_CNI_RECORD` a file that what the plugin did with all configurations is written to (see
/// Fixtures/README.md). `PXELAB_CNI_CONFIGS` is a file of other configurations, such as
/// `Tests/CNIBridgeTests/random-configs` writes.
@Suite(
  .enabled(
    if: isExpected, "this distribution has no user-mode Linux, whose bridge filters VLANs"))
struct DifferentialTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let folder = environment["PXELAB_CNI_PLUGINS"] ?? "/usr/lib/cni"
  private static let version = environment["PXELAB_CNI_VERSION"] ?? "1.1.1"
  private static let mac = "02:00:00:00:00:01"

  @Test(.timeLimit(.minutes(10))) func theLabMakesWhatThePluginMakes() async throws {
    try #require(
      FileManager.default.isExecutableFile(atPath: "\(Self.folder)/bridge"),
      "\(Self.folder)/bridge is missing: install package containernetworking-plugins")
    let plugins = try #require(CNIPluginsVersion(Self.version))
    let recording = Self.environment["PXELAB_CNI_RECORD"]
    let configurations =
      if let file = Self.environment["PXELAB_CNI_CONFIGS"] {
        try Configuration.all(in: URL(filePath: file))
      } else {
        try recording == nil ? Configuration.live() : Configuration.all()
      }
    let cases = FileManager.default.temporaryDirectory.appending(
      path: "pxelab-cni-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: cases) }
    var commanded = 0
    for configuration in configurations {
      let folder = cases.appending(path: configuration.name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(configuration.text.utf8).write(to: folder.appending(path: "config"))
      guard let commands = try commands(for: configuration, plugins) else { continue }
      try Data(commands.utf8).write(to: folder.appending(path: "commands"))
      commanded += 1
    }
    let transcript = try await SubprocessRunner().run(
      Command(
        "\(Self.repository)/Tests/UserModeLinux/run",
        [
          "--timeout", "540", "--share", cases.path, "--share", Self.folder,
          "\(Self.repository)/Tests/UserModeLinux/cni-add", Self.folder, cases.path,
        ]))
    let runs = Run.all(in: transcript)
    #expect(Set(runs.map(\.name)) == Set(configurations.map(\.name)))
    #expect(runs.count { $0.ours != nil } == commanded)
    for configuration in configurations {
      guard let run = runs.first(where: { $0.name == configuration.name }) else { continue }
      do {
        try compare(configuration, run, plugins)
      } catch {
        Issue.record("\(configuration.name): \(error): \(run)")
      }
    }
    if let file = recording {
      let lines = try configurations.compactMap { configuration in
        try runs.first { $0.name == configuration.name }
          .map { "\($0.name): \(try $0.summary)\n" }
      }
      try Data(lines.joined().utf8).write(to: URL(filePath: file))
    }
  }

  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL.path

  /// Our commands for a configuration that we accept.
  private func commands(
    for configuration: Configuration, _ plugins: CNIPluginsVersion
  ) throws -> String? {
    guard let review = configuration.review(plugins: plugins),
      !review.problems.contains(where: { $0.severity == .error }),
      let attachment = review.attachment
    else { return nil }
    let plan = try DataplanePlan(
      attachment, device: "tap0", mac: try #require(MACAddress(Self.mac)), directory: "/nowhere")
    return plan.setUp.map { $0.shellText + "\n" }.joined()
  }

  private func compare(
    _ configuration: Configuration, _ run: Run, _ plugins: CNIPluginsVersion
  ) throws {
    let name = configuration.name
    let errors =
      configuration.review(plugins: plugins)?.problems.filter { $0.severity == .error }
      .map(\.message) ?? []
    guard run.status == 0 else {
      let message = try run.message
      // Which IPAM plugins a node has, only the node knows; and the nf_tables of user-mode Linux
      // has no tables of IP, which ipMasq needs.
      let places = ["failed to find plugin ", "running [", "could not run nftables command"]
      if places.contains(where: message.hasPrefix) { return }
      #expect(errors.contains { $0.hasPrefix(message) }, "\(name): \(message), not \(errors)")
      return
    }
    #expect(errors.isEmpty, "\(name): the plugin accepts it")
    if case .bridge(let bridge)? = configuration.review(plugins: plugins)?.attachment?.config {
      #expect(
        try run.isContainerInterfaceUp == BridgeEffect(bridge).containerInterfaceUp, "\(name)")
    }
    guard let ours = run.ours, errors.isEmpty else { return }
    #expect(ours.status == 0, "\(name): \(ours.output)")
    guard ours.status == 0 else { return }
    let theirs = try #require(try run.state.observation, "\(name)")
    var made = try #require(try ours.state.observation, "\(name)")
    if case .bridge(let bridge)? = configuration.review(plugins: plugins)?.attachment?.config,
      bridge.deviceName != bridge.bridge
    {
      // A stand-in, because our batch files cannot carry the name.
      #expect(made.bridge == bridge.deviceName)
      made.bridge = theirs.bridge
    }
    #expect("\(made)" == "\(theirs)", "\(name)")
    #expect(try ours.state.natRules == run.state.natRules, "\(name)")
    #expect(try ours.state.node == run.state.node, "\(name)")
  }
}

/// What `cni-add` printed of one case.
private struct Run {
  /// What Linux had.
  struct State {
    var lines: [String: String] = [:]

    var observation: Observation? {
      get throws {
        guard let links = lines["links"], let vlans = lines["vlans"], let rules = lines["rules"]
        else { return nil }
        return try Observation(links: links, vlans: vlans, rules: rules)
      }
    }

    /// What the node itself has: addresses on the bridge and its VLANs, forwarding, masquerading.
    var node: [String] {
      get throws {
        let links = lines["links"] ?? "[]"
        return try Observation.addresses(in: links)
          + Observation.gateways(links: links, vlans: lines["vlans"] ?? "[]")
          + ["forwarding \(lines["forwarding"] ?? "")"]
          + Observation.masquerading(lines["rules"] ?? "")
      }
    }

    var natRules: [String] {
      get throws {
        Observation.natRules(
          lines["rules"] ?? "", port: try Observation.port(in: lines["links"] ?? "[]"))
      }
    }
  }

  var name: String
  var status = 0
  var answer = ""
  var state = State()
  var ours: (status: Int, output: String, state: State)?

  static func all(in transcript: String) -> [Run] {
    var runs: [Run] = []
    for line in transcript.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      let rest = parts.count > 1 ? parts[1] : ""
      if parts[0] == "case" {
        runs.append(Run(name: rest))
        continue
      }
      guard let last = runs.indices.last else { continue }
      let status = Int(rest.prefix { $0 != " " }) ?? -1
      let output = String(rest.drop { $0 != " " }.dropFirst())
      switch parts[0] {
      case "plugin":
        runs[last].status = status
        runs[last].answer = output
      case "ours": runs[last].ours = (status, output, State())
      case let word where runs[last].ours == nil: runs[last].state.lines[word] = rest
      case let word: runs[last].ours?.state.lines[word] = rest
      }
    }
    return runs
  }

  private struct Device: Decodable {
    var flags: [String]
  }

  /// Whether the plugin left the container's end up.
  var isContainerInterfaceUp: Bool {
    get throws {
      try JSONDecoder().decode([Device].self, from: Data((state.lines["guest"] ?? "").utf8))
        .contains { $0.flags.contains("UP") }
    }
  }

  private struct Answer: Decodable {
    var code: Int
    var msg: String
    var details: String?
  }

  private var error: Answer {
    get throws { try JSONDecoder().decode(Answer.self, from: Data(answer.utf8)) }
  }

  /// What the plugin said, with the details of an incompatible version.
  var message: String {
    get throws {
      let error = try error
      guard error.code == 1, let details = error.details else {
        // An address is printed with a pointer, which differs from run to run.
        return error.msg.replacing(
          /addr {Interface:0x[0-9a-f]+ Address:{IP:([^ ]+) Mask:[0-9a-f]+} Gateway:[^ ]+}/
        ) { "addr \($0.1)" }
      }
      return "\(error.msg): \(details)"
    }
  }

  /// The line of a recording.
  var summary: String {
    get throws {
      guard status == 0 else { return "refused \(try error.code) \(try message)" }
      return "accepted; \(try state.observation.map { "\($0)" } ?? "no port")"
    }
  }
}
