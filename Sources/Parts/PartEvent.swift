import Kinds

/// A change in a part's life.
package struct PartEvent: Hashable, Sendable {
  /// The part's title.
  package var title: String
  /// What has become of it.
  package var state: PartState
  /// What it said last, of one that has ended; empty where it said nothing.
  package var lastWords: String = ""
  /// How often it has been started again.
  package var restarts: Int = 0
  /// The networks that depend on it (``Part/networks``).
  package var networks: [String]?

  /// A change.
  package init(
    title: String, state: PartState, lastWords: String = "", restarts: Int = 0,
    networks: [String]? = nil
  ) {
    self.title = title
    self.state = state
    self.lastWords = lastWords
    self.restarts = restarts
    self.networks = networks
  }
}

extension PartEvent: CustomStringConvertible {
  /// A sentence for a person, without its full stop; the part's last words follow on further lines.
  package var description: String {
    let words = lastWords.isEmpty ? "" : ". Its last words:\n\(lastWords)"
    switch state {
    case .stopped: return "\(title) is stopped"
    case .starting: return "\(title) is being started"
    case .running: return restarts == 0 ? "\(title) runs" : "\(title) runs again"
    case .hung(_, let reason): return "\(title) hangs: \(reason)"
    case .restarting(let attempt, _, let reason):
      return "\(title) \(reason); it is started again"
        + (attempt == 1 ? "" : ", attempt \(attempt)") + words
    case .ended(let reason):
      return "\(title) \(reason)" + (lastWords.isEmpty ? "; it said nothing" : ":\n\(lastWords)")
    case .failed(let reason): return "\(title) \(reason)" + words
    }
  }
}

extension PartEvent {
  /// What the part's object is to be; `nil` of one that is not to run.
  ///
  /// - Parameters:
  ///   - node: the node that it runs on; `nil` of the lab's own.
  ///   - time: when it happened (RFC 3339).
  package func object(
    node: String?, isNode: Bool = false, at time: String
  ) -> LabPart? {
    guard let state = state.ofObject else { return nil }
    return LabPart(
      name: LabPart.name(of: title),
      spec: LabPart.Spec(
        title: title, node: node, networks: networks, isNode: isNode ? true : nil),
      status: LabPart.Status(
        state: state, since: time, restarts: restarts,
        message: self.state.reason == nil ? nil : "\(self)"))
  }
}
