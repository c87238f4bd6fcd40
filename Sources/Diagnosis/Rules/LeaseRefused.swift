/// A server refuses the address that the client asks for.
struct LeaseRefused: DiagnosisRule {
  let stage = FaultStage.offer

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let refusals = trace.exchanges.flatMap(\.naks)
    let lastGrant = trace.exchanges.flatMap(\.acks).map(\.time).max()
    guard let last = refusals.max(by: { $0.time < $1.time }) else { return [] }
    // A client that asks for its old address is refused once and starts anew: normal.
    let isSettled = lastGrant.map { $0 > last.time } ?? false
    let reason = last.message.map { ": \($0)" } ?? ""
    return [
      Finding(
        "PXL005", isSettled ? .info : .error, mac: trace.mac,
        title: "The server \(last.server) refused \(trace.mac) its address\(reason).",
        evidence: refusals.map { "NAK from \($0.server)\($0.message.map { ": \($0)" } ?? "")" },
        fix: isSettled
          ? "Nothing: the client started anew and got an address."
          : "Look for two servers with different ranges on this VLAN, or an old lease file.")
    ]
  }
}
