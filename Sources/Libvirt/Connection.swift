import CLibvirt

/// A connection to libvirt.
///
/// Calls block, so they run one after the other on a queue of the connection's own, never on
/// Swift's cooperative pool. Errors are read on the thread of the call that raised them. The
/// connection is closed when the last reference to it goes, or by `close()`.
package actor Connection {
  private let executor = QueueExecutor(label: "libvirt")
  private var pointer: virConnectPtr?
  private let watchers = LifecycleWatchers()

  /// The queue on which the calls run.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private init() {}

  isolated deinit {
    close()
  }

  /// Opens a connection: `test:///default`, `qemu+unix:///system?socket=PATH`.
  ///
  /// - Throws: `LibvirtError`, `.systemError` where no daemon listens.
  package static func open(uri: String) async throws(LibvirtError) -> Connection {
    let connection = Connection()
    try await connection.connect(to: uri)
    return connection
  }

  private func connect(to uri: String) throws(LibvirtError) {
    try EventLoop.start()
    guard let pointer = virConnectOpen(uri) else { throw LibvirtError(lastIn: "virConnectOpen") }
    self.pointer = pointer
    let context = Unmanaged.passRetained(watchers)
    let registered = virConnectRegisterCloseCallback(
      pointer,
      { _, _, opaque in
        guard let opaque else { return }
        Unmanaged<LifecycleWatchers>.fromOpaque(opaque).takeUnretainedValue().finish()
      },
      context.toOpaque(),
      { opaque in
        guard let opaque else { return }
        Unmanaged<LifecycleWatchers>.fromOpaque(opaque).release()
      })
    // Drivers without a daemon, such as the test driver, cannot lose one and say "no support".
    if registered != 0 { context.release() }
  }

  /// Closes the connection and ends every event stream. Later calls throw; closing twice is fine.
  package func close() {
    watchers.finish()
    guard let pointer else { return }
    self.pointer = nil
    for callback in watchers.takeCallbacks() {
      virConnectDomainEventDeregisterAny(pointer, callback)
    }
    virConnectUnregisterCloseCallback(pointer) { _, _, _ in }
    virConnectClose(pointer)
  }

  func handle(for function: String) throws(LibvirtError) -> virConnectPtr {
    guard let pointer else { throw LibvirtError.closed(function) }
    return pointer
  }

  func lookUp(_ name: String) throws(LibvirtError) -> DomainReference {
    let connection = try handle(for: "virDomainLookupByName")
    guard let domain = virDomainLookupByName(connection, name) else {
      throw LibvirtError(lastIn: "virDomainLookupByName")
    }
    return DomainReference(owning: domain)
  }

  /// Domain lifecycle events from now on. The stream ends when the connection is closed or lost.
  ///
  /// - Throws: `LibvirtError`.
  package func events() throws(LibvirtError) -> AsyncStream<LifecycleEvent> {
    try EventLoop.start()
    let connection = try handle(for: "virConnectDomainEventRegisterAny")
    let (stream, continuation) = AsyncStream<LifecycleEvent>.makeStream()
    let callbacks = try LifecycleWatcher(continuation: continuation).register(on: connection)
    watchers.add(continuation, callbacks: callbacks)
    continuation.onTermination = { [weak self] _ in
      Task { [weak self] in await self?.stopWatching(callbacks) }
    }
    return stream
  }

  private func stopWatching(_ callbacks: [Int32]) {
    guard let pointer, watchers.remove(callbacks) else { return }
    for callback in callbacks { virConnectDomainEventDeregisterAny(pointer, callback) }
  }
}
