import LabHost

extension ExitStatus {
  /// The status that an error of a command's work ends it with; what has no other is the lab's.
  init(_ error: any Error) {
    self =
      switch error {
      case let failure as Failure: failure.status
      case let error as LabHostError: ExitStatus(error.cause)
      case let error as RegistryError: ExitStatus(error)
      case let ended as EndedSession: ExitStatus(ended.reason)
      default: .lab
      }
  }

  private init(_ cause: LabHostError.Cause) {
    self =
      switch cause {
      case .manifests: .manifests
      case .host: .host
      case .image: .image
      case .lab: .lab
      case .request: .usage
      case .interrupted: .interrupted
      }
  }

  private init(_ error: RegistryError) {
    self =
      switch error {
      case .severalLabs: .usage
      case .noLab, .unknownLab, .beingMade, .unusablePlan, .dead, .unknownSandbox: .lab
      }
  }
}

extension Failure {
  /// An error of a command's work, with its status.
  init(_ error: any Error) {
    self = (error as? Failure) ?? Failure(ExitStatus(error), "\(error)")
  }
}
