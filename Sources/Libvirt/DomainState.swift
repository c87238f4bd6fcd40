import CLibvirt

/// What a domain is doing (`virDomainState`).
package enum DomainState: Hashable, Sendable {
  /// The hypervisor does not say (0).
  case noState
  /// Running (1).
  case running
  /// Waiting for a resource (2).
  case blocked
  /// Paused (3).
  case paused
  /// Shutting down (4).
  case shuttingDown
  /// Off (5).
  case shutOff
  /// Crashed (6).
  case crashed
  /// Suspended by the guest's power management (7).
  case suspended
  /// A state that this version does not know.
  case unknown(Int32)

  init(number: Int32) {
    switch virDomainState(UInt32(bitPattern: number)) {
    case VIR_DOMAIN_NOSTATE: self = .noState
    case VIR_DOMAIN_RUNNING: self = .running
    case VIR_DOMAIN_BLOCKED: self = .blocked
    case VIR_DOMAIN_PAUSED: self = .paused
    case VIR_DOMAIN_SHUTDOWN: self = .shuttingDown
    case VIR_DOMAIN_SHUTOFF: self = .shutOff
    case VIR_DOMAIN_CRASHED: self = .crashed
    case VIR_DOMAIN_PMSUSPENDED: self = .suspended
    default: self = .unknown(number)
    }
  }
}

/// A domain in a list.
package struct DomainSummary: Hashable, Sendable {
  /// The name.
  package var name: String
  /// The UUID in canonical text form.
  package var uuid: String
  /// The identifier while the domain runs.
  package var id: Int?
  /// What it is doing.
  package var state: DomainState
}
