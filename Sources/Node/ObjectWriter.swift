import Kinds
import Logging
import Objects
import PXEWire
import Synchronization

/// Writes what a node has to say of its objects. A write that fails is said in the log and does not stop
/// the node: the next one says the newest.
package struct ObjectWriter: Sendable {
  let api: any ObjectAPI
  let node: String
  let log: Logger
  private let events: AsyncStream<(EventRecord, String)>.Continuation
  private let pending: AsyncStream<(EventRecord, String)>
  private let numbers = EventNumbers()

  /// How long the API may be away before what was to be written is given up.
  private static let patience: Duration = .seconds(120)

  package init(_ api: any ObjectAPI, node: String, log: Logger) {
    self.api = api
    self.node = node
    self.log = log
    (pending, events) = AsyncStream.makeStream(
      of: (EventRecord, String).self, bufferingPolicy: .bufferingNewest(8192))
  }

  /// Sends the events, oldest first, until cancelled.
  package func run() async {
    for await (record, name) in pending {
      let tree = record.tree(name: name)
      let key = ObjectKey(
        EventRecord.resource, namespace: tree["metadata", "namespace"]?.string ?? "", name: name)
      await write(key) { try await api.create(key, tree) }
    }
  }

  /// Tells something that happened to an object.
  ///
  /// - Parameters:
  ///   - component: who tells it: pxelab itself, or what stands on a cluster's node in its place.
  ///   - percent: how much of a stage is done, in percent.
  package func tell(
    _ object: EventRecord.Reference, _ kind: EventRecord.Kind = .normal, reason: String,
    _ message: String, component: String = "pxelab", percent: Int? = nil
  ) {
    let now = Timestamp.now
    let record = EventRecord(
      object, kind, reason: reason, message, component: component,
      host: component == "pxelab" ? nil : node, time: now.microTime, percent: percent)
    // As client-go names events: the object's name and digits.
    events.yield((record, "\(object.name).\(numbers.next(now))"))
  }

  /// Changes an object's status.
  ///
  /// - Returns: whether the edit has changed it.
  @discardableResult
  package func changeStatus(
    _ key: ObjectKey, _ edit: @escaping @Sendable (inout ObjectNode) -> Bool
  ) async -> Bool {
    // An instance has no subresource `status` (KubeVirt's CRD).
    let isApart = key.resource != .virtualMachineInstances
    let isChanged = Mutex(false)
    let isWritten = await write(key) {
      // The answer to a write was lost, then, and the next edit may find its change made.
      let wasChanged = isChanged.withLock { $0 }
      return try await api.change(key, status: isApart) { tree in
        let changes = edit(&tree)
        isChanged.withLock { $0 = wasChanged || changes }
        return changes
      }
    }
    return isWritten && isChanged.withLock { $0 }
  }

  /// Changes an object.
  ///
  /// - Returns: whether it is as the edit wants it.
  @discardableResult
  package func change(
    _ key: ObjectKey, _ edit: @escaping @Sendable (inout ObjectNode) -> Bool
  ) async -> Bool {
    await write(key) { try await api.change(key, status: false, edit) }
  }

  /// Makes an object with its status, or leaves it as it is when it is there.
  package func make(_ key: ObjectKey, _ tree: ObjectNode) async {
    await write(key) {
      do {
        var made = try await api.create(key, tree)
        // Who makes an object does not say how it is.
        guard let status = tree["status"], made["status"]?.canonical != status.canonical else {
          return made
        }
        made["status"] = status
        return try await api.updateStatus(key, made)
      } catch is ObjectConflict {
        return nil
      }
    }
  }

  @discardableResult
  private func write(_ key: ObjectKey, _ body: () async throws -> ObjectNode?) async -> Bool {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      do {
        _ = try await body()
        return true
      } catch is CancellationError {
        return false
      } catch let error as ObjectAPIAway where ContinuousClock.now < deadline {
        log.info("to be written again", metadata: ["object": "\(key)", "error": "\(error)"])
        do {
          try await Task.sleep(for: .milliseconds(250))
        } catch {
          return false
        }
      } catch {
        log.error(
          "not written", metadata: ["object": "\(key.resource) \(key)", "error": "\(error)"])
        return false
      }
    }
  }
}
