import PXEWire

/// Windows Deployment Services or Configuration Manager has nothing to boot for the machine, or waits
/// for an administrator.
struct WindowsDeployment: DiagnosisRule {
  let id = "PXL070"
  let stage = FaultStage.program
  let fields: [CauseField] = [.bootFile]
  let consequences: Consequences = .laterAttempts(and: [
    "PXL009", "PXL013", "PXL020", "PXL028", "PXL033", "PXL069",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let found =
      aborts(trace, evidence) ?? waits(trace, evidence) ?? asksAgain(trace, evidence)
    return found.map { [$0] } ?? []
  }

  private static func baseName(_ path: String) -> String {
    path.split { $0 == "/" || $0 == "\\" }.last.map { $0.lowercased() } ?? ""
  }

  /// The machine is told to end, or to load the program that only ends.
  private func aborts(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    let isAbort = { (name: String) in Self.baseName(name).hasPrefix("abortpxe") }
    let replies = trace.exchanges.flatMap { $0.offers + $0.acks }.filter {
      $0.bootFile.map(isAbort) == true || $0.deployment?.nextAction == .abort
    }
    let loads = trace.transfers.filter { isAbort($0.file) }
    let times = replies.map(\.time) + loads.map(\.lastProgress)
    guard let last = times.max(), !evidence.overcame(.run, after: last) else { return nil }
    let server =
      replies.last.map { "\($0.server)" } ?? loads.last.map { "\($0.server)" } ?? "the server"
    let file =
      replies.compactMap(\.bootFile).last(where: isAbort) ?? loads.last?.file
    return Finding(
      id, evidence.severity(), mac: trace.mac,
      title: "Windows Deployment Services at \(server) has nothing to boot for \(trace.mac) and "
        + (file.map { "gives it \($0), which ends the network boot." }
          ?? "tells it to end the network boot."),
      evidence: replies.suffix(3).map { $0.item("answer") }
        + loads.suffix(2).map { EvidenceItem("TFTP request for \($0.file)", [$0.packet]) },
      fix: "Deploy a task sequence or boot image to this machine or to unknown machines, and in "
        + "Configuration Manager clear its last required PXE deployment; if it is to boot from its disk, "
        + "put the disk first in its boot order.")
  }

  /// The server's words say that an administrator has to approve.
  private func waits(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    let replies = trace.exchanges.flatMap { $0.offers + $0.acks }.filter { reply in
      if let deployment = reply.deployment, deployment.nextAction == .approval, !deployment.isDone {
        return true
      }
      return reply.words.contains(where: \.speaksOfApproval)
    }
    // What waits for the approval is a program too, which is loaded first.
    let loads = (evidence.progress?.loads ?? []).filter {
      Self.baseName($0.file) != "wdsnbp.com" && !TFTPTransfer.isOptional($0.file)
    }
    guard let last = replies.last, !loads.contains(where: { $0.ended > last.time }) else {
      return nil
    }
    var details = last.words.map { "\"\($0)\"" }
    if let number = last.deployment?.requestID { details.insert("request \(number)", at: 0) }
    let detail = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
    return Finding(
      id, evidence.severity(), mac: trace.mac,
      title: "Windows Deployment Services at \(last.server) lets \(trace.mac) wait for an "
        + "administrator's approval\(detail): it is pending.",
      evidence: replies.suffix(4).map { $0.item("answer") }, fix: Self.approval)
  }

  /// wdsnbp.com was loaded and asks the server again and again for what comes next.
  private func asksAgain(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    guard
      let load = trace.transfers.last(where: {
        $0.isWhole && Self.baseName($0.file) == "wdsnbp.com"
      }), !evidence.overcame(.load, after: load.lastProgress)
    else { return nil }
    let questions = trace.exchanges.filter(\.isBootServerDiscovery).flatMap(\.clientMessages)
      .map(\.packet).filter { $0.time > load.lastProgress }
    guard let first = questions.first, let last = questions.last,
      last.time.seconds(since: first.time) > 5, questions.count > 2
    else { return nil }
    return Finding(
      id, evidence.severity(), mac: trace.mac,
      title:
        "\(load.file) asks Windows Deployment Services at \(load.server) again and again and is "
        + "given nothing to load: as a rule the approval of \(trace.mac) is pending.",
      evidence: [
        EvidenceItem("\(load.file) arrived whole", [load.packet]),
        EvidenceItem("\(questions.count) questions on port 4011 after it", questions),
      ], fix: Self.approval)
  }

  private static let approval =
    "Approve the machine under Pending Devices, or let the server answer unknown machines without "
    + "approval (WDS: properties, PXE Response)."
}

extension DHCPExchange.Reply {
  /// The texts in it that are for people.
  fileprivate var words: [String] {
    let texts = [message, menuPrompt, deployment?.message].compactMap { $0 }.filter { !$0.isEmpty }
    return texts.contains(where: \.speaksOfApproval) ? texts : texts + [notice].compactMap { $0 }
  }
}
