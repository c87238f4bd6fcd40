import FoundationEssentials
import Kinds
import LabPlan
import Objects
import PXEWire

/// Speaks with a lab that is up, by its API.
package struct LabClient: Sendable {
  /// The lab's name.
  package let lab: String
  let api: any ObjectAPI

  /// How long a lab's API, started again, takes at most until it listens.
  static let restartPatience: Duration = .seconds(5)

  /// A client of a lab's API.
  package init(lab: String, api: any ObjectAPI) {
    self.lab = lab
    self.api = api
  }

  /// All objects that commands look at.
  package func snapshot() async throws -> LabSnapshot {
    let lists = try await withThrowingTaskGroup(
      of: [(key: ObjectKey, object: ObjectNode)].self
    ) { group in
      for resource in LabSnapshot.resources {
        group.addTask { try await api.list(resource) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return LabSnapshot(Dictionary(lists.map { ($0.key, $0.object) }) { first, _ in first })
  }

  /// What the lab's objects ask of its nodes.
  package func plan() async throws -> LabPlan { try await snapshot().plan(lab: lab) }

  /// What a node has of the lab: the machines that are on there, and their ports.
  ///
  /// - Parameter name: the node's name; `nil` for the only one.
  /// - Throws: ``LabHostError`` when there is none of this name.
  package func plan(ofNode name: String?) async throws -> LabPlan {
    let node = try await node()
    guard name == nil || name == node else {
      throw LabHostError(
        .request, "the lab \(lab) has no node \((name ?? "").debugDescription); it has \(node)")
    }
    return try await snapshot().plan(lab: lab, node: node)
  }

  /// The lab as it is.
  package func status() async throws -> LabStatus {
    try LabStatus(try await snapshot(), lab: lab)
  }

  /// The only node there is.
  ///
  /// - Throws: ``RegistryError`` while there is none.
  func node() async throws -> String {
    guard let node = try await api.list(GroupResource("nodes")).first?.key.name else {
      throw RegistryError.beingMade(lab)
    }
    return node
  }

  /// Has a node do something once, and returns when it is done.
  ///
  /// - Parameters:
  ///   - machine: what it is about, as people call it.
  ///   - limit: how long it may take.
  /// - Throws: ``LabHostError`` in the node's words, or when no answer comes in time.
  @discardableResult
  package func perform(
    _ action: NodeAction, on machine: String? = nil, _ arguments: ObjectNode? = nil,
    within limit: Duration = .seconds(30)
  ) async throws -> ObjectNode {
    let name = "\(action.rawValue.lowercased())-\(UUID().uuidString.lowercased())"
    let operation = NodeOperation(
      name: name,
      spec: NodeOperation.Spec(
        node: try await node(), machine: machine, action: action.rawValue,
        arguments: arguments.map(ObjectNode.JSON.init)))
    let key = operation.key
    _ = try await api.create(key, try operation.tree())
    let status: ObjectNode
    do {
      status = try await wait(for: key, within: limit) { $0?["status"] }
    } catch {
      try? await api.delete(key)
      throw error
    }
    try await api.delete(key)
    guard status["outcome"]?.string == NodeOperation.Outcome.done.rawValue else {
      throw LabHostError(.lab, status["message"]?.string ?? "the node refused")
    }
    return status["result"] ?? .null
  }

  /// The same with an answer of a known form.
  // Where it is inlined, the compiler of Swift 6.3 crashes in release mode (coroutine splitting).
  @inline(never)
  package func perform<Value: Decodable>(
    _ action: NodeAction, on machine: String? = nil, _ arguments: ObjectNode? = nil,
    as type: Value.Type = Value.self
  ) async throws -> Value {
    try await perform(action, on: machine, arguments).decoded(as: type)
  }

  /// Waits until the node is there and has taken what was applied before.
  ///
  /// - Parameter limit: how long it may take once it is there.
  package func settle(within limit: Duration) async throws {
    for try await change in api.watch(GroupResource("nodes")) {
      if case .all(let nodes) = change, nodes.isEmpty { continue }
      break
    }
    try await perform(.settle, within: limit)
  }

  /// Waits until an object is as it should be.
  ///
  /// - Parameter answer: called with each version, `nil` when there is none; what it returns ends the
  ///   waiting.
  /// - Throws: ``LabHostError`` when the time is over.
  func wait<Value: Sendable>(
    for key: ObjectKey, within limit: Duration,
    _ answer: @escaping @Sendable (ObjectNode?) -> Value?
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { [api] in
        for try await change in api.watch(key.resource) {
          let object: ObjectNode??
          switch change {
          case .all(let objects): object = .some(objects.first { $0.key == key }?.object)
          case .set(key, let node): object = .some(node)
          case .gone(key): object = .some(nil)
          default: object = nil
          }
          if let object, let value = answer(object) { return value }
        }
        return nil
      }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let value = first else {
        throw LabHostError(
          .lab, "the lab \(lab) did not answer within \(limit): `pxelab status` shows its parts")
      }
      return value
    }
  }

  /// What has happened in the lab so far, oldest first.
  package func events() async throws -> [LabEvent] {
    let snapshot = try await snapshot()
    let (began, titles) = (snapshot.began, try snapshot.titles(lab: lab))
    return Self.ordered(try await api.list(EventRecord.resource).map(\.object)).enumerated()
      .compactMap { LabEvent($0.element, number: $0.offset, since: began, titles: titles) }
  }

  /// Where a stream of events begins.
  package enum EventStart: Sendable {
    /// With what has happened before.
    case beginning
    /// With what happens next.
    case now
  }

  /// What happens, oldest first; ends with the lab.
  package func eventStream(
    from start: EventStart = .beginning, titles given: [String: String]? = nil
  ) async throws -> AsyncThrowingStream<LabEvent, any Error> {
    let snapshot = try await snapshot()
    let titles = try given ?? snapshot.titles(lab: lab)
    let changes = api.watch(EventRecord.resource)
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: LabEvent.self)
    let task = Task {
      var number = 0
      var known: Set<ObjectKey> = []
      var isFirst = true
      var began = snapshot.beginning
      func tell(_ key: ObjectKey, _ object: ObjectNode) {
        let time = Timestamp(apiTime: Self.time(object))
        // Of a lab that has not begun when one looks, the first event is the beginning.
        let first = began ?? time ?? Timestamp(nanoseconds: 0)
        began = first
        guard known.insert(key).inserted,
          let event = LabEvent(object, number: number, since: first, titles: titles)
        else { return }
        number += 1
        continuation.yield(event)
      }
      do {
        for try await change in changes {
          switch change {
          case .all(let objects):
            if isFirst, case .now = start { known.formUnion(objects.map(\.key)) }
            isFirst = false
            let new = objects.filter { !known.contains($0.key) }
            for item in new.sorted(by: { Self.version($0.object) < Self.version($1.object) }) {
              tell(item.key, item.object)
            }
          case .set(let key, let object): tell(key, object)
          case .gone: continue
          }
        }
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  private static func time(_ event: ObjectNode) -> String {
    event["eventTime"]?.string ?? event["firstTimestamp"]?.string ?? ""
  }

  /// The place of an event among all: times of controllers are whole seconds.
  private static func version(_ event: ObjectNode) -> Int {
    event["metadata", "resourceVersion"]?.string.flatMap(Int.init) ?? 0
  }

  private static func ordered(_ events: [ObjectNode]) -> [ObjectNode] {
    events.sorted { version($0) < version($1) }
  }
}
