import Addresses
import PXEWire

/// A server answers with another transaction ID than the client asked with, so that the client takes
/// the answer for another machine's.
struct WrongTransactionID: DiagnosisRule {
  let id = "PXL073"
  let stage = FaultStage.offer
  let fields: [CauseField] = [.serverCommand]
  let isLaterAttempt = true
  let consequences: Consequences = ["PXL003", "PXL027", "PXL036", "PXL041", "PXL044"]

  /// Seconds after a question within which an answer to it comes, with a server's ping before it.
  private static let patience = 4.0

  /// A question and an answer that go together but for the transaction ID.
  private struct Pair {
    let question: PacketReference
    let asked: UInt32
    let answer: PacketReference
    let answered: UInt32
    let server: String
  }

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return [
      overIPv4(trace, evidence) ?? ofConfirmation(trace, evidence), overIPv6(trace, evidence),
    ].compactMap { $0 }
  }

  private func overIPv4(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    let asked = trace.exchanges.filter { $0.discovers > 0 && !$0.isBootServerDiscovery }
    // A client that changes its ID with each question may get a late answer to an earlier one; whom
    // any answer fits has a server that does it right.
    guard let last = asked.last, asked.allSatisfy({ $0.isUnanswered && $0.requests == 0 })
    else { return nil }
    let questions = asked.flatMap { exchange in
      exchange.packets(of: "DISCOVER").map { (exchange, $0) }
    }
    let pairs = Self.pairs(questions, trace, \.heardOffers)
    return finding(pairs, questions.map(\.1), ("DISCOVER", "OFFER", 8), last.agent, evidence)
  }

  /// The OFFER is as it should be, and the ACK is not.
  private func ofConfirmation(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    let asked = trace.exchanges.filter { $0.requests > 0 && !$0.isBootServerDiscovery }
    guard let last = asked.last, asked.allSatisfy({ $0.acks.isEmpty && $0.naks.isEmpty })
    else { return nil }
    let questions = asked.flatMap { exchange in
      exchange.packets(of: "REQUEST").map { (exchange, $0) }
    }
    let pairs = Self.pairs(questions, trace) { $0.acks.filter { !$0.isToRelay } }
    return finding(pairs, questions.map(\.1), ("REQUEST", "ACK", 8), last.agent, evidence)
  }

  /// The questions, each with the answer to nobody's question that comes soon after it.
  private static func pairs(
    _ questions: [(DHCPExchange, PacketReference)], _ trace: ClientTrace,
    _ answers: (DHCPExchange) -> [DHCPExchange.Reply]
  ) -> [Pair] {
    trace.exchanges.filter { $0.clientMessages.isEmpty && !$0.isBootServerDiscovery }
      .flatMap { stray in answers(stray).map { (stray, $0) } }.prefix(Limits.facts)
      .compactMap { stray, answer in
        let question = questions.last { exchange, packet in
          exchange.vlan == stray.vlan && mayAnswer(answer.time, packet)
        }
        return question.map { exchange, packet in
          Pair(
            question: packet, asked: exchange.xid, answer: answer.packet, answered: stray.xid,
            server: "\(answer.server)")
        }
      }
  }

  private func overIPv6(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    let asked = trace.exchangesV6.filter { $0.solicits > 0 }
    guard let last = asked.last, asked.allSatisfy(\.isUnanswered) else { return nil }
    let questions = asked.flatMap { exchange in
      exchange.clientMessages.filter { $0.type == "SOLICIT" }.map { (exchange, $0.packet) }
    }
    let pairs = trace.exchangesV6.filter(\.clientMessages.isEmpty)
      .flatMap { stray in stray.advertises.filter { !$0.isToRelay }.map { (stray, $0) } }
      .compactMap { stray, advertise -> Pair? in
        let question = questions.last { exchange, packet in
          exchange.vlan == stray.vlan && Self.mayAnswer(advertise.time, packet)
        }
        return question.map { exchange, packet in
          Pair(
            question: packet, asked: exchange.transactionID, answer: advertise.packet,
            answered: stray.transactionID, server: "\(advertise.source)")
        }
      }
    return finding(pairs, questions.map(\.1), ("SOLICIT", "ADVERTISE", 6), last.agent, evidence)
  }

  private static func mayAnswer(_ time: Timestamp, _ question: PacketReference) -> Bool {
    (0...patience).contains(time.seconds(since: question.time))
  }

  private func finding(
    _ pairs: [Pair], _ questions: [PacketReference],
    _ words: (question: String, answer: String, digits: Int), _ agent: BootAgent,
    _ evidence: Evidence
  ) -> Finding? {
    guard let first = pairs.first, let last = pairs.last,
      // Whoever takes the answer asks no more.
      questions.contains(where: { $0.time.seconds(since: first.answer.time) > 0.5 }),
      !evidence.overcame(.lease, after: last.answer.time, by: agent)
    else { return nil }
    let (asked, answered) = (
      Self.hexadecimal(first.asked, words.digits), Self.hexadecimal(first.answered, words.digits)
    )
    return Finding(
      id, evidence.severity(by: agent), mac: evidence.mac,
      title: "The server \(first.server) answers the \(words.question) of \(evidence.mac) with the "
        + "transaction ID \(answered) instead of \(asked), so the client does not take its "
        + "\(words.answer).",
      evidence: [
        EvidenceItem("\(words.question) with the transaction ID \(asked)", [first.question]),
        EvidenceItem("\(words.answer) with the transaction ID \(answered)", [first.answer]),
        EvidenceItem(
          "\(pairs.count) answers with another ID than was asked with", pairs.map(\.answer)),
      ] + evidence.firmwareMessages,
      fix:
        "Repair or replace the server at \(first.server), or what changes its packets on their way: a "
        + "server copies the transaction ID out of the question (RFC 2131 section 4.3.1; RFC 8415 "
        + "section 16).")
  }

  /// `0x00000399`.
  private static func hexadecimal(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
