import Objects

/// Deletes what nobody asks for any more: Operations a minute after their end, Events an hour after
/// they were last seen (kube-apiserver, `--event-ttl`).
package struct Expiry: Reconciler {
  /// The controller's name.
  package let name = "expiry-controller"

  private let operationLifetime: Int
  private let eventLifetime: Int

  /// A controller; the lifetimes are in seconds.
  package init(operationLifetime: Int = 60, eventLifetime: Int = 3600) {
    self.operationLifetime = operationLifetime
    self.eventLifetime = eventLifetime
  }

  /// The keys of objects that expire.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    [.operations, .events].contains(key.resource) ? [key] : []
  }

  /// Deletes an object whose time is over, and looks again when it will be.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let object = snapshot.object(key), !object.isBeingDeleted,
      let end = end(of: object, key.resource)
    else { return Outcome() }
    guard end < moment.now else {
      return Outcome(after: .seconds(end.seconds - moment.now.seconds + 1))
    }
    return Outcome([.delete(key, uid: object.uid)])
  }

  /// When an object's time is over; `nil` when that is not known yet.
  private func end(of object: ObjectNode, _ resource: GroupResource) -> Timestamp? {
    func time(_ field: ObjectNode?) -> Timestamp? { field?.string.flatMap(Timestamp.init) }
    if resource == .operations {
      return time(object["status", "completionTime"]).map { $0 + operationLifetime }
    }
    let last =
      time(object["series", "lastObservedTime"]) ?? time(object["lastTimestamp"])
      ?? time(object["eventTime"]) ?? object.created
    return last.map { $0 + eventLifetime }
  }
}
