import PXEWire

/// A client that looks for something to boot is given an address and no boot file.
struct NoBootFile: DiagnosisRule {
  let id = "PXL024"
  let stage = FaultStage.lease
  let isLaterAttempt = true
  let consequences: Consequences = ["PXL004"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return overIPv4(trace, evidence) ?? overIPv6(trace, evidence) ?? []
  }

  private func overIPv4(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    // Firmware that finds nothing by PXE tries HTTP, which nobody need have thought of.
    let isPXE = trace.exchanges.contains { $0.agent == .firmware }
    let answered = trace.exchanges.filter {
      $0.agent.wantsBootFile && !$0.isBootServerDiscovery && !($0.heardOffers + $0.acks).isEmpty
        && ($0.agent != .httpFirmware || !isPXE)
    }
    // What names a file, boot servers or a menu for one way to boot is meant for that one.
    guard !answered.contains(where: { $0.namesBoot }) || answered.last?.agent == .ipxe,
      let exchange = answered.last(where: { !$0.namesBoot }),
      !(answered.last?.namesBoot ?? false),
      let first = (exchange.heardOffers + exchange.acks).first,
      let reply = (exchange.heardOffers + exchange.acks).last,
      !evidence.overcame(.request, after: reply.time),
      exchange.repeatsDiscover(after: first.time)
        || evidence.seconds(after: reply.time) >= 4
        || trace.exchanges.contains(where: { $0.started > reply.time })
    else { return nil }
    let architecture = exchange.architecture.map { " (architecture \($0))" } ?? ""
    let isProxied = trace.exchanges.contains { !$0.proxyServers.isEmpty }
    guard !isProxied else { return nil }
    return [
      Finding(
        id, evidence.severity(by: exchange.agent), mac: trace.mac,
        title: "The server \(reply.server) gives \(trace.mac) an address and no boot file.",
        evidence: (exchange.heardOffers + exchange.acks).prefix(4).map {
          $0.item(exchange.acks.contains($0) ? "ACK" : "OFFER")
        } + [
          EvidenceItem(
            "the client is \(exchange.agent.title)\(architecture), vendor class "
              + (exchange.vendorClass ?? "none"), exchange.packets(of: "DISCOVER"))
        ] + evidence.firmwareMessages,
        fix:
          "Let the server name a boot file (the file field or option 67) and the next server for "
          + "this client's architecture\(architecture); a rule that matches only another "
          + "architecture, vendor class or user class leaves it out.")
    ]
  }

  private func overIPv6(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    let answered = trace.exchangesV6.filter {
      $0.agent.wantsBootFile && !($0.advertises + $0.replies).isEmpty
    }
    guard let exchange = answered.last,
      !answered.contains(where: { ($0.advertises + $0.replies).contains { $0.bootFileURL != nil } }
      ),
      let reply = (exchange.advertises + exchange.replies).last,
      // Who is given no address is given nothing at all.
      reply.status != .noAddressesAvailable,
      !evidence.overcame(.request, after: reply.time)
    else { return nil }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "The DHCPv6 server \(reply.source) gives \(trace.mac) no boot file URL.",
        evidence: [
          EvidenceItem(
            "ADVERTISE and REPLY without option 59 (OPT_BOOTFILE_URL)",
            (exchange.advertises + exchange.replies).map(\.packet))
        ] + evidence.firmwareMessages,
        fix:
          "Let the DHCPv6 server send option 59 with tftp://[ADDRESS]/FILE or, to an HTTPClient, "
          + "http://[ADDRESS]/FILE (dnsmasq: dhcp-option=option6:59,...; Kea: bootfile-url).")
    ]
  }
}

extension DHCPExchange {
  /// Whether an answer leads to something to boot: a file, boot servers, a menu or, for iPXE, a disk
  /// of a storage network; or may, of which the capture cut its options off.
  var namesBoot: Bool {
    (offers + acks).contains {
      $0.namesBoot || $0.lacksOptions || (agent == .ipxe && $0.sanPath != nil)
    }
  }
}

extension DHCPExchange.Reply {
  /// Whether it leads to a file, boot servers, or a menu.
  var namesBoot: Bool { bootFile != nil || !bootServerList.isEmpty || hasBootMenu }
}
