import Addresses
import PXEWire

/// The boot server's address, or the router's on the way to it, has no owner on the client's VLAN.
struct UnansweredARP: DiagnosisRule {
  let id = "PXL006"
  let stage = FaultStage.server
  let fields: [CauseField] = [.serverCommand]
  let consequences: Consequences = .laterAttempts(and: ["PXL008", "PXL028", "PXL038", "PXL040"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return overIPv4(trace, evidence) + overIPv6(trace, evidence)
  }

  private func overIPv4(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding] {
    let routers = Set(
      trace.exchanges.flatMap { $0.acks + $0.offers }.flatMap(\.routers))
    return trace.unansweredARP.compactMap { request in
      let address = IPAddress.v4(request.address)
      let isRouter = routers.contains(request.address)
      // Replies go to the client alone: where no such frame was captured, only who insists has none.
      let enough = trace.framesReceived > 0 ? 2 : 3
      guard request.count >= enough, trace.bootServers.contains(address) || isRouter,
        // Whoever talks to it has its address, also where the capture lacks the reply.
        !trace.transfers.contains(where: { $0.server == address && $0.started > request.since }),
        !trace.httpTransfers.contains(where: {
          $0.server == address && $0.started > request.since && $0.state != .connecting
        }), !evidence.overcame(.load, after: request.since)
      else { return nil }
      let packet = PacketReference(frame: request.frame, time: request.since)
      return Finding(
        id, evidence.severity(absence: true), mac: trace.mac,
        title:
          "The \(isRouter ? "router" : "boot server") \(request.address) does not answer ARP "
          + "\(place(request.vlan)).",
        evidence: [
          EvidenceItem(
            "\(request.count) ARP requests for \(request.address) without a reply", [packet])
        ] + evidence.firmwareMessages,
        fix: isRouter
          ? "Correct the router that DHCP gives (option 3), or connect it to this network."
          : "Check the server's address, and the next server (siaddr) that DHCP gives.")
    }
  }

  private func overIPv6(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding] {
    trace.unansweredNeighbors.compactMap { request in
      let address = IPAddress.v6(request.address)
      guard request.count > 1, trace.bootServers.contains(address),
        !evidence.overcame(.request, after: request.since)
      else { return nil }
      let packet = PacketReference(frame: request.frame, time: request.since)
      return Finding(
        id, evidence.severity(absence: true), mac: trace.mac,
        title: "The boot server \(request.address) does not answer neighbour solicitations "
          + "\(place(request.vlan)).",
        evidence: [
          EvidenceItem("\(request.count) neighbour solicitations without a reply", [packet])
        ], fix: "Check the server's address, and the boot file URL that DHCPv6 gives.")
    }
  }
}
