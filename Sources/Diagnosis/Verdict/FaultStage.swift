/// Where on a machine's way to its boot a fault shows, from the first step to the last.
///
/// The furthest stage that a machine reached says where its boot failed: faults in earlier stages
/// were overcome, or belong to what the firmware tried after the one that mattered.
package enum FaultStage: Int, Comparable, Sendable, CaseIterable {
  /// What no stage explains.
  case witness
  /// The machine does not run, or sends nothing.
  case machine
  /// The client asks for an address and hears nothing.
  case discover
  /// A server offers, and the client does not get an address.
  case offer
  /// The client has an address, but no boot file.
  case lease
  /// The boot server cannot be reached.
  case server
  /// The boot file does not come.
  case transfer
  /// The boot file came and does not run.
  case program
  /// What the boot file loads does not come or does not run.
  case loader
  /// The kernel runs and the system does not.
  case system
  /// The capture is not to be trusted, and so nothing that follows from it.
  case capture

  /// Earlier stages are less.
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
