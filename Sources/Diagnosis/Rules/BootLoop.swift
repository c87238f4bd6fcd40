import PXEWire

/// The machine boots the same system from the network again and again, as one does that installs
/// itself, restarts and finds the network first in the boot order for ever.
struct BootLoop: DiagnosisRule {
  let id = "PXL055"
  let stage = FaultStage.system
  let consequences: Consequences = [
    "PXL013", "PXL015", "PXL033",
  ]

  /// Bytes from which on a file is no configuration: a kernel, an initramfs, an image.
  private static let systemSize = 1_000_000
  /// Rounds from which on it is no restart but a loop.
  private static let rounds = 3

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.guest == nil, let trace = evidence.trace, let program = evidence.bootFile else {
      return []
    }
    let starts = trace.transfers(of: program).filter(\.isWhole).map(\.started)
    guard starts.count >= Self.rounds else { return [] }
    let large = trace.transfers.filter {
      $0.isWhole && $0.bytes >= Self.systemSize && $0.file != program
    }
    guard large.count >= Self.rounds else { return [] }
    // What was loaded in each round, from a load of the boot program to the next.
    let systems = starts.indices.map { round -> Set<String> in
      let next = round + 1 < starts.count ? starts[round + 1] : nil
      return Set(
        large.filter { transfer in
          transfer.started > starts[round] && next.map { transfer.started < $0 } ?? true
        }.map(\.file))
    }
    let loaded = systems.filter { !$0.isEmpty }
    guard loaded.count >= Self.rounds,
      let file = loaded[0].sorted().first(where: { file in
        loaded.allSatisfy { $0.contains(file) }
      })
    else { return [] }
    let seconds = starts.last.map { $0.seconds(since: starts[0]) } ?? 0
    return [
      Finding(
        id, mac: trace.mac,
        title:
          "\(trace.mac) boots \(file) from the network again and again: \(loaded.count) times.",
        evidence: [
          "\(program) and then \(file) were loaded \(loaded.count) times in \(Int(seconds)) s"
        ],
        fix: "What is booted restarts the machine. If it installs: put the disk before the network "
          + "in the boot order once it is done, or let the server stop naming a boot file to this "
          + "address. If not: its console says why it restarts.")
    ]
  }
}
