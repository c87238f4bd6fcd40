import Testing

@testable import Node

@Suite("The packet filter's hold on bridged frames")
struct BridgeFilterProbeTests {
  /// As nft 1.0.6 prints it.
  @Test(
    "a chain drops what is forwarded",
    arguments: [
      ("ip", "forward", "drop", true), ("inet", "forward", "drop", true),
      ("ip", "forward", "accept", false), ("ip", "input", "drop", false),
      ("bridge", "forward", "drop", false), ("ip6", "forward", "drop", false),
    ])
  func chains(_ family: String, _ hook: String, _ policy: String, _ drops: Bool) {
    let chains = """
      {"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5",
      "json_schema_version": 1}}, {"chain": {"family": "ip", "table": "x", "name": "plain",
      "handle": 1}}, {"chain": {"family": "\(family)", "table": "x", "name": "c", "handle": 2,
      "type": "filter", "hook": "\(hook)", "prio": 0, "policy": "\(policy)"}}]}
      """
    #expect(BridgeFilterProbe.dropsForwarded(chains: chains) == drops)
    #expect(!BridgeFilterProbe.dropsForwarded(chains: "table ip x"))
  }
}
