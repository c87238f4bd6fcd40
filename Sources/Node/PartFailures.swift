import Diagnosis
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
