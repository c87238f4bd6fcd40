import CLibvirt

/// A connection to libvirt.
///
/// Its calls run one after the other; calls that are to run beside each other need connections of
/// their own, which a ``ConnectionPool`` has. No call blocks for ever: one without an answer in time
/// throws `.timedOut`, and the connection is given up, since nothing can interrupt a call. So do the
/// calls behind it. A caller whose task is cancelled is let go with `.cancelled`.
///
/// The connection is closed when the last reference to it goes, or by ``close()``.
package final class Connection: Sendable {
  private let session: Session
  private let end: ConnectionEnd
  /// How long a call may take once it is its turn.
  package let timeLimit: Duration

  private init(timeLimit: Duration) {
    self.timeLimit = timeLimit
    end = ConnectionEnd()
    session = Session(end: end)
  }

  deinit {
    end.happened(.closed)
  }

  /// Opens a connection: `test:///default`, `qemu+unix:///system?socket=PATH`.
  ///
  /// - Parameter timeLimit: how long this, and each later call, may take.
  /// - Throws: `LibvirtError`, `.systemError` where no daemon listens, `.timedOut`.
  package static func open(
    uri: String, timeLimit: Duration = .seconds(60)
  ) async throws(LibvirtError) -> Connection {
    guard !TimeLimit.isExhausted else { throw LibvirtError.exhausted }
    let connection = Connection(timeLimit: timeLimit)
    try await connection.call("virConnectOpen") { session throws(LibvirtError) in
      try session.connect(to: uri)
    }
    return connection
  }

  /// Closes the connection and ends every event stream. Later calls throw; closing twice is fine.
  /// Returns when libvirt has closed it, or does not answer in time.
  package func close() async {
    end.happened(.closed)
    let done = FirstResult<Result<Void, LibvirtError>>()
    let timer = TimeLimit(timeLimit) { done.settle(.success(())) }
    Task { [session] in
      await session.close()
      timer.end()
      done.settle(.success(()))
    }
    _ = await done.value()
  }

  /// Why the connection is of no use any more; `nil` while it is.
  package var closeReason: CloseReason? { end.reason }

  /// Waits for the connection's end: libvirtd ended, hangs, or ``close()`` was called. Drivers without
  /// a daemon, such as the test driver, have only the last.
  ///
  /// - Throws: `CancellationError`.
  package func closed() async throws -> CloseReason {
    let result = FirstResult<CloseReason>()
    let number = end.observe { result.settle($0) }
    defer { end.forget(number) }
    guard let reason = await result.value() else { throw CancellationError() }
    return reason
  }

  /// Asks libvirtd for its version, which it answers at once when it is well.
  ///
  /// - Throws: `LibvirtError`, `.timedOut`.
  package func ping(within limit: Duration = .seconds(5)) async throws(LibvirtError) {
    try await call("virConnectGetLibVersion", within: limit) { session throws(LibvirtError) in
      var version: UInt = 0
      guard
        virConnectGetLibVersion(try session.handle(for: "virConnectGetLibVersion"), &version) == 0
      else {
        throw LibvirtError(lastIn: "virConnectGetLibVersion")
      }
    }
  }

  /// Domain lifecycle events from now on. The stream ends when the connection is closed or lost;
  /// ``closeReason`` says which.
  ///
  /// - Throws: `LibvirtError`.
  package func events() async throws(LibvirtError) -> AsyncStream<LifecycleEvent> {
    let (stream, continuation) = AsyncStream<LifecycleEvent>.makeStream()
    let watcher = LifecycleWatcher(continuation: continuation)
    let callbacks = try await call("virConnectDomainEventRegisterAny") {
      session throws(LibvirtError) in
      try session.register(watcher)
    }
    let number = end.observe { _ in continuation.finish() }
    continuation.onTermination = { [weak self, session] _ in
      self?.end.forget(number)
      Task { await session.deregister(callbacks) }
    }
    return stream
  }

  /// Makes a call on the connection's queue.
  ///
  /// - Parameter limit: how long it may take; `nil` is ``timeLimit``.
  func call<Value: Sendable>(
    _ function: String, within limit: Duration? = nil,
    _ body: @escaping @Sendable (isolated Session) throws(LibvirtError) -> Value
  ) async throws(LibvirtError) -> Value {
    let answer = FirstResult<Result<Value, LibvirtError>>()
    let number = end.observe { answer.settle(.failure(.closed(function, $0))) }
    defer { end.forget(number) }
    // Not a child: the caller goes on when this hangs.
    Task { [session, limit = limit ?? timeLimit] in
      await session.make(function, within: limit, for: answer, body)
    }
    guard let result = await answer.value() else { throw LibvirtError.cancelled(function) }
    return try result.get()
  }
}
