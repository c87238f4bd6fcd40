import Kinds

/// What virt-handler tells of an instance on a cluster (kubevirt, pkg/virt-handler/controller.go and vm.go).
enum HandlerEvent: Equatable {
  /// libvirt knows its domain.
  case defined
  /// Its processors run.
  case started
  /// Its guest was asked to power off.
  case shuttingDown
  /// Its power was taken away.
  case stopping
  /// Its phase became Succeeded.
  case shutDown
  /// Its phase became Failed.
  case crashed
  /// It could not be started.
  case failed(String)

  /// Why, in one word.
  var reason: String {
    switch self {
    case .defined: "Created"
    case .started: "Started"
    case .shuttingDown: "ShuttingDown"
    case .stopping: "Deleted"
    case .shutDown, .crashed: "Stopped"
    case .failed: "SyncFailed"
    }
  }

  /// The sentence.
  var message: String {
    switch self {
    case .defined: "VirtualMachineInstance defined."
    case .started: "VirtualMachineInstance started."
    case .shuttingDown: "Signaled Graceful Shutdown"
    case .stopping: "VirtualMachineInstance stopping"
    case .shutDown: "The VirtualMachineInstance was shut down."
    case .crashed: "The VirtualMachineInstance crashed."
    case .failed(let reason): reason
    }
  }

  /// Whether a person should look at it.
  var isWarning: Bool {
    switch self {
    case .crashed, .failed: true
    default: false
    }
  }
}

extension ObjectWriter {
  /// Tells of an instance what a cluster's node tells, and as it does.
  func tell(_ object: EventRecord.Reference, as event: HandlerEvent) {
    tell(
      object, event.isWarning ? .warning : .normal, reason: event.reason, event.message,
      component: "virt-handler")
  }
}
