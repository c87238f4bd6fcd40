import PXEWire

/// A client that boots by HTTP is given a file name where it needs a URL.
struct FileNameForHTTPClient: DiagnosisRule {
  let id = "PXL066"
  let stage = FaultStage.lease
  let fields: [CauseField] = [.bootFile]
  let isLaterAttempt = true
  let consequences: Consequences = .laterAttempts()

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return (overIPv4(trace, evidence) ?? overIPv6(trace, evidence)).map { [$0] } ?? []
  }

  private func overIPv4(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    for exchange in trace.exchanges.reversed() where exchange.agent == .httpFirmware {
      let replies = exchange.heardOffers + exchange.acks
      guard !replies.contains(where: { $0.bootFile?.isURL == true }),
        // Of a reply without this class the client does not read the file's name.
        let reply = replies.last(where: {
          $0.bootFile != nil && $0.vendorClass?.hasPrefix("HTTPClient") == true
        }), let file = reply.bootFile,
        evidence.hadTime(after: replies[0].time), !evidence.overcame(.request, after: reply.time)
      else { continue }
      return finding(
        file, from: "\(reply.server)", exchange.architecture,
        [reply.item(exchange.acks.contains(reply) ? "ACK" : "OFFER")], evidence)
    }
    return nil
  }

  private func overIPv6(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    for exchange in trace.exchangesV6.reversed() where exchange.agent == .httpFirmware {
      let replies = exchange.advertises + exchange.replies
      guard !replies.contains(where: { $0.bootFileURL?.isURL == true }),
        let reply = replies.last(where: { $0.bootFileURL != nil }), let file = reply.bootFileURL,
        evidence.hadTime(after: replies[0].time), !evidence.overcame(.request, after: reply.time)
      else { continue }
      return finding(
        file, from: "\(reply.source)", exchange.architecture,
        [EvidenceItem("option 59 is \(file), from \(reply.source)", [reply.packet])], evidence)
    }
    return nil
  }

  private func finding(
    _ file: String, from server: String, _ architecture: ClientArchitecture?,
    _ items: [EvidenceItem], _ evidence: Evidence
  ) -> Finding {
    let number = architecture.map { ", architecture \($0)" } ?? ""
    return Finding(
      id, evidence.severity(by: .httpFirmware), mac: evidence.mac,
      title:
        "\(evidence.mac) boots by HTTP, and the boot file \(file) that \(server) gives it is no "
        + "URL with http:// or https://.",
      evidence: items + [EvidenceItem("the client is an HTTPClient\(number)")]
        + evidence.firmwareMessages,
      fix:
        "Give clients of vendor class HTTPClient (architecture 15, 16, 18, 19) a URL as boot file, "
        + "http://ADDRESS/\(ClientTrace.path(ofURL: file)), and the file name to PXEClient alone.")
  }
}
