import PXEWire

/// Option 52 says that a field holds options, and the field holds a name, which no client reads then.
struct OptionOverload: DiagnosisRule {
  let id = "PXL074"
  let stage = FaultStage.lease
  let fields: [CauseField] = [.bootFile]
  let isLaterAttempt = true
  let consequences: Consequences = .laterAttempts()

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    for exchange in trace.exchanges.reversed() where exchange.agent.wantsBootFile {
      let replies = exchange.heardOffers + exchange.acks
      guard
        let reply = replies.last(where: {
          $0.overloadedFileName != nil || $0.overloadedServerName != nil
        }), evidence.hadTime(after: replies[0].time),
        !evidence.overcame(.request, after: reply.time)
      else { continue }
      let (field, name) =
        reply.overloadedFileName.map { ("file", $0) }
        ?? ("sname", reply.overloadedServerName ?? "")
      return [
        Finding(
          id, evidence.severity(by: exchange.agent), mac: trace.mac,
          title:
            "Option 52 of \(reply.server) says that the \(field) field holds options, but it holds "
            + "the name \(name), which \(trace.mac) does not read so.",
          evidence: replies.suffix(3).map { $0.item(exchange.acks.contains($0) ? "ACK" : "OFFER") }
            + [
              EvidenceItem(
                "the \(field) field holds \"\(name)\", and option 52 (option overload) covers it",
                [reply.packet])
            ] + evidence.firmwareMessages,
          fix: "Take option 52 out of the server's answers, or give the name in option "
            + "\(field == "file" ? "67 (boot file name)" : "66 (TFTP server name)") and leave the field "
            + "to options (RFC 2132 section 9.3).")
      ]
    }
    return []
  }
}
