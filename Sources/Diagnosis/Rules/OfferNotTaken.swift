/// A server offers an address and the client asks for none.
struct OfferNotTaken: DiagnosisRule {
  let stage = FaultStage.offer

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, trace.leased == nil else { return [] }
    let ignored = trace.exchanges.filter { !$0.offers.isEmpty && $0.requests == 0 }
    guard let exchange = ignored.last, let offer = exchange.offers.last else { return [] }
    let mac = evidence.mac
    let title: String
    let fix: String
    if exchange.offers.contains(where: \.hasBadChecksum) {
      title = "\(mac) ignores the OFFER of \(offer.server): its UDP checksum is wrong."
      fix = "Switch transmit checksum offload off where the server sends: ethtool -K DEV tx off."
    } else if exchange.offers.contains(where: { $0.address == nil }) {
      title = "\(mac) takes no OFFER: a proxyDHCP server answers beside the DHCP server."
      fix = "Let one server give address and boot file, or open UDP port 4011 of the proxy."
    } else if offer.bootFile == nil {
      title = "\(mac) ignores the OFFER of \(offer.server): it names no boot file."
      fix = "Let the server name one (file field or option 67) for this client's architecture."
    } else {
      title = "\(mac) does not take the OFFER of \(offer.server)."
      fix =
        "See whether the OFFER arrives at the machine's port, and whether its vendor class "
        + "(option 60) fits the client's."
    }
    let offers: [EvidenceItem] = exchange.offers.map { reply in
      EvidenceItem(
        "OFFER \(reply.address.map { "\($0)" } ?? "without an address") from \(reply.server), "
          + "boot file \(reply.bootFile ?? "none"), vendor class \(reply.vendorClass ?? "none")")
    }
    return [
      Finding(
        "PXL004", evidence.dropped > 0 ? .warning : .error, mac: mac, title: title,
        evidence: offers + ["\(exchange.discovers) DISCOVER, no REQUEST"], fix: fix)
    ]
  }
}
