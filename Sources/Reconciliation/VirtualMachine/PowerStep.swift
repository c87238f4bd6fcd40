import Objects

/// What is to become of a machine's instance (KubeVirt,
/// pkg/virt-controller/watch/vm/vm.go, syncRunStrategy).
enum PowerStep: Equatable {
  /// Nothing.
  case keep
  /// One is made.
  case start
  /// It is deleted.
  ///
  /// - Parameter restarts: whether a request to start is left behind.
  case stop(restarts: Bool)
  /// The machine is made one that runs always, as a person wants it started.
  case switchOn
  /// One is made after so many seconds.
  case wait(seconds: Int)

  /// The step of a machine that is to stay.
  ///
  /// - Parameters:
  ///   - lastStrategy: the strategy that its instances were made by so far; `nil` when there was none.
  ///   - request: the first of what people ask for and is not done.
  ///   - secondsLeft: how long a start is put off.
  init(
    _ strategy: RunStrategy, instance: ObjectNode?, request: StateChangeRequest?,
    lastStrategy: String?, secondsLeft: Int
  ) {
    let mayStart: PowerStep = secondsLeft > 0 ? .wait(seconds: secondsLeft) : .start
    let isStopAsked = instance.map { request?.stops($0) == true } ?? false
    let phase = instance?.phase
    switch strategy {
    case .always:
      self = phase == nil ? mayStart : isStopAsked || phase?.isFinal == true ? Self.stop : .keep
    case .rerunOnFailure:
      if let instance, let phase {
        // One that a person has deleted is not run again.
        guard !instance.isBeingDeleted, isStopAsked || phase.isFinal else {
          self = .keep
          return
        }
        self = .stop(restarts: phase == .failed)
      } else {
        self = request?.isStart == true || lastStrategy != strategy.rawValue ? mayStart : .keep
      }
    case .manual:
      if instance != nil {
        self = isStopAsked ? Self.stop : .keep
      } else {
        self = request?.isStart == true ? .start : .keep
      }
    case .halted:
      self = instance != nil ? Self.stop : request?.isStart == true ? .switchOn : .keep
    case .once: self = instance == nil ? .start : .keep
    case .waitAsReceiver: self = .keep
    }
  }

  /// The instance is deleted, and that is all.
  static let stop = PowerStep.stop(restarts: false)
}
