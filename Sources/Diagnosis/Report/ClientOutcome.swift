import PXEWire

/// How the boot of a client ended, as far as the evidence goes.
package enum ClientOutcome: String, Codable, Hashable, Sendable, CaseIterable {
  /// It booted, and something proves it.
  case booted
  /// It did not, and a finding says why.
  case failed
  /// It did not get further, and nothing says why.
  case unknown
}

/// What proves that a client booted.
struct BootProof: Hashable, Sendable {
  /// In words.
  let text: String

  /// The best proof there is; `nil` when nothing proves it.
  ///
  /// - Parameter isLoop: whether what came whole is known not to boot.
  init?(_ evidence: Evidence, isLoop: Bool) {
    if evidence.guest != nil {
      text = "the probe reported from inside"
      return
    }
    if let kernel = evidence.console(.kernel).last,
      evidence.console(.kernelPanic, .noRoot, .noInit).isEmpty
    {
      text = "console: \(kernel.text)"
      return
    }
    guard let trace = evidence.trace, let progress = evidence.progress else { return nil }
    // Where the firmware asked again in between, the system may be the disk's.
    if let system = progress.systems.last,
      let load = progress.loads.last(where: { $0.ended < system }),
      !trace.asksFirmware(between: load.ended, and: system)
    {
      text = "a system asked for an address after \(load.file) had come"
      return
    }
    // Nothing was asked for in vain after it.
    guard !isLoop, let last = trace.lastBootAct, last.state == .loaded else { return nil }
    text = "\(last.text) (packet \(last.packet.frame)), and nothing failed after it"
  }
}

extension ClientTrace {
  /// Whether the firmware looked for something to boot in a time.
  fileprivate func asksFirmware(between begin: Timestamp, and end: Timestamp) -> Bool {
    let times =
      exchanges.filter { $0.agent == .firmware || $0.agent == .httpFirmware }.map(\.started)
      + exchangesV6.filter { $0.agent == .firmware || $0.agent == .httpFirmware }.map(\.started)
    return times.contains { begin < $0 && $0 < end }
  }
}
