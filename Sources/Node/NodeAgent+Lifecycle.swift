import Libvirt

extension NodeAgent {
  /// Follows what libvirt tells of a domain.
  func observe(_ event: LifecycleEvent) async {
    guard let (key, instance) = instances.first(where: { $0.value.plan?.name == event.domain })
    else {
      return
    }
    switch event.kind {
    case .suspended:
      instances[key]?.domain = .paused
      writer.tell(instance.reference, reason: "Power", "paused")
      await tellRunning(key)
    case .resumed:
      // libvirt calls a start a resumption too.
      guard instance.domain == .paused else { return }
      instances[key]?.domain = .running
      writer.tell(instance.reference, reason: "Power", "resumed")
      await tellRunning(key)
    case .reset:
      instances[key]?.starts += 1
      instances[key]?.boot?.reset(at: .now)
      writer.tell(instance.reference, reason: "Power", "reset")
    case .stopped(let reason):
      let hasFailed = reason == .crashed || reason == .failed
      instances[key]?.domain = .ended(hasFailed: hasFailed)
      writer.tell(instance.reference, reason: "Power", "stopped: \(reason.text)")
    default: return
    }
    trigger()
  }
}

extension LifecycleEvent.StopReason {
  fileprivate var text: String {
    switch self {
    case .shutdown: "the guest powered off"
    case .destroyed: "its power was taken away"
    case .crashed: "the guest crashed"
    case .failed: "QEMU ended"
    case .migrated: "it was migrated"
    case .saved: "it was saved"
    case .snapshot: "a snapshot was loaded"
    case .unknown(let number): "libvirt's reason \(number)"
    }
  }
}
