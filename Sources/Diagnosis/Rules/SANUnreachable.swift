import Addresses
import PXEWire

/// DHCP names a disk on a storage network as the root path, and the client does not get at it.
struct SANUnreachable: DiagnosisRule {
  let id = "PXL089"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL006", "PXL028", "PXL033"])
  /// Seconds after which a client that can use the root path has begun to.
  private static let patience: Double = 4

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    for exchange in trace.exchanges.reversed() {
      let replies = exchange.acks.isEmpty ? exchange.heardOffers : exchange.acks
      guard let reply = replies.last(where: { $0.sanPath != nil }), let path = reply.sanPath,
        !evidence.overcame(.load, after: reply.time)
      else { continue }
      let found =
        overISCSI(path, reply, exchange, trace, evidence)
        ?? overEthernet(path, reply, trace, evidence)
      return found.map { [$0] } ?? []
    }
    return []
  }

  private func overISCSI(
    _ path: SANPath, _ reply: DHCPExchange.Reply, _ exchange: DHCPExchange, _ trace: ClientTrace,
    _ evidence: Evidence
  ) -> Finding? {
    guard path.scheme == "iscsi" else { return nil }
    let sessions = trace.iscsiSessions.filter { $0.started > reply.time }
    guard let session = sessions.last else {
      guard !path.isComplete, exchange.agent == .ipxe,
        evidence.seconds(after: reply.time) >= Self.patience
      else { return nil }
      return finding(
        "The root path \(path.text) names no target: it is spelled "
          + "iscsi:SERVER:PROTOCOL:PORT:LUN:TARGET.", [], reply, evidence,
        fix: "Spell option 17 as RFC 4173 has it, with empty fields where the default is meant: "
          + "iscsi:192.0.2.1::::iqn.2026-01.example:disk1.")
    }
    guard !sessions.contains(where: \.isRead),
      let (title, fix) = Self.fault(session, path, trace, evidence)
    else { return nil }
    return finding(
      title,
      sessions.suffix(4).map { one in
        EvidenceItem(
          "\(one.connectionAttempts) SYN to \(one.server) port \(one.port), \(one.state.rawValue)"
            + (one.loginStatus.map { ", login status \($0.words)" } ?? ""),
          [one.packet, one.loginPacket].compactMap { $0 })
      }, reply, evidence, fix: fix)
  }

  /// What is wrong with a session, and what to change; `nil` for one that may go on.
  private static func fault(
    _ session: ISCSISession, _ path: SANPath, _ trace: ClientTrace, _ evidence: Evidence
  ) -> (title: String, fix: String)? {
    let server = "The iSCSI server \(session.server)"
    let start =
      "Start the iSCSI target on port \(session.port) of \(session.server) and open the port, or "
      + "correct the server in option 17."
    let silence = evidence.seconds(after: session.lastProgress)
    let target = session.target ?? path.target ?? "the target"
    if let status = session.loginStatus, status != .success {
      guard status.isFailure || silence >= patience else { return nil }
      return (
        "\(server) refuses the login to \(target): \(status.words).",
        status == .notFound
          ? "Correct the target's name in option 17, or make the target on the server; its "
            + "access list may hide it from this initiator too."
          : "Look at the target's access list and secrets (CHAP) for this initiator's name, and at "
            + "the server's log."
      )
    }
    switch session.state {
    case .refused:
      return ("\(server) refuses connections on port \(session.port).", start)
    case .connecting:
      guard session.connectionAttempts > 1, silence >= 1 else { return nil }
      return ("\(server) does not answer on port \(session.port).", start)
    case .requested where session.loginStatus == nil:
      guard trace.framesReceived > 0, silence >= 10 else { return nil }
      return (
        "\(server) does not answer the login to \(target).",
        "Look at the iSCSI server's log and load."
      )
    case .closed where session.loginStatus == nil && trace.framesReceived > 0:
      return (
        "The connection to the iSCSI server \(session.server) port \(session.port) ends before the "
          + "login to \(target).",
        "Look at the iSCSI server's log: as a rule no target listens there, or another protocol does."
      )
    default:
      return nil
    }
  }

  /// ATA over Ethernet has no addresses: who has the disk answers.
  private func overEthernet(
    _ path: SANPath, _ reply: DHCPExchange.Reply, _ trace: ClientTrace, _ evidence: Evidence
  ) -> Finding? {
    guard path.scheme == "aoe" || path.scheme == "fcoe", trace.storage.received == 0,
      trace.storage.sent > 2, let first = trace.storage.firstSent,
      evidence.seconds(after: first.time) >= Self.patience
    else { return nil }
    return finding(
      "No disk answers for the root path \(path.text).",
      [EvidenceItem("\(trace.storage.sent) frames that look for it, no answer", [first])], reply,
      evidence,
      fix:
        "Export the disk on this network (vblade and the like) with the shelf and slot of option "
        + "17, on the client's VLAN: these frames pass no router.")
  }

  private func finding(
    _ title: String, _ items: [EvidenceItem], _ reply: DHCPExchange.Reply, _ evidence: Evidence,
    fix: String
  ) -> Finding {
    Finding(
      id, evidence.severity(), mac: evidence.mac, title: title,
      evidence: items
        + [EvidenceItem("root path \(reply.rootPath ?? "") from \(reply.server)", [reply.packet])]
        + evidence.firmwareMessages, fix: fix)
  }
}
