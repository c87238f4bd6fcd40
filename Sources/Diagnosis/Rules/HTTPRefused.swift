import PXEWire

/// The HTTP server refuses a file that the boot needs.
struct HTTPRefused: DiagnosisRule {
  let id = "PXL037"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL013", "PXL033"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let refused = trace.httpTransfers.filter { transfer in
      transfer.status.map { $0 >= 400 } == true && transfer.isBoot(in: trace)
        && !TFTPTransfer.isOptional(transfer.target ?? "")
        && !(transfer.target ?? "").hasSuffix("autoexec.ipxe")
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = refused.first, let status = transfer.status else {
      return overTLS(trace, evidence)
    }
    let reason = transfer.reason.map { " \($0)" } ?? ""
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "The HTTP server \(transfer.server) answers \(transfer.url) with \(status)\(reason).",
        evidence: refused.prefix(6).map { one in
          EvidenceItem(
            "\(one.method ?? "request") \(one.url): \(one.status ?? 0) \(one.reason ?? "")",
            [one.packet, one.responsePacket].compactMap { $0 })
        } + evidence.firmwareMessages,
        fix: status == 404
          ? "Put the file where the URL points, or correct the URL that DHCP or the script gives."
          : "Read the web server's log: rights of the file, a forbidden folder, or an error of its "
            + "own.")
    ]
  }

  /// What the wire does not show is in the server's log.
  private func overTLS(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding] {
    for transfer in trace.httpTransfers where transfer.isTLS {
      let refused = evidence.servedRequests?.first {
        $0.client == transfer.client && $0.clientPort == transfer.clientPort && $0.status >= 400
      }
      guard let refused, !evidence.overcame(.load, after: transfer.lastProgress) else { continue }
      return [
        Finding(
          id, evidence.severity(), mac: trace.mac,
          title:
            "The HTTPS server \(transfer.server) answers \(refused.path) with \(refused.status).",
          evidence: [
            EvidenceItem(
              "the server's log: \(refused.method) \(refused.path) \(refused.status), on the "
                + "connection from \(transfer.client) port \(transfer.clientPort)",
              [transfer.packet])
          ] + evidence.firmwareMessages,
          fix: "Put the file where the URL points, or correct the URL that DHCP gives.")
      ]
    }
    return []
  }
}

extension HTTPTransfer {
  /// Whether it belongs to a boot and not to the system that was booted.
  func isBoot(in trace: ClientTrace) -> Bool {
    let agent = userAgent?.lowercased() ?? ""
    if agent.contains("grub") { return true }
    // What a system asks for that runs already is its own business.
    if trace.hasSystem(at: started) { return false }
    if ["uefi", "ipxe", "shim", "pxe", "syslinux", "u-boot"].contains(where: agent.contains) {
      return true
    }
    if trace.looksForBoot, let target, trace.isTold(toLoad: target) { return true }
    guard userAgent == nil || agent.isEmpty else { return false }
    let system = trace.exchanges.first { $0.agent == .other }?.started
    return trace.looksForBoot && system.map { started < $0 } ?? true
  }
}

extension ClientTrace {
  /// Whether an operating system runs at a moment: the last to be given an address looked for nothing
  /// to boot, and something was loaded before it.
  fileprivate func hasSystem(at time: Timestamp) -> Bool {
    let last = exchanges.last { $0.started < time && !$0.acks.isEmpty && !$0.isBootServerDiscovery }
    guard let last, last.agent == .other else { return false }
    return transfers.contains { $0.isWhole && $0.lastProgress < last.started }
      || httpTransfers.contains {
        $0.isWhole && $0.method != "HEAD" && $0.lastProgress < last.started
      }
  }

  /// Whether DHCP names a URL with this path as its boot file.
  fileprivate func isTold(toLoad path: String) -> Bool {
    namedBootFiles.contains { $0.contains("://") && Self.isSame(Self.path(ofURL: $0), path) }
  }
}
