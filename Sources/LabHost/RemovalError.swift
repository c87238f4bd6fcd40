/// A lab could not be removed, or not yet.
package enum RemovalError: Error, Hashable, CustomStringConvertible {
  /// Another pxelab makes or removes the lab, and takes its time.
  case busy(lab: String)
  /// The lab's processes do not end, though they are killed.
  case processesStay(lab: String, folder: String)
  /// pasta, the way out of the lab's sandbox, does not end, though the sandbox is gone.
  case uplinkStays(lab: String, folder: String)
  /// The lab is removed, and its logs and captures with it: they could not be kept.
  case nothingKept(lab: String, reason: String)

  package var description: String {
    switch self {
    case .busy(let lab):
      "another pxelab is making or removing the lab \(lab) and does not come to an end: is it "
        + "stopped (Ctrl-Z)?"
    case .processesStay(let lab, let folder):
      "processes of the lab \(lab) do not end: `fuser \(folder)/supervisor.log` says which; "
        + "`pxelab down \(lab)` tries again"
    case .uplinkStays(let lab, let folder):
      "pasta of the lab \(lab) does not end: `fuser \(folder)/uplink.log` says which process it is; "
        + "`pxelab down \(lab)` tries again"
    case .nothingKept(let lab, let reason):
      "the lab \(lab) is removed, and its logs and captures could not be kept: \(reason)"
    }
  }
}
