import Addresses
import PXEWire

/// The uplink of the machine's node takes shorter packets than the machine's interface, and a download
/// stalled.
struct SmallerUplinkMTU: DiagnosisRule {
  let id = "PXL107"
  let stage = FaultStage.transfer
  let fields: [CauseField] = [.uplinkMTU, .mtu]
  let consequences: Consequences = .laterAttempts(
    and: ["PXL008", "PXL028", "PXL031", "PXL032", "PXL038", "PXL039", "PXL086", "PXL099"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, let mtu = uplink.mtu, mtu < uplink.machineMTU,
      let trace = evidence.trace
    else { return [] }
    let files =
      trace.transfers.filter { !$0.isWhole && $0.blockSize + 32 > mtu && $0.state != .sizeOnly }
      .map { ($0.file, $0.blocks) }
      + trace.httpTransfers.filter { !$0.isWhole }.map { ($0.url, 0) }
    guard let stalled = files.last, !evidence.programArrived else { return [] }
    let sent = evidence.fabric?.trace?.transfers.last { $0.file == stalled.0 }?.blocks
    return [
      Finding(
        id, mac: evidence.mac,
        title:
          "The uplink of \(uplink.bridge) on \(uplink.node) has an MTU of \(mtu), the machine's "
          + "network \(uplink.machineMTU): longer packets are lost on the way, and \(stalled.0) does not "
          + "arrive.",
        evidence: [
          EvidenceItem(
            "the MTU of the uplink \(uplink.port?.name ?? "") is \(mtu)",
            place: evidence.place(.uplinkMTU))
        ]
          + (sent.map {
            [
              EvidenceItem(
                "\($0) blocks of \(stalled.0) were seen on the fabric, \(stalled.1) of them came to "
                  + "\(uplink.node)'s \(uplink.bridge)")
            ]
          } ?? []),
        fix: "Give the card of \(uplink.node) an MTU of \(uplink.machineMTU) in its "
          + "NodeNetworkConfigurationPolicy (and the switch's port), or the attachment an mtu of \(mtu)."
      )
    ]
  }
}
