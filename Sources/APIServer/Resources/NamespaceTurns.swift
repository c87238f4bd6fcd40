/// Who may make an object in a namespace, one after another in the order in which they came.
actor NamespaceTurns {
  /// Those who wait, of namespaces in which somebody has the turn.
  private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

  /// Waits for the turn in a namespace; ``end(in:)`` must follow.
  func begin(in namespace: String) async {
    guard waiting[namespace] != nil else {
      waiting[namespace] = []
      return
    }
    await withCheckedContinuation { waiting[namespace, default: []].append($0) }
  }

  /// Gives the turn on.
  func end(in namespace: String) {
    guard waiting[namespace]?.isEmpty == false else {
      waiting[namespace] = nil
      return
    }
    waiting[namespace]?.removeFirst().resume()
  }
}
