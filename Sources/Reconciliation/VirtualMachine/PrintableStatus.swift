import Objects

/// What people are shown of a machine in one word (KubeVirt, setPrintableStatus): of what holds, the
/// first.
enum PrintableStatus: String {
  case terminating = "Terminating"
  case stopping = "Stopping"
  case paused = "Paused"
  case running = "Running"
  case claimNotFound = "ErrorPvcNotFound"
  case unschedulable = "ErrorUnschedulable"
  case imagePull = "ErrImagePull"
  case imagePullBackOff = "ImagePullBackOff"
  case provisioning = "Provisioning"
  case starting = "Starting"
  case crashLoopBackOff = "CrashLoopBackOff"
  case waitingForReceiver = "WaitingForReceiver"
  case stopped = "Stopped"

  /// The status of a machine with the instance that it has.
  init(of machine: ObjectNode, _ strategy: RunStrategy?, instance: ObjectNode?) {
    guard !machine.isBeingDeleted else {
      self = .terminating
      return
    }
    let hasFailedStarts =
      strategy?.backsOff == true
      && (machine["status", "startFailure", "consecutiveFailCount"]?.integer ?? 0) > 0
    guard let instance, !instance.phase.isFinal else {
      self =
        hasFailedStarts
        ? .crashLoopBackOff : strategy == .waitAsReceiver ? .waitingForReceiver : .stopped
      return
    }
    let failure = instance.condition("Synchronized").flatMap { condition in
      condition["status"]?.string == "False" ? condition["reason"]?.string : nil
    }
    if instance.isBeingDeleted {
      self = .stopping
    } else if instance.phase == .running {
      self = instance.hasCondition("Paused", "True") ? .paused : .running
    } else if failure == "FailedPvcNotFound" {
      self = .claimNotFound
    } else if instance.hasCondition("PodScheduled", "False", reason: "Unschedulable") {
      self = .unschedulable
    } else if instance.hasCondition("Provisioning", "True") {
      self = .provisioning
    } else if failure == "ErrImagePull" {
      self = .imagePull
    } else if failure == "ImagePullBackOff" {
      self = .imagePullBackOff
    } else {
      self = .starting
    }
  }
}
