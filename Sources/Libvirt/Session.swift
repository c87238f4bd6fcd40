import CLibvirt

/// What belongs to libvirt's side of a connection. It lives on a queue of its own: calls block, and
/// never on Swift's cooperative pool. Errors are read on the thread of the call that raised them.
actor Session {
  private let executor = QueueExecutor(label: "libvirt")
  private let end: ConnectionEnd
  private var pointer: virConnectPtr?
  private var callbacks: Set<Int32> = []

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(end: ConnectionEnd) {
    self.end = end
  }

  isolated deinit {
    close()
  }

  /// libvirtd is asked for a sign of life each 5 s, and lost after five that it did not answer.
  private static let keepAlive: (interval: Int32, count: UInt32) = (5, 5)

  /// libvirt compares it with the one that is to be unregistered.
  private static let closeCallback: virConnectCloseFunc = { _, reason, opaque in
    guard let opaque else { return }
    Unmanaged<ConnectionEnd>.fromOpaque(opaque).takeUnretainedValue()
      .happened(CloseReason(number: reason))
  }

  func connect(to uri: String) throws(LibvirtError) {
    try EventLoop.start()
    guard let pointer = virConnectOpen(uri) else { throw LibvirtError(lastIn: "virConnectOpen") }
    self.pointer = pointer
    let context = Unmanaged.passRetained(end)
    let registered = virConnectRegisterCloseCallback(
      pointer, Self.closeCallback, context.toOpaque(),
      { opaque in
        guard let opaque else { return }
        Unmanaged<ConnectionEnd>.fromOpaque(opaque).release()
      })
    // Drivers without a daemon, such as the test driver, cannot lose one and say "no support".
    if registered != 0 { context.release() }
    _ = virConnectSetKeepAlive(pointer, Self.keepAlive.interval, Self.keepAlive.count)
  }

  func close() {
    guard let pointer else { return }
    self.pointer = nil
    for callback in callbacks { virConnectDomainEventDeregisterAny(pointer, callback) }
    callbacks = []
    virConnectUnregisterCloseCallback(pointer, Self.closeCallback)
    virConnectClose(pointer)
  }

  func handle(for function: String) throws(LibvirtError) -> virConnectPtr {
    guard let pointer else { throw LibvirtError.closed(function, end.reason ?? .closed) }
    return pointer
  }

  func lookUp(_ name: String) throws(LibvirtError) -> DomainReference {
    let connection = try handle(for: "virDomainLookupByName")
    guard let domain = virDomainLookupByName(connection, name) else {
      throw LibvirtError(lastIn: "virDomainLookupByName")
    }
    return DomainReference(owning: domain)
  }

  func register(_ watcher: LifecycleWatcher) throws(LibvirtError) -> [Int32] {
    let connection = try handle(for: "virConnectDomainEventRegisterAny")
    let registered = try watcher.register(on: connection)
    callbacks.formUnion(registered)
    return registered
  }

  func deregister(_ registered: [Int32]) {
    guard let pointer else { return }
    for callback in registered where callbacks.remove(callback) != nil {
      virConnectDomainEventDeregisterAny(pointer, callback)
    }
  }

  /// Makes one call, unless its caller has gone.
  ///
  /// - Parameter limit: how long it may take from now on. Then the connection is given up.
  func make<Value: Sendable>(
    _ function: String, within limit: Duration,
    for answer: FirstResult<Result<Value, LibvirtError>>,
    _ body: (isolated Session) throws(LibvirtError) -> Value
  ) {
    guard answer.settled == nil else { return }
    let timer = TimeLimit(limit) { [end] in
      end.happened(.hung(function: function, limit: limit))
    }
    let result: Result<Value, LibvirtError>
    do throws(LibvirtError) {
      result = .success(try body(self))
    } catch {
      result = .failure(plain(error, in: function))
    }
    timer.end()
    answer.settle(result)
  }

  /// The error of a call, in which libvirt's words for a connection that broke are replaced.
  private func plain(_ error: LibvirtError, in function: String) -> LibvirtError {
    guard let pointer, virConnectIsAlive(pointer) == 0 else { return error }
    end.happened(.ended)
    return .closed(function, end.reason ?? .ended)
  }
}
