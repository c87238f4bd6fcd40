import Execution
import ExternalCommand
import FoundationEssentials
import Planning

extension String {
  fileprivate var firstLine: Substring { prefix { $0 != "\n" } }
}

/// Finds out which engine this machine can run, in a throwaway network namespace.
package struct EngineProbe: Sendable {
  private let runner: any CommandRunner

  /// A probe.
  package init(runner: any CommandRunner) {
    self.runner = runner
  }

  /// The engine to use: the asked one, else the Linux bridge where the kernel filters VLANs.
  ///
  /// A kernel without CONFIG_BRIDGE_VLAN_FILTERING accepts `vlan_filtering 1` and ignores it, so
  /// the bridge is asked what it has.
  ///
  /// - Parameter asRoot: whether the caller is root, who needs no user namespace for this.
  package func engine(asked: DataplaneEngine?, asRoot: Bool) async throws -> Reasoned<
    DataplaneEngine
  > {
    if let asked { return Reasoned(asked, because: "asked for") }
    let namespaces = asRoot ? ["--net"] : ["--user", "--map-root-user", "--net"]
    let command = Command(
      "unshare", namespaces + ["ip", "-details", "-json", "-batch", "-"],
      input: "link add name pxelab type bridge vlan_filtering 1\nlink show dev pxelab\n")
    do {
      return try Self.choice(from: try await runner.run(command))
    } catch let error as CommandError {
      guard case .failed(_, _, let output) = error, !output.contains("unshare") else { throw error }
      return Reasoned(
        .openVSwitch, because: "this kernel makes no bridge that filters VLANs: \(output.firstLine)"
      )
    }
  }

  static func choice(from json: String) throws(PortTableError) -> Reasoned<DataplaneEngine> {
    struct Link: Decodable {
      struct Info: Decodable {
        struct Bridge: Decodable {
          var vlanFiltering: Int?
        }
        var infoData: Bridge?
      }
      var linkinfo: Info?
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let links: [Link]
    do {
      links = try decoder.decode([Link].self, from: Data(json.utf8))
    } catch {
      throw PortTableError(description: "`ip -json link show` printed something else: \(error)")
    }
    if links.first?.linkinfo?.infoData?.vlanFiltering == 1 {
      return Reasoned(.linuxBridge, because: "this kernel's bridge filters VLANs")
    }
    return Reasoned(.openVSwitch, because: "this kernel's bridge does not filter VLANs")
  }
}
