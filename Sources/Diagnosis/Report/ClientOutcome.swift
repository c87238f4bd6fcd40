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
  init?(_ evidence: Evidence) {
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
    if let system = progress.systems.last,
      let load = progress.loads.last(where: { $0.ended < system })
    {
      text = "what \(load.file) brought asked for an address of its own"
      return
    }
    // Nothing was asked for in vain after it.
    guard let last = trace.lastBootAct, last.state == .loaded else { return nil }
    text = "\(last.text) (packet \(last.packet.frame)), and nothing failed after it"
  }
}
