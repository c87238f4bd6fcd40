import Objects

@testable import Reconciliation
@testable import Store

/// All objects of a test, in the store's own table, so that a change means what it means there.
struct World: Reconciliation.Snapshot {
  private(set) var table = ObjectTable()
  var now = Timestamp(seconds: 1_764_440_028)
  private var count = 0

  /// What a decision came to when it was carried out until nothing was left.
  struct Settled {
    /// Looks that changed something.
    var passes = 0
    var events: [Event] = []
    var creations: [ObjectKey] = []
    var after: Duration?
  }

  /// More looks than any decision may take.
  struct Restless: Error {
    var key: ObjectKey
    var changes: [Reconciliation.Change]
  }

  func object(_ key: ObjectKey) -> ObjectNode? { table[key]?.tree }

  func objects(
    of resource: GroupResource, namespace: String?
  ) -> [(key: ObjectKey, object: ObjectNode)] {
    let found: [(key: ObjectKey, object: StoredObject)] = table.objects(
      of: resource, namespace: namespace)
    return found.map { (key: $0.key, object: $0.object.tree) }
  }

  func objects(inNamespace namespace: String) -> [(key: ObjectKey, object: ObjectNode)] {
    table.resources.flatMap { objects(of: $0, namespace: namespace) }
  }

  func dependents(of uid: String) -> [ObjectKey] { table.dependents(of: uid) }

  var moment: Moment {
    let text = String(count + 10_000)
    return Moment(now: now, nameSuffix: { text })
  }

  /// Looks at a key until nothing is to be done.
  mutating func settle(_ reconciler: any Reconciler, _ key: ObjectKey) throws -> Settled {
    var settled = Settled()
    while true {
      let outcome = reconciler.reconcile(key, in: self, at: moment)
      settled.after = outcome.after
      guard !outcome.changes.isEmpty else { return settled }
      settled.passes += 1
      guard settled.passes < 5 else { throw Restless(key: key, changes: outcome.changes) }
      try apply(outcome, noting: &settled)
    }
  }

  /// Looks at a key once.
  @discardableResult
  mutating func look(_ reconciler: any Reconciler, _ key: ObjectKey) throws -> Settled {
    var settled = Settled()
    let outcome = reconciler.reconcile(key, in: self, at: moment)
    settled.passes = outcome.changes.isEmpty ? 0 : 1
    settled.after = outcome.after
    try apply(outcome, noting: &settled)
    return settled
  }

  /// Does what a subresource does.
  mutating func carryOut(_ request: PowerRequest) throws {
    var settled = Settled()
    try apply(Outcome(try request.changes(of: machineKey, in: self)), noting: &settled)
  }

  private mutating func apply(_ outcome: Outcome, noting settled: inout Settled) throws {
    for change in outcome.changes {
      switch change {
      case .create(let key, let tree):
        settled.creations.append(key)
        try write(.create(key, tree, status: .together))
      case .update(let key, let tree):
        let isTogether = key.resource == .virtualMachineInstances
        try write(.update(key, unversioned(tree), status: isTogether ? .together : .apart))
      case .updateStatus(let key, let tree): try write(.updateStatus(key, unversioned(tree)))
      case .delete(let key, let uid):
        try write(.delete(key, nil, Preconditions(uid: uid)))
      case .event(let event):
        settled.events.append(event)
        guard case .create(let key, let tree) = event.change(in: self, at: now) else { continue }
        try write(.create(key, tree, status: .together))
      }
    }
  }

  /// Nobody else writes between a look and its changes here.
  private func unversioned(_ tree: ObjectNode) -> ObjectNode {
    var tree = tree
    tree["metadata", "resourceVersion"] = nil
    return tree
  }

  private mutating func write(_ request: WriteRequest) throws {
    count += 1
    let (seconds, uid) = (now.seconds, "uid-\(count)")
    var log: [UInt8] = []
    _ = try table.perform(
      request, at: WriteMoment(seconds: { seconds }, uid: { _ in uid }), within: StoreLimits(),
      log: &log)
  }

  // MARK: - What people and agents do

  mutating func create(_ key: ObjectKey, _ tree: ObjectNode) throws {
    try write(.create(key, tree, status: .together))
  }

  /// Changes an object, its status too; none that is not there.
  mutating func change(_ key: ObjectKey, _ change: (inout ObjectNode) -> Void) throws {
    guard var tree = object(key) else { return }
    change(&tree)
    try write(.update(key, tree, status: .together))
  }

  mutating func delete(_ key: ObjectKey) throws {
    guard object(key) != nil else { return }
    try write(.delete(key, nil, Preconditions()))
  }
}
