import Diagnosis
import Kinds
import PXEWire
import Parts

/// The failures of a node's parts, kept for the verdicts on boots that lasted meanwhile.
struct PartFailures: Sendable {
  private struct Failure {
    /// The networks that depend on the part; `nil` when all do.
    var networks: [String]?
    var failure: LabCondition.ProgramFailure
  }

  private var failures: [Failure] = []
  /// As many as are kept: a part that fails for days is known by its newest failures.
  private static let limit = 256

  /// How often parts of another agent's had been started again when they were last heard of.
  private var restarts: [String: Int] = [:]

  /// Takes an event of a part in.
  mutating func note(_ event: PartEvent, at time: Timestamp) {
    switch event.state {
    case .stopped, .starting: return
    case .running: _ = end(event.title, at: time)
    case .hung, .restarting, .ended, .failed:
      guard let reason = event.state.failure else { return }
      begin(
        LabCondition.ProgramFailure(
          title: event.title, reason: reason, lastWords: event.lastWords, time: time),
        event.networks)
    }
  }

  /// Takes in how a part of another agent's is, by its object. One that was started again since is known
  /// to have failed, though nobody saw it.
  mutating func note(_ part: LabPart) {
    guard let status = part.status else { return }
    let title = part.spec.title
    let time = Timestamp(apiTime: status.since) ?? .now
    let known = restarts.updateValue(status.restarts, forKey: title)
    switch status.state {
    case .starting, .off: return
    case .running:
      guard !end(title, at: time), let known, status.restarts > known else { return }
      begin(part, "ended, and runs again", at: time)
      _ = end(title, at: time)
    case .hung, .restarting, .failed:
      begin(part, status.message ?? status.state.rawValue, at: time)
    }
  }

  private mutating func begin(_ part: LabPart, _ text: String, at time: Timestamp) {
    // A message begins with the part's title, and a failure's reason is a predicate.
    let title = part.spec.title
    let lines = text.split(separator: "\n", maxSplits: 1)
    var reason = String(lines.first ?? "")
    if reason.hasPrefix("\(title) ") { reason.removeFirst(title.count + 1) }
    begin(
      LabCondition.ProgramFailure(
        title: title, reason: reason, lastWords: lines.count > 1 ? String(lines[1]) : "",
        time: time), part.spec.networks)
  }

  private func lasting(_ title: String) -> Int? {
    failures.lastIndex { $0.failure.title == title && $0.failure.back == nil }
  }

  /// Notes a failure, unless one of the part lasts.
  private mutating func begin(_ failure: LabCondition.ProgramFailure, _ networks: [String]?) {
    guard lasting(failure.title) == nil else { return }
    failures.append(Failure(networks: networks, failure: failure))
    if failures.count > Self.limit { failures.removeFirst(Self.limit / 4) }
  }

  /// Ends the failure of a part that lasts; whether there was one.
  private mutating func end(_ title: String, at time: Timestamp) -> Bool {
    guard let index = lasting(title) else { return false }
    failures[index].failure.back = time
    return true
  }

  /// The failures that lasted or began after a time, of parts that some networks depend on.
  func failures(
    during began: Timestamp, for networks: Set<String>
  ) -> [LabCondition.ProgramFailure] {
    failures.filter { entry in
      entry.failure.back.map { $0 >= began } ?? true
        && entry.networks.map { !networks.isDisjoint(with: $0) } ?? true
    }
    .map(\.failure)
  }
}

extension PartState {
  /// What went wrong, as a predicate.
  fileprivate var failure: String? {
    if case .hung(_, let reason) = self { "hangs (\(reason))" } else { reason }
  }
}
