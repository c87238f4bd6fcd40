import Addresses
import PXEWire

/// A TLS handshake with the boot server fails, or the firmware does not even begin one.
struct TLSRefused: DiagnosisRule {
  let id = "PXL039"
  let stage = FaultStage.server
  let consequences: Consequences = .laterAttempts(and: ["PXL013", "PXL037", "PXL038"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, trace.looksForBoot else { return [] }
    let refused = trace.httpTransfers.filter { transfer in
      (transfer.tlsAlert?.isFailure == true || transfer.isUntrusted)
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = refused.last else { return untried(trace, evidence) }
    let isOfClient = transfer.tlsAlert == nil || transfer.tlsAlertIsFromClient
    let (who, other) =
      isOfClient
      ? ("\(trace.mac)", "\(transfer.server)") : ("The server \(transfer.server)", "\(trace.mac)")
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "\(who) breaks off the TLS handshake with \(other)"
          + (transfer.tlsAlert.map { ": \($0.words)." }
            ?? " when it has the server's certificate, which it does not accept."),
        evidence: refused.prefix(4).map {
          EvidenceItem(
            ($0.tlsAlert.map { "TLS alert \($0.words)" } ?? "reset by the client, without an alert")
              + ", server name " + ($0.serverName ?? "not sent"), [$0.packet])
        } + evidence.firmwareMessages,
        fix: "Enrol the certificate of the authority that signed the server's certificate into the "
          + "firmware (TlsCaCertificate; pxelab efi enroll --tls-ca), and see that the certificate "
          + "names the host of the URL, be it an address, and is valid at the machine's clock.")
    ]
  }

  /// Firmware without any authority gives up before it connects (edk2, HttpDxe's HttpsSupport.c:
  /// without TlsCaCertificate there is no session).
  private func untried(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding] {
    let patience: Double = 5
    guard let offer = trace.httpsOffers.last else { return [] }
    let goesOn = trace.firmwareAsks(after: offer.packet.time)
    guard
      goesOn || evidence.seconds(after: offer.packet.time) >= patience,
      !trace.httpTransfers.contains(where: { $0.started > offer.packet.time }),
      !evidence.overcame(.request, after: offer.packet.time),
      let host = ClientTrace.host(ofURL: offer.url), trace.couldReach(host)
    else { return [] }
    // A capture without TCP looks the same, unless the firmware goes on to its next way to boot.
    let isSeen = goesOn || evidence.expectation != nil || !evidence.firmwareMessages.isEmpty
    return [
      Finding(
        id, isSeen ? evidence.severity(absence: true) : .info, mac: trace.mac,
        title: "\(trace.mac) is told \(offer.url) and does not connect: its firmware trusts no "
          + "certificate authority, or knows no TLS.",
        evidence: [
          EvidenceItem("the URL in the server's answer", [offer.packet]),
          EvidenceItem("no connection to \(host) after it"),
        ] + evidence.firmwareMessages,
        fix: "Enrol the certificate of the authority that signed the server's certificate into the "
          + "firmware (TlsCaCertificate; pxelab efi enroll --tls-ca).")
    ]
  }
}

extension TLSAlert {
  /// Its meaning, or its number.
  fileprivate var words: String { meaning ?? "alert \(code)" }
}

extension ClientTrace {
  /// The https URLs that HTTP boot was told with an address.
  fileprivate var httpsOffers: [(url: String, packet: PacketReference)] {
    let four = exchanges.filter { $0.agent == .httpFirmware }.flatMap(\.acks).compactMap { reply in
      reply.bootFile.map { ($0, reply.packet) }
    }
    let six = exchangesV6.filter { $0.agent == .httpFirmware }.flatMap(\.replies).compactMap {
      reply in reply.bootFileURL.map { ($0, reply.packet) }
    }
    return (four + six).filter { $0.0.lowercased().hasPrefix("https://") }
      .sorted { $0.1.time < $1.1.time }
  }

  /// Whether the firmware goes on to its next boot entry.
  fileprivate func firmwareAsks(after time: Timestamp) -> Bool {
    let agents: Set<BootAgent> = [.firmware, .httpFirmware]
    return exchanges.contains { $0.started > time && agents.contains($0.agent) }
      || exchangesV6.contains { $0.started > time && agents.contains($0.agent) }
  }

  /// Whether nothing is known to be in the way to a host.
  fileprivate func couldReach(_ host: String) -> Bool {
    switch IPAddress(host) {
    case .v4(let address): !unansweredARP.contains { $0.address == address }
    case .v6(let address): !unansweredNeighbors.contains { $0.address == address }
    case nil: nameQueries.contains { $0.isResolved && $0.name.lowercased() == host.lowercased() }
    }
  }
}
