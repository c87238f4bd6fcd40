import Addresses
import PXEWire

/// Requests to the boot server do not reach it: a router or the server says so, or it is on another
/// network and silent.
struct NextServerUnreachable: DiagnosisRule {
  let id = "PXL028"
  let stage = FaultStage.server
  let consequences: Consequences = .laterAttempts(and: ["PXL008", "PXL038"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    if let finding = withoutRouter(trace, evidence) { return [finding] }
    let silent = trace.transfers.filter { $0.isUnanswered }
    guard let transfer = silent.last, !evidence.overcame(.load, after: transfer.started) else {
      return []
    }
    let failures = trace.deliveryFailures.filter {
      $0.destination == transfer.server && !$0.isFromClient
    }
    if let failure = failures.last {
      let isPort = failure.meaning.contains("port unreachable")
      return [
        Finding(
          id, evidence.severity(), mac: trace.mac,
          title: isPort
            ? "No TFTP server runs on \(transfer.server): it says \(failure.meaning)."
            : "The boot server \(transfer.server) cannot be reached: \(failure.reporter) says "
              + "\(failure.meaning).",
          evidence: failures.prefix(4).map {
            EvidenceItem("ICMP from \($0.reporter): \($0.meaning)", [$0.packet])
          } + [requests(silent, transfer)] + evidence.firmwareMessages,
          fix: isPort
            ? "Start the TFTP server on \(transfer.server) (UDP port 69), or correct the next server "
              + "(siaddr) that DHCP gives; without one the client asks the DHCP server itself."
            : "Correct the next server (siaddr) that DHCP gives, or the route and filters on the "
              + "way to \(transfer.server).")
      ]
    }
    guard let network = otherNetwork(of: transfer, trace),
      silent.contains(where: { $0.repeatedRequests > 0 })
    else { return [] }
    return [
      Finding(
        id, evidence.severity(absence: true), mac: trace.mac,
        title: "The boot server \(transfer.server) is on another network and does not answer.",
        evidence: [requests(silent, transfer), EvidenceItem(network)] + evidence.firmwareMessages,
        fix: "Correct the next server (siaddr) that DHCP gives, or route between the networks both "
          + "ways: the router (option 3) must know the server, and the server the client's network."
      )
    ]
  }

  /// The boot server is on another network, DHCP names no router, and the client does not even ask.
  private func withoutRouter(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    guard
      let exchange = trace.exchanges.last(where: { $0.agent.wantsBootFile && !$0.acks.isEmpty }),
      let reply = exchange.acks.last(where: { $0.address != nil }), reply.bootFile != nil,
      let client = reply.address, let mask = reply.subnetMask, reply.routers.isEmpty,
      reply.bootServer.rawValue & mask.rawValue != client.rawValue & mask.rawValue,
      evidence.seconds(after: reply.time) >= 2,
      !evidence.overcame(.request, after: reply.time)
    else { return nil }
    return Finding(
      id, evidence.severity(absence: true), mac: trace.mac,
      title: "The boot server \(reply.bootServer) is on another network than \(client), and DHCP "
        + "gives no router to reach it by.",
      evidence: [
        reply.item("ACK"), EvidenceItem("netmask \(mask), no option 3", [reply.packet]),
      ] + evidence.firmwareMessages,
      fix:
        "Let the server give a router (option 3), correct the netmask (option 1), or put the boot "
        + "server into the client's network.")
  }

  private func requests(_ silent: [TFTPTransfer], _ transfer: TFTPTransfer) -> EvidenceItem {
    let count = silent.reduce(0) { $0 + 1 + $1.repeatedRequests }
    return EvidenceItem(
      "\(count) TFTP requests for \(transfer.file) to \(transfer.server), no reply",
      silent.map(\.packet))
  }

  /// What shows that the server is not on the client's network; `nil` when it is, or may be.
  private func otherNetwork(of transfer: TFTPTransfer, _ trace: ClientTrace) -> String? {
    guard let server = transfer.server.v4, let client = transfer.client.v4,
      let mask = trace.exchanges.flatMap(\.acks).last(where: { $0.address == client })?.subnetMask,
      server.rawValue & mask.rawValue != client.rawValue & mask.rawValue
    else { return nil }
    return "the client is \(client), its netmask \(mask)"
  }
}

extension TFTPTransfer {
  /// Whether the server sent nothing, and the client nothing that shows that it heard more than the
  /// capture does.
  var isUnanswered: Bool {
    state == .requested && blocks == 0 && serverPort == nil && acknowledgedBlocks == 0
      && !answeredOptions && acknowledgments == 0
  }
}
