import Logging
import Objects
import Store

/// Says why writes fail, each reason once for an object until one succeeds.
actor FailureLog {
  private let logger: Logger
  private let controller: String
  private var said: [ObjectKey: String] = [:]

  init(logger: Logger, controller: String) {
    self.logger = logger
    self.controller = controller
  }

  func note(_ error: StoreError, of key: ObjectKey) {
    // Races are how things go; what decides after them is a newer look.
    let level: Logger.Level = error.isRace ? .debug : .error
    let reason = error.description
    guard said.updateValue(reason, forKey: key) != reason else { return }
    logger.log(level: level, "\(controller) of \(key.resource) \(key): \(reason)")
  }

  func forget(_ key: ObjectKey) { said[key] = nil }
}
