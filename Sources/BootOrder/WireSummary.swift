import Diagnosis

/// What a card did on the wire during an attempt to boot from it, in one line.
struct WireSummary {
  /// What is said of a card of which nothing was seen; frames that have no part in a boot are not
  /// looked at.
  static let nothing = "no boot packet was sent"

  private let events: [WireEvent]

  init(_ events: [WireEvent]) {
    self.events = events
  }

  /// `nil` where nothing was seen.
  var text: String? {
    guard !events.isEmpty else { return nil }
    var parts: [String] = []
    if let addresses { parts.append(addresses) }
    parts += troubles
    if let files { parts.append(files) }
    // Nothing that ended, well or badly: then where it stopped.
    if parts.isEmpty, let last = events.last { parts.append("no more than \(last.text)") }
    return parts.joined(separator: "; ")
  }

  private func count(_ kinds: WireEvent.Kind...) -> Int {
    events.count { kinds.contains($0.kind) }
  }

  /// How DHCP went.
  private var addresses: String? {
    let discovers = count(.dhcpDiscover)
    let solicits = count(.dhcpv6Solicit)
    if count(.dhcpNak) > 0, count(.dhcpAck) == 0 { return "its address was refused" }
    if discovers > 0 {
      let offers = count(.dhcpOffer)
      if offers == 0 { return "no answer to \(Self.times(discovers, "DISCOVER"))" }
      if count(.dhcpAck, .bootServerAck) == 0 {
        let requests = count(.dhcpRequest, .bootServerRequest)
        return requests > 0
          ? "no answer to \(Self.times(requests, "REQUEST"))"
          : "took none of \(Self.times(offers, "OFFER"))"
      }
      let isTold = events.contains { $0.dhcp?.bootFile != nil && $0.kind != .dhcpDiscover }
      return isTold ? nil : "the server names no boot file"
    }
    if solicits > 0 {
      if count(.dhcpv6Advertise, .dhcpv6Reply) == 0 {
        return "no answer to \(Self.times(solicits, "SOLICIT"))"
      }
      let requests = count(.dhcpv6Request)
      if requests > 0, count(.dhcpv6Reply) == 0 {
        return "no answer to \(Self.times(requests, "REQUEST"))"
      }
      let isTold = events.contains { $0.dhcpv6?.bootFileURL != nil }
      return isTold ? nil : "DHCPv6 names no boot file"
    }
    return nil
  }

  /// What went wrong, in the words of the events, each once.
  private var troubles: [String] {
    var troubles: [String] = []
    for event in events {
      switch event.kind {
      case .tftpError where event.tftp.map({ TFTPTransfer.isOptional($0.file) }) == true: continue
      case .tftpError, .tftpStalled, .httpError, .httpAborted, .httpStalled, .connectionUnanswered,
        .connectionRefused, .tlsAlert, .arpUnanswered, .neighborUnanswered, .nameUnresolved,
        .icmpUnreachable, .fragmentsMissing:
        if !troubles.contains(event.text) { troubles.append(event.text) }
      default: continue
      }
    }
    return Array(troubles.prefix(3))
  }

  /// The files that arrived.
  var files: String? {
    let names = events.compactMap { event -> String? in
      switch event.kind {
      case .tftpComplete: event.tftp?.file
      case .httpComplete: event.http.map { $0.url }
      default: nil
      }
    }
    guard let first = names.first else { return nil }
    let others = Set(names).count - 1
    return "loaded \(first)" + (others > 0 ? " and \(Self.times(others, "more file"))" : "")
  }

  private static func times(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }
}
