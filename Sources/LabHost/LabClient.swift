import FoundationEssentials
import Kinds
import Objects
import PXEWire
import Planning

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

  /// The lab as it is.
  package func status() async throws -> LabStatus {
    try LabStatus(try await snapshot(), lab: lab)
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
