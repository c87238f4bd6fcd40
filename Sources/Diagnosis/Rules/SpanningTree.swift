import Addresses
import PXEWire

/// The bridge speaks the spanning tree protocol, so that a new port forwards nothing at first.
struct SpanningTree: DiagnosisRule {
  let id = "PXL060"
  let stage = FaultStage.system
  let fields: [CauseField] = [.spanningTree]
  let consequences: Consequences = [
    "PXL002", "PXL003", "PXL041",
  ]

  /// Seconds between the firmware's words and its first frame that are no one's fault.
  private static let usual = 3.0

  func findings(in evidence: Evidence) -> [Finding] {
    guard let bridge = evidence.host?.bridge(of: evidence.mac), let delay = bridge.forwardDelay
    else { return [] }
    let uplink = evidence.host?.uplink
    let began = evidence.console(.startPXE, .startHTTP).first?.time
    let first = evidence.trace?.exchanges.first { $0.discovers > 0 }?.started
    let waited = began.flatMap { began in first.map { $0.seconds(since: began) } }
    let isLate = waited.map { $0 > Self.usual } ?? (first == nil)
    guard isLate else { return [] }
    let evidenceOfDelay =
      waited.map {
        "the firmware asked from its start of PXE on, and the first DISCOVER crossed the bridge "
          + "\(Quantity.seconds($0)) later"
      } ?? "no DISCOVER crossed the bridge"
    return [
      Finding(
        id, evidence.trace?.leased == nil ? .error : .warning, mac: evidence.mac,
        title: "The bridge \(bridge.name)"
          + (uplink.map {
            " of \($0.node) has STP on: the machine's port and the uplink forward nothing for their first "
          } ?? " has STP on: the machine's port forwarded nothing for ")
          + "\(2 * delay) s, and its first DISCOVERs were lost.",
        evidence: [
          EvidenceItem(
            "STP is on, with a forward delay of \(delay) s for listening and as much for learning",
            place: evidence.place(.spanningTree)), EvidenceItem(evidenceOfDelay),
        ] + evidence.pathEvidence(),
        fix: "Switch STP off on the node's bridge (stp: enabled: false in the "
          + "NodeNetworkConfigurationPolicy), or lower its forward-delay to 2; on a switch, make the "
          + "port an edge port (PortFast).")
    ]
  }
}
