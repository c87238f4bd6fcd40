/// The kernel hands bridged frames to the IP packet filter, and that drops what it forwards.
struct BridgeNetfilter: DiagnosisRule {
  let id = "PXL059"
  let stage = FaultStage.system
  let consequences: Consequences = [
    "PXL003", "PXL004", "PXL006", "PXL008", "PXL041", "PXL044",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let host = evidence.host, host.engine == "linux-bridge", let filter = host.bridgeFilter,
      filter.callsIPTables, filter.dropsForwarded, evidence.guest == nil,
      evidence.trace?.leased == nil
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title:
          "The node's packet filter drops what its bridge carries: bridge-nf-call-iptables is 1 "
          + "and the policy of FORWARD is DROP, as Docker and firewalld set it.",
        evidence: [
          "/proc/sys/net/bridge/bridge-nf-call-iptables: 1", "chain FORWARD: policy drop",
          "no lease for \(evidence.mac)",
        ],
        fix: "sysctl net.bridge.bridge-nf-call-iptables=0 (and -ip6tables), or let bridged frames "
          + "through: iptables -I FORWARD -m physdev --physdev-is-bridged -j ACCEPT.")
    ]
  }
}
