import Addresses
import PXEWire

/// A client asks for an address on a VLAN where no server answers.
struct UnansweredDiscover: DiagnosisRule {
  let id = "PXL003"
  let stage = FaultStage.discover
  let fields: [CauseField] = [.attachmentVLAN, .serverVLAN, .serverCommand]
  let isLaterAttempt = true
  let consequences: Consequences = ["PXL041"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let asked = trace.exchanges.filter {
      $0.discovers > 0 && $0.isUnanswered && $0.requests == 0 && !$0.isBootServerDiscovery
    }
    var vlans: [VLANID?] = []
    for exchange in asked where !vlans.contains(exchange.vlan) { vlans.append(exchange.vlan) }
    return vlans.compactMap { vlan in
      let exchanges = asked.filter { $0.vlan == vlan }
      guard let last = exchanges.max(by: { Self.end($0) < Self.end($1) }),
        !evidence.overcame(.lease, after: Self.end(last), by: last.agent)
      else { return nil }
      // A server that answers one of the firmware's ways to boot need not answer the others.
      let isFirmware = last.agent == .firmware || last.agent == .httpFirmware
      let isAnsweredElsewise = trace.exchanges.contains {
        isFirmware && $0.vlan == vlan && !$0.isUnanswered && !$0.isBootServerDiscovery
          && $0.agent.wantsBootFile
      }
      return finding(vlan, exchanges, last, isAnsweredElsewise, evidence)
    }
  }

  /// Whether a REQUEST follows a DISCOVER to which no OFFER was captured.
  private func takesUnseenOffer(_ exchange: DHCPExchange) -> Bool {
    guard exchange.isUnanswered, let asked = exchange.packets(of: "DISCOVER").first,
      let taken = exchange.packets(of: "REQUEST").last
    else { return false }
    return taken.time > asked.time
  }

  /// When the exchange's last DISCOVER was sent.
  static func end(_ exchange: DHCPExchange) -> Timestamp {
    exchange.lastDiscover ?? exchange.started
  }

  /// How long before or after the client asked something happened.
  private static func distance(
    _ time: Timestamp, from begin: Timestamp, to end: Timestamp
  ) -> String {
    time < begin
      ? "\(Quantity.seconds(begin.seconds(since: time))) before"
      : "only \(Quantity.seconds(time.seconds(since: end))) later"
  }

  private func finding(
    _ vlan: VLANID?, _ exchanges: [DHCPExchange], _ last: DHCPExchange,
    _ isAnsweredElsewise: Bool, _ evidence: Evidence
  ) -> Finding {
    let tunnel = evidence.segment.tunnel
    let place = words(vlan, tunnel)
    let begin = exchanges.map(\.started).min() ?? last.started
    let count = exchanges.reduce(0) { $0 + $1.discovers }
    let mac = evidence.mac
    let known =
      evidence.servers
      + evidence.segment.servers.filter { seen in
        !evidence.servers.contains {
          $0.address == seen.address && $0.vlan == seen.vlan && $0.tunnel == seen.tunnel
        }
      }
    let here = known.filter { $0.vlan == vlan && $0.tunnel == tunnel }
    let elsewhere = known.filter { $0.vlan != vlan || $0.tunnel != tunnel }
    var title = "DHCP DISCOVER was seen \(place) and no server answers there"
    var fix: String
    if let relay = last.relays.first {
      title = "The relay agent \(relay) passes the DISCOVER on and no server answers it"
    }
    if evidence.dropped > 0 {
      title = "DHCP DISCOVER was seen \(place) and no answer was captured"
      fix = "Packets were lost; run the lab again with less load on this machine."
    } else if let server = here.first, !server.field.isEmpty {
      fix =
        "Look at the log of the server \(server.address) of \(server.attachment) and at the VLAN "
        + "table of its port."
    } else if let grant = evidence.segment.activity.nearestGrant(
      beside: last, of: mac, from: begin, to: Self.end(last))
    {
      title +=
        "; the server \(grant.server) gives another client an address "
        + Self.distance(grant.time, from: begin, to: Self.end(last))
      fix =
        "Have the server run while the machines start; if it ran all the time, its log says why it "
        + "does not answer this one."
    } else if let server = elsewhere.first {
      let other = words(server.vlan, server.tunnel)
      title += "; the server \(server.address) is \(other)"
      fix =
        server.field.isEmpty
        ? "Put both on one \(server.tunnel == tunnel ? "VLAN" : "network"): the server answers \(other), the client asks \(place)."
        : "Put both on one VLAN: \(server.field) places the server of \(server.attachment) "
          + "\(other), the machine's attachment is \(place)."
    } else if !last.relays.isEmpty {
      fix =
        "The relay agent passes the question on: see that the DHCP server can be reached from it, "
        + "and has a range for the relay's subnet."
    } else {
      fix =
        "Serve DHCP on this network, or connect the machine to the server's VLAN: compare the "
        + "VLANs of both ports (vlan of the attachment, the switch port's native VLAN)."
    }
    let tree = spanningTree(on: vlan, from: begin, to: Self.end(last), evidence)
    if let tree, elsewhere.isEmpty {
      title +=
        "; a spanning tree runs there, whose ports forward nothing for "
        + Quantity.seconds(2 * tree.forwardDelay)
      fix +=
        " If the port had just come up, switch STP off on the node's bridge or make the switch's port "
        + "an edge port (PortFast)."
    }
    let isShort =
      // Whoever takes an OFFER that was not captured is answered elsewhere.
      evidence.trace?.exchanges.contains { $0.vlan == vlan && takesUnseenOffer($0) } == true
      // Whoever asks once only too, or the capture ends.
      || Self.end(last).seconds(since: begin) < 0.5
      // A server may ping for three seconds before it offers (dnsmasq).
      || evidence.seconds(after: begin) < 4
    let severity = evidence.severity(by: last.agent, absence: true)
    return Finding(
      id, isShort || isAnsweredElsewise ? .info : severity, mac: mac, title: title + ".",
      evidence: [
        EvidenceItem(
          "\(count) DISCOVER from \(mac) \(place), no OFFER",
          exchanges.flatMap { $0.packets(of: "DISCOVER") })
      ]
        + elsewhere.map { server in
          let other =
            (server.vlan.map { "VLAN \($0)" } ?? "no VLAN")
            + (server.tunnel.map { " inside \($0)" } ?? "")
          return server.field.isEmpty
            ? "server \(server.address) answers others: \(other)"
            : "server \(server.address) of \(server.attachment): \(other) (\(server.field))"
        }
        + [tree].compactMap { $0 }.map {
          EvidenceItem(
            "\($0.count) BPDUs, forward delay \(Quantity.seconds($0.forwardDelay))", [$0.packet])
        } + evidence.firmwareMessages,
      fix: fix)
  }

  /// The spanning tree that may have kept the port silent all the time that the client asked.
  private func spanningTree(
    on vlan: VLANID?, from begin: Timestamp, to end: Timestamp, _ evidence: Evidence
  ) -> SegmentTrace.SpanningTree? {
    evidence.segment.traces.lazy.filter { $0.vlan == vlan || $0.vlan == nil }
      .compactMap(\.spanningTree)
      .first { $0.forwardDelay > 2 && end.seconds(since: begin) <= 2 * $0.forwardDelay + 5 }
  }

  private func words(_ vlan: VLANID?, _ tunnel: String?) -> String {
    (vlan.map { "on VLAN \($0)" } ?? "untagged") + (tunnel.map { " inside \($0)" } ?? "")
  }
}
