import PXEWire

extension Evidence {
  /// The tunnels that frames from or to the machine came through; empty where they were captured as
  /// they are.
  var tunnels: [EvidenceItem] {
    let isOnlyInside = segment.tunnel != nil
    return (trace?.tunnels ?? []).prefix(2).map {
      EvidenceItem("\(isOnlyInside ? "" : "also captured ")inside \($0.description)", [$0.packet])
    }
  }
}

extension Finding {
  /// The same with more evidence, for its consequences too.
  func adding(_ evidence: [EvidenceItem]) -> Finding {
    guard !evidence.isEmpty else { return self }
    var finding = Finding(
      id, severity, mac: mac, title: title, evidence: self.evidence + evidence, fix: fix)
    finding.consequences = consequences?.map { $0.adding(evidence) }
    return finding
  }
}
