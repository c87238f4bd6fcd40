import Addresses
import PXEWire

/// The HTTP server sends the client to another URL, and the client does not go there, or is sent in a
/// circle.
struct RedirectNotFollowed: DiagnosisRule {
  let id = "PXL085"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: [
    "PXL013", "PXL022", "PXL036", "PXL037", "PXL038", "PXL087", "PXL088",
  ])
  /// Seconds within which a client that follows has asked for the new URL.
  private static let patience: Double = 3

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let unsolved = trace.httpTransfers.filter { transfer in
      transfer.isRedirected && transfer.isBoot(in: trace)
        && !TFTPTransfer.isNotNeeded(transfer.target ?? "")
        && !evidence.overcame(.load, after: transfer.answered)
    }
    if let circle = Self.circle(unsolved), let last = unsolved.last {
      return [finding(last, unsolved, Self.words(circle), Self.circleFix, evidence)]
    }
    let ignored = unsolved.filter { transfer in
      !trace.follows(transfer)
        && (evidence.seconds(after: transfer.answered) >= Self.patience
          || trace.goesElsewhere(after: transfer))
    }
    guard let transfer = ignored.last else { return [] }
    return [
      finding(
        transfer, ignored, "and \(trace.mac) \(Self.reason(transfer))", Self.fix(transfer), evidence
      )
    ]
  }

  private func finding(
    _ transfer: HTTPTransfer, _ all: [HTTPTransfer], _ outcome: String, _ fix: String,
    _ evidence: Evidence
  ) -> Finding {
    let status = transfer.status ?? 302
    let place = transfer.redirection.map { "to \($0)" } ?? "with \(status) and no Location"
    return Finding(
      id, evidence.severity(), mac: evidence.mac,
      title: "The HTTP server \(transfer.server) redirects \(transfer.url) \(place), \(outcome).",
      evidence: all.suffix(6).map { one in
        EvidenceItem(
          "\(one.method ?? "request") \(one.url): \(one.status ?? 0) \(one.reason ?? ""), Location "
            + (one.location ?? "missing"),
          [one.packet, one.responsePacket].compactMap { $0 })
      } + evidence.firmwareMessages,
      fix: fix)
  }

  /// Why a client that was sent elsewhere stays.
  private static func reason(_ transfer: HTTPTransfer) -> String {
    guard let scheme = transfer.redirection.flatMap({ URLParts($0)?.scheme }) else {
      return "has nowhere to go"
    }
    guard scheme != "http", scheme != (transfer.isTLS ? "https" : "http") else {
      return "does not follow"
    }
    let agent = transfer.userAgent.map { " (\($0))" } ?? ""
    return "does not follow: it does not load by \(scheme.uppercased())\(agent)"
  }

  private static func fix(_ transfer: HTTPTransfer) -> String {
    guard let location = transfer.redirection else {
      return "Let the web server say where the file is (Location), or answer with the file itself."
    }
    let doubled = (transfer.target ?? "").contains("//")
    let slash = doubled ? " The doubled slash in the URL is what many servers redirect for." : ""
    guard let scheme = URLParts(location)?.scheme, scheme != "http" else {
      return "Give \(location) at once, by DHCP or in the script: UEFI firmware and GRUB follow no "
        + "redirection.\(slash)"
    }
    return
      "Let the web server give boot files over plain HTTP instead of forcing \(scheme), or use "
      + "a program that speaks it (iPXE: DOWNLOAD_PROTO_\(scheme.uppercased()); UEFI firmware: TLS and the "
      + "authority's certificate) and give it \(location).\(slash)"
  }

  private static let circleFix =
    "Correct the web server's rules of redirection: one of them sends back what another sends away "
    + "(http and https, with and without a slash at the end, two host names)."

  private static func words(_ circle: [String]) -> String {
    "which leads back to itself after \(circle.count) redirection\(circle.count == 1 ? "" : "s")"
  }

  /// URLs each of which is redirected to the next, and the last to the first; `nil` without such.
  private static func circle(_ transfers: [HTTPTransfer]) -> [String]? {
    var next: [URLParts: URLParts] = [:]
    for transfer in transfers {
      guard let from = transfer.parts, let to = transfer.redirection.flatMap({ URLParts($0) })
      else { continue }
      next[from] = to
    }
    guard let start = transfers.last?.parts else { return nil }
    var seen = [start]
    while let following = seen.last.flatMap({ next[$0] }), seen.count <= transfers.count {
      if let index = seen.firstIndex(of: following) { return seen[index...].map(\.path) }
      seen.append(following)
    }
    return nil
  }
}

extension HTTPTransfer {
  /// When the response's head came.
  var answered: Timestamp { responsePacket?.time ?? lastProgress }
}

extension ClientTrace {
  /// Whether the client goes where a response sends it: it asks for the new URL, connects there, or
  /// looks for its host.
  fileprivate func follows(_ transfer: HTTPTransfer) -> Bool {
    guard let location = transfer.redirection.flatMap({ URLParts($0) }) else { return false }
    let time = transfer.answered
    let address = IPAddress(location.host)
    let asked = httpTransfers.contains { other in
      guard other.started >= time, other != transfer else { return false }
      if location.scheme == "https" { return other.isTLS || other.port == location.port }
      if other.parts == location { return true }
      // A connection without a request, or whose request names the host in another way.
      let isThere = address.map { $0 == other.server } ?? true
      return isThere && other.port == location.port
        && (other.target == nil
          || other.parts?.path == location.path && other.parts?.path != transfer.parts?.path)
    }
    if asked { return true }
    if location.scheme == "tftp" { return transfers.contains { $0.started >= time } }
    return nameQueries.contains {
      $0.packet.time >= time && $0.name.lowercased() == location.host
    } || unansweredARP.contains { $0.since >= time && .v4($0.address) == address }
  }

  /// Whether it gave up and tries something else: it asks for the same URL again, or for an address.
  fileprivate func goesElsewhere(after transfer: HTTPTransfer) -> Bool {
    exchanges.contains { $0.started > transfer.answered }
      || exchangesV6.contains { $0.started > transfer.answered }
  }
}
