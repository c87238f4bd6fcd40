import Execution
import ExternalCommand

/// The host's links and network namespaces, which no lab may touch.
struct HostNetwork: Equatable, Sendable {
  var links: Set<String>
  var namespaces: Set<String>

  static func current() async throws -> HostNetwork {
    let runner = SubprocessRunner()
    let links = try await runner.run(Command("ip", ["-oneline", "link", "show"]))
    let namespaces = try await runner.run(Command("ip", ["netns", "list"]))
    return HostNetwork(
      links: Set(
        links.split(separator: "\n").compactMap {
          $0.split(separator: " ").dropFirst().first.map(String.init)
        }),
      namespaces: Set(namespaces.split(separator: "\n").map(String.init)))
  }
}
