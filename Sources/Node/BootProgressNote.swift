import Diagnosis
import Kinds
import Objects
import PXEWire

/// How far a boot is, as its object has it.
struct BootProgressNote: Sendable, Hashable {
  /// The stage.
  var stage: Stage
  /// The transfer that is under way.
  var activity: String?
  /// When the boot must be over.
  var deadline: Timestamp?

  /// Puts it into a Boot.
  func write(to tree: inout ObjectNode) {
    tree["status", "stage"] = .text("\(stage)")
    tree["status", "percent"] = stage.percent.map { .integer($0) }
    tree["status", "activity"] = activity.map { .text($0) }
    tree["status", "deadline"] = deadline.map { .text($0.microTime) }
  }
}
