import FoundationEssentials
import Kinds
import PXEWire

/// A machine's line while it boots: its stage, its time and its limit, and what is under way.
struct BootLine {
  /// The stage, and the time that has passed of that which there is: `loader      0:43 of 5:00`.
  let columns: String
  /// What is under way, else what happened last.
  let detail: String

  /// - Parameters:
  ///   - stage: what an event said last of the stage.
  ///   - detail: what was seen last on the wire.
  ///   - boot: what the boot's object says.
  init(stage: String?, detail: String?, boot: Kinds.Boot.Status?, now: Timestamp) {
    let isOver = boot?.phase == .over
    let word = (isOver ? nil : boot?.stage) ?? stage ?? "defined"
    var time = ""
    if !isOver, let began = boot?.began.flatMap(Timestamp.init(apiTime:)) {
      time = Self.clock(now.seconds(since: began))
      if let deadline = boot?.deadline.flatMap(Timestamp.init(apiTime:)) {
        time += " of \(Self.clock(deadline.seconds(since: began)))"
      }
    }
    columns =
      word.padded(to: 10) + "  "
      + time.padded(to: 13)
    self.detail = (isOver ? nil : boot?.activity) ?? detail ?? ""
  }

  /// Minutes and seconds.
  private static func clock(_ seconds: Double) -> String {
    let whole = max(0, Int(seconds.rounded()))
    return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
  }
}
