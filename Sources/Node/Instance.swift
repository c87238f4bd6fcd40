import Kinds
import Objects
import PXEWire
import Planning

/// What a node knows of an instance that it runs, or has run.
struct Instance: Sendable {
  /// The VirtualMachineInstance's identity.
  let key: ObjectKey
  /// Its UID: an instance that is made again under the name is another.
  let uid: String
  /// What events name it by.
  let reference: EventRecord.Reference
  /// What it was started by; `nil` before. What changes in the plan meanwhile is for the next one.
  var plan: MachinePlan?
  /// How its domain is.
  var domain: DomainCondition = .absent
  /// How often it was started or reset.
  var starts = 0
  /// How it was asked to end.
  var stopping: Stopping = .not
  /// Its boot, while and after it was followed.
  var boot: BootFollower?
  /// The boot's object.
  var bootKey: ObjectKey?
  /// Whether the boot is judged, or being judged.
  var isJudged = false
  /// What was last written of how far the boot is.
  var told: BootProgressNote?
  /// By when the boot must be over.
  var deadline: BootDeadline?
  /// The addresses that servers of the lab gave its interfaces, as text by MAC.
  var addresses: [String: String] = [:]

  /// How an instance was asked to end.
  enum Stopping: Sendable {
    /// It was not.
    case not
    /// Its guest was asked to power off.
    case gently
    /// Its power was taken away.
    case atOnce

    /// Whether nothing more is to be done for an instance whose guest may take so many seconds.
    func covers(_ patience: Int) -> Bool {
      switch self {
      case .not: false
      case .gently: patience > 0
      case .atOnce: true
      }
    }
  }

  init(_ key: ObjectKey, _ object: ObjectNode) {
    self.key = key
    uid = object["metadata", "uid"]?.string ?? ""
    reference = EventRecord.Reference(object)
  }

  /// When the boot must be over, if it is still followed.
  var dueTime: Timestamp? {
    guard let boot, !isJudged, plan?.expectation != nil else { return nil }
    return deadline?.moment(lastFlow: boot.lastFlow)
  }
}
