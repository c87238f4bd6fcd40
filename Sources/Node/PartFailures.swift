import Diagnosis
import Kinds
import PXEWire
import Parts

/// The failures of a node's parts, kept for the verdicts on boots that lasted meanwhile.
struct PartFailures: Sendable {
  private struct Failure {
    /// The network attachment that depends on the part; `nil` when all do.
    var attachment: String?
    var failure: LabCondition.ProgramFailure
  }

  private var failures: [Failure] = []
  /// As many as are kept: a part that fails for days is known by its newest failures.
  private static let limit = 256

  /// Takes an event of a part in.
  mutating func note(_ event: PartEvent, _ attachment: String?, at time: Timestamp) {
    let last = failures.lastIndex { $0.failure.title == event.title && $0.failure.back == nil }
    switch event.state {
    case .stopped, .starting: return
    case .running:
      if let last { failures[last].failure.back = time }
    case .hung, .restarting, .ended, .failed:
      guard last == nil, let reason = event.state.failure else { return }
      failures.append(
        Failure(
          attachment: attachment,
          failure: LabCondition.ProgramFailure(
            title: event.title, reason: reason, lastWords: event.lastWords, time: time)))
      if failures.count > Self.limit { failures.removeFirst(Self.limit / 4) }
    }
  }

  /// How often parts of another agent's had been started again when they were last heard of.
  private var restarts: [String: Int] = [:]

  /// Takes in how a part of another agent's is, by its object. One that was started again since is known
  /// to have failed, though nobody saw it.
  mutating func note(_ part: LabPart) {
    guard let status = part.status else { return }
    let title = part.spec.title
    let time = Timestamp(apiTime: status.since) ?? .now
    let known = restarts.updateValue(status.restarts, forKey: title)
    let last = failures.lastIndex { $0.failure.title == title && $0.failure.back == nil }
    switch status.state {
    case .starting: return
    case .running:
      if let last {
        failures[last].failure.back = time
      } else if let known, status.restarts > known {
        add(part, "ended, and runs again", at: time, back: time)
      }
    case .hung, .restarting, .failed:
      guard last == nil else { return }
      add(part, status.message ?? status.state.rawValue, at: time, back: nil)
    }
  }

  private mutating func add(
    _ part: LabPart, _ text: String, at time: Timestamp, back: Timestamp?
  ) {
    // A message begins with the part's title, and a failure's reason is a predicate.
    let title = part.spec.title
    let lines = text.split(separator: "\n", maxSplits: 1)
    var reason = String(lines.first ?? "")
    if reason.hasPrefix("\(title) ") { reason.removeFirst(title.count + 1) }
    var failure = LabCondition.ProgramFailure(
      title: title, reason: reason, lastWords: lines.count > 1 ? String(lines[1]) : "", time: time)
    failure.back = back
    failures.append(Failure(attachment: part.spec.attachment, failure: failure))
    if failures.count > Self.limit { failures.removeFirst(Self.limit / 4) }
  }

  /// The failures that lasted or began after a time, of parts that some attachments depend on.
  func failures(
    during began: Timestamp, for attachments: Set<String>
  ) -> [LabCondition.ProgramFailure] {
    failures.filter { entry in
      entry.failure.back.map { $0 >= began } ?? true
        && entry.attachment.map(attachments.contains) ?? true
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
