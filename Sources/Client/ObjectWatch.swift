import Objects

/// What a watch says.
package enum ObjectEvent: Sendable, Equatable {
  /// All objects as they are: at the beginning, and whenever changes may have been missed.
  case synced([ObjectNode])
  /// An object is there that was not, or was not selected.
  case added(ObjectNode)
  /// An object has changed.
  case modified(ObjectNode)
  /// An object is gone, or not selected any more; as it was before.
  case deleted(ObjectNode)
}

/// The objects that a watch is about.
package struct ObjectScope: Sendable, Equatable {
  /// The kind.
  package var resource: GroupResource
  /// The namespace; empty is all of them.
  package var namespace: String
  /// The label selector; empty is all.
  package var labels: String
  /// The field selector; empty is all.
  package var fields: String

  /// A scope.
  package init(
    _ resource: GroupResource, namespace: String = "", labels: String = "", fields: String = ""
  ) {
    self.resource = resource
    self.namespace = namespace
    self.labels = labels
    self.fields = fields
  }
}

extension APIClient {
  /// Watches objects: first ``ObjectEvent/synced(_:)`` with all of them, then each change once. When
  /// the connection ends it is made anew from where it was; when the lab has forgotten that place,
  /// there is a new ``ObjectEvent/synced(_:)``.
  ///
  /// Nothing is buffered: a reader that takes its time finds itself synced again.
  ///
  /// - Parameter patience: how long the lab may be out of reach, as while it starts anew, before the
  ///   watch throws ``APIClientError/notReachable(socket:reason:)``.
  package func watch(_ scope: ObjectScope, patience: Duration = .seconds(30)) -> ObjectWatch {
    ObjectWatch(client: self, scope: scope, patience: patience)
  }
}

/// A watch of objects. It ends by an error, and when its task is cancelled.
package struct ObjectWatch: AsyncSequence, Sendable {
  package typealias Element = ObjectEvent
  package typealias Failure = APIClientError

  let client: APIClient
  let scope: ObjectScope
  let patience: Duration

  /// An iterator that begins with all objects.
  package func makeAsyncIterator() -> Iterator { Iterator(watch: self) }

  /// Where a reader of a watch is.
  package struct Iterator: AsyncIteratorProtocol, Sendable {
    private static let firstPause = Duration.milliseconds(20)

    let watch: ObjectWatch
    /// The revision after which changes are wanted; `nil` when all objects are.
    private var revision: String?
    private var exchange: HTTPExchange?
    private var rest: [UInt8] = []

    init(watch: ObjectWatch) {
      self.watch = watch
    }

    /// The next event; `nil` when the task is cancelled.
    ///
    /// - Throws: ``APIClientError``.
    package mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(APIClientError) -> ObjectEvent? {
      var trouble: ContinuousClock.Instant?
      var pause = Self.firstPause
      while !Task.isCancelled {
        do {
          if let event = try await step() { return event }
          trouble = nil
          pause = Self.firstPause
        } catch .cancelled {
          return nil
        } catch {
          guard error.isPassing else { throw error }
          exchange = nil
          let now = ContinuousClock.now
          let since = trouble ?? now
          trouble = since
          guard now - since < watch.patience else { throw error }
          do {
            try await Task.sleep(for: pause)
          } catch {
            return nil
          }
          pause = Swift.min(pause * 2, .seconds(1))
        }
      }
      return nil
    }

    /// One step: lists, connects, or reads a line; `nil` when the caller learns nothing of it.
    private mutating func step() async throws(APIClientError) -> ObjectEvent? {
      guard let revision else {
        let list = try await watch.client.list(
          watch.scope.resource, namespace: watch.scope.namespace, labels: watch.scope.labels,
          fields: watch.scope.fields)
        self.revision = list.resourceVersion
        return .synced(list.items)
      }
      guard var open = exchange else {
        rest = []
        do {
          exchange = try await watch.open(after: revision)
        } catch {
          // Forgotten, or not reached yet by a lab that began anew: all objects again.
          guard [410, 504].contains(error.status?.code) else { throw error }
          self.revision = nil
        }
        return nil
      }
      let line: [UInt8]?
      do {
        line = try await open.line(&rest)
      } catch {
        throw APIClientError(error, socket: watch.client.socketPath)
      }
      // At its end a watch is made anew: the server gives each a time.
      exchange = line == nil ? nil : open
      return try line.flatMap { line throws(APIClientError) in try read(line) }
    }

    private mutating func read(_ line: [UInt8]) throws(APIClientError) -> ObjectEvent? {
      let tree: ObjectNode
      do {
        tree = try ObjectNode(json: line)
      } catch {
        throw .notUnderstood("\(error)")
      }
      guard let type = tree["type"]?.string, let object = tree["object"] else {
        throw .notUnderstood("an event without type or object")
      }
      if type == "ERROR" {
        let refusal = StatusError(object) ?? StatusError(500, "", "an error without a Status")
        exchange = nil
        guard refusal.code == 410 else { throw .refused(refusal) }
        revision = nil
        return nil
      }
      if let version = object["metadata", "resourceVersion"]?.string { revision = version }
      switch type {
      case "ADDED": return .added(object)
      case "MODIFIED": return .modified(object)
      case "DELETED": return .deleted(object)
      default: return nil
      }
    }
  }

  /// Begins to watch after a revision.
  private func open(after revision: String) async throws(APIClientError) -> HTTPExchange {
    let query = Query(
      ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", revision),
      ("labelSelector", scope.labels), ("fieldSelector", scope.fields))
    let target =
      try client.known(scope.resource).path(namespace: scope.namespace.percentEncoded) + query.text
    let socket = client.socketPath
    return try await APIClient.within(client.timeLimit, "GET \(target)", socket) {
      var exchange = try await HTTPExchange(socket: socket, method: "GET", target: target)
      if exchange.status != 200 { try APIClient.check(exchange.status, try await exchange.body()) }
      return exchange
    }
  }
}

extension APIClientError {
  /// Whether it may be over soon: the lab is out of reach, or busy.
  fileprivate var isPassing: Bool {
    switch self {
    case .notReachable, .timedOut: true
    case .refused(let status): status.code == 503 || status.code == 429
    case .notUnderstood, .unknownKind, .cancelled: false
    }
  }
}
