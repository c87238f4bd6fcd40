import Objects

/// What a decision wants to be different.
package enum Change: Equatable, Sendable {
  /// The object is made, its status with it.
  case create(ObjectKey, ObjectNode)
  /// The object becomes this tree. Its status is taken from it only for a kind that has no
  /// subresource `status`; resourceVersion in it is that of the object that was seen.
  case update(ObjectKey, ObjectNode)
  /// The object's status becomes that of this tree.
  case updateStatus(ObjectKey, ObjectNode)
  /// The object is deleted if it still has this UID.
  case delete(ObjectKey, uid: String)
  /// People are told of something, once the changes before it are made.
  case event(Event)

  /// The key of the object that changes; of an event its own.
  package var key: ObjectKey {
    switch self {
    case .create(let key, _), .update(let key, _), .updateStatus(let key, _), .delete(let key, _):
      key
    case .event(let event): event.key
    }
  }
}

/// What a decision comes to.
package struct Outcome: Equatable, Sendable {
  /// What is to be done, in this order; after one that fails nothing is.
  package var changes: [Change]
  /// When to look again though nothing has changed by then; `nil` is never.
  package var after: Duration?

  /// An outcome; without arguments there is nothing to do.
  package init(_ changes: [Change] = [], after: Duration? = nil) {
    self.changes = changes
    self.after = after
  }
}

/// What a decision takes from outside besides the objects.
package struct Moment: Sendable {
  /// The time.
  package var now: Timestamp
  /// The end of a name that must not be taken (`generateName`): five letters and digits.
  package var nameSuffix: @Sendable () -> String

  /// A moment.
  package init(now: Timestamp, nameSuffix: @escaping @Sendable () -> String) {
    self.now = now
    self.nameSuffix = nameSuffix
  }
}

/// A controller's decision: a function of the objects and the time, without effects.
///
/// It looks at what is, not at what has happened: whatever was missed or done twice, the same
/// objects have the same outcome, and an outcome that is carried out leaves nothing to do, or
/// takes one step more of the same way.
package protocol Reconciler: Sendable {
  /// The controller's name, for logs.
  var name: String { get }

  /// Whether each decision is to see what the one before it has written: of any key, and not of its own
  /// alone. Then they are taken one after the other.
  var takesTurns: Bool { get }

  /// The keys to look at because an object is there, has changed or is gone.
  ///
  /// - Parameter object: the object as it is or, if it is gone, as it was.
  func keys(concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot)
    -> [ObjectKey]

  /// What is to be done about an object.
  func reconcile(_ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment) -> Outcome
}

extension Reconciler {
  package var takesTurns: Bool { false }
}
