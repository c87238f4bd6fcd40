import Diagnosis
import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials

/// Asks the kernel whether the IP packet filter of this network namespace sees bridged frames
/// (br_netfilter), and whether it drops what is forwarded.
struct BridgeFilterProbe: Sendable {
  let runner: any CommandRunner

  /// `nil` where the kernel has no such filter, or it cannot be asked.
  func filter() async -> HostReport.BridgeFilter? {
    let setting = "/proc/sys/net/bridge/bridge-nf-call-iptables"
    guard let text = try? Files.text(of: setting) else { return nil }
    guard let chains = try? await runner.run(Command("nft", ["--json", "list", "chains"])) else {
      return nil
    }
    return HostReport.BridgeFilter(
      callsIPTables: text.first == "1", dropsForwarded: Self.dropsForwarded(chains: chains))
  }

  /// Whether `nft --json list chains` has a chain that drops what is forwarded and nothing takes.
  static func dropsForwarded(chains: String) -> Bool {
    let answer = try? JSONDecoder().decode(Answer.self, from: Data(chains.utf8))
    return answer?.nftables.contains { $0.chain?.dropsForwarded == true } ?? false
  }

  /// `nft --json list chains` (libnftables-json(5)).
  private struct Answer: Decodable {
    struct Item: Decodable {
      struct Chain: Decodable {
        var family: String
        var hook: String?
        var policy: String?

        var dropsForwarded: Bool {
          ["ip", "inet"].contains(family) && hook == "forward" && policy == "drop"
        }
      }
      var chain: Chain?
    }
    var nftables: [Item]
  }
}
