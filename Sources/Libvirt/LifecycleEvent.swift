import CLibvirt

/// A change in a domain's life (`VIR_DOMAIN_EVENT_ID_LIFECYCLE`, `VIR_DOMAIN_EVENT_ID_REBOOT`).
package struct LifecycleEvent: Hashable, Sendable {
  /// The domain's name.
  package var domain: String
  /// What happened.
  package var kind: Kind
  /// libvirt's detail, whose meaning depends on the kind (`virDomainEvent…DetailType`).
  package var detail: Int32

  /// What happened (`virDomainEventType`).
  package enum Kind: Hashable, Sendable {
    /// Defined or redefined (0).
    case defined
    /// Undefined (1).
    case undefined
    /// Started, running or paused (2).
    case started
    /// Paused (3).
    case suspended
    /// Resumed (4).
    case resumed
    /// Gone from the hypervisor (5), and why.
    case stopped(StopReason)
    /// The guest powered off (6).
    case shutdown
    /// Suspended by the guest's power management (7).
    case powerManagementSuspended
    /// The guest crashed (8).
    case crashed
    /// It began again without having stopped: the guest restarted it, or its reset button was pressed
    /// (`VIR_DOMAIN_EVENT_ID_REBOOT`).
    case reset
    /// An event that this version does not know.
    case unknown(Int32)
  }

  /// Why a domain stopped (`virDomainEventStoppedDetailType`).
  package enum StopReason: Hashable, Sendable {
    /// The guest powered off (0).
    case shutdown
    /// The host forced it (1).
    case destroyed
    /// The guest crashed (2).
    case crashed
    /// It was migrated (3).
    case migrated
    /// It was saved (4).
    case saved
    /// The emulator failed (5).
    case failed
    /// An offline snapshot was loaded (6).
    case snapshot
    /// A reason that this version does not know.
    case unknown(Int32)
  }

  /// An event that libvirt did not tell of, such as one that a lost connection has swallowed.
  package init(domain: String, kind: Kind) {
    self.domain = domain
    self.kind = kind
    detail = 0
  }

  init(domain: String, event: Int32, detail: Int32) {
    self.domain = domain
    self.detail = detail
    kind =
      switch virDomainEventType(UInt32(bitPattern: event)) {
      case VIR_DOMAIN_EVENT_DEFINED: .defined
      case VIR_DOMAIN_EVENT_UNDEFINED: .undefined
      case VIR_DOMAIN_EVENT_STARTED: .started
      case VIR_DOMAIN_EVENT_SUSPENDED: .suspended
      case VIR_DOMAIN_EVENT_RESUMED: .resumed
      case VIR_DOMAIN_EVENT_STOPPED: .stopped(StopReason(number: detail))
      case VIR_DOMAIN_EVENT_SHUTDOWN: .shutdown
      case VIR_DOMAIN_EVENT_PMSUSPENDED: .powerManagementSuspended
      case VIR_DOMAIN_EVENT_CRASHED: .crashed
      default: .unknown(event)
      }
  }
}

extension LifecycleEvent.StopReason {
  init(number: Int32) {
    switch virDomainEventStoppedDetailType(UInt32(bitPattern: number)) {
    case VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN: self = .shutdown
    case VIR_DOMAIN_EVENT_STOPPED_DESTROYED: self = .destroyed
    case VIR_DOMAIN_EVENT_STOPPED_CRASHED: self = .crashed
    case VIR_DOMAIN_EVENT_STOPPED_MIGRATED: self = .migrated
    case VIR_DOMAIN_EVENT_STOPPED_SAVED: self = .saved
    case VIR_DOMAIN_EVENT_STOPPED_FAILED: self = .failed
    case VIR_DOMAIN_EVENT_STOPPED_FROM_SNAPSHOT: self = .snapshot
    default: self = .unknown(number)
    }
  }
}
