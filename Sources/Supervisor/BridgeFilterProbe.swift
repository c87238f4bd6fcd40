import Diagnosis
import Execution
import ExternalCommand
import FileSystem
import Foundation

/// Asks the kernel whether the IP packet filter of this network namespace sees bridged frames
/// (br_netfilter), and whether it drops what is forwarded.
struct BridgeFilterProbe: Sendable {
  let runner: any CommandRunner

  /// `nil` where the kernel has no such filter, or it cannot be asked.
  func filter() async -> HostReport.BridgeFilter? {
    let setting = "/proc/sys/net/bridge/bridge-nf-call-iptables"
    guard let text = try? Files.text(of: setting) else { return nil }
    guard
      let rules = try? await runner.run(Command("nft", ["--json", "list", "chains", "ip"])),
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(rules.utf8))
    else { return nil }
    return HostReport.BridgeFilter(
      callsIPTables: text.first == "1",
      dropsForwarded: answer.nftables.contains {
        $0.chain?.hook == "forward" && $0.chain?.policy == "drop"
      })
  }

  /// `nft --json list chains` (libnftables-json(5)).
  private struct Answer: Decodable {
    struct Item: Decodable {
      struct Chain: Decodable {
        var hook: String?
        var policy: String?
      }
      var chain: Chain?
    }
    var nftables: [Item]
  }
}
