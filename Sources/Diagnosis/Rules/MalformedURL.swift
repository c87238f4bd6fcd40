import Addresses
import PXEWire

/// The boot file's URL cannot be read, or is none where only a URL will do.
struct MalformedURL: DiagnosisRule {
  let id = "PXL067"
  let stage = FaultStage.lease
  let fields: [CauseField] = [.bootFile]
  let isLaterAttempt = true
  let consequences: Consequences = .laterAttempts(and: [
    "PXL006", "PXL007", "PXL022", "PXL028", "PXL037", "PXL038", "PXL040", "PXL043",
  ])

  /// A URL that was given, and what is wrong with it.
  private struct Given {
    let agent: BootAgent
    let url: String
    let fault: BootURL.Fault
    let server: String
    let packet: PacketReference
  }

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let given = (Self.overIPv4(trace) + Self.overIPv6(trace))
      .filter { !evidence.overcame(.request, after: $0.packet.time) }
      .sorted { $0.packet.time < $1.packet.time }
    guard let first = given.first, let last = given.last, evidence.hadTime(after: first.packet.time)
    else { return [] }
    let packets = given.filter { $0.url == last.url }.map(\.packet)
    return [
      Finding(
        id, evidence.severity(by: last.agent), mac: trace.mac,
        title: "The boot file URL \(last.url) that \(last.server) gives \(trace.mac) "
          + last.fault.words + (last.fault.correction.map { ": \($0)." } ?? "."),
        evidence: [EvidenceItem("\(last.url) from \(last.server)", packets)]
          + evidence.firmwareMessages,
        fix: (last.fault.correction.map { "Let the server give \($0); a " }
          ?? "Correct it on the server: a ")
          + "URL is scheme://HOST/FILE with tftp for PXE over IPv6 and http or https for HTTP boot, and an "
          + "IPv6 address stands in brackets in it.")
    ]
  }

  private static func overIPv4(_ trace: ClientTrace) -> [Given] {
    trace.exchanges.filter(\.agent.wantsBootFile).flatMap { exchange in
      (exchange.heardOffers + exchange.acks).compactMap { reply in
        guard let url = reply.bootFile, let fault = BootURL(url)?.fault else { return nil }
        return Given(
          agent: exchange.agent, url: url, fault: fault, server: "\(reply.server)",
          packet: reply.packet)
      }
    }
  }

  private static func overIPv6(_ trace: ClientTrace) -> [Given] {
    trace.exchangesV6.filter(\.agent.wantsBootFile).flatMap { exchange in
      (exchange.advertises + exchange.replies).compactMap { reply in
        guard let url = reply.bootFileURL else { return nil }
        let fault = Self.faultOverIPv6(url, exchange.agent, reply)
        return fault.map {
          Given(
            agent: exchange.agent, url: url, fault: $0, server: "\(reply.source)",
            packet: reply.packet)
        }
      }
    }
  }

  /// What is wrong with option 59 of a DHCPv6 server.
  private static func faultOverIPv6(
    _ url: String, _ agent: BootAgent, _ reply: DHCPv6Exchange.Reply
  ) -> BootURL.Fault? {
    // iPXE reads more than a URL, and may have an IPv4 address besides.
    let isFirmware = agent == .firmware || agent == .httpFirmware
    guard let read = BootURL(url) else {
      // DHCPv6 has no field for a file's name (RFC 5970 section 3.1).
      guard agent == .firmware else { return nil }
      let name = url.drop { $0 == "/" }
      let correction =
        name.first == "["
        ? "tftp://\(name)" : name.contains(":") ? nil : "tftp://[\(reply.source)]/\(name)"
      return BootURL.Fault(words: "is no URL, which option 59 must be", correction: correction)
    }
    guard read.fault == nil, isFirmware, IPv4Address(read.host) != nil else { return read.fault }
    return BootURL.Fault(
      words: "names the IPv4 address \(read.host), which a client that boots over IPv6 cannot ask")
  }
}
