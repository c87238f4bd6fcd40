import CLibvirt
import Synchronization

/// Carries lifecycle events from libvirt's event thread into one stream.
final class LifecycleWatcher: Sendable {
  private let continuation: AsyncStream<LifecycleEvent>.Continuation

  init(continuation: AsyncStream<LifecycleEvent>.Continuation) {
    self.continuation = continuation
  }

  /// Registers the callback, which keeps this watcher until it is deregistered.
  func register(on connection: virConnectPtr) throws(LibvirtError) -> Int32 {
    let callback: virConnectDomainEventCallback = { _, domain, event, detail, opaque in
      guard let domain, let opaque, let name = virDomainGetName(domain) else { return 0 }
      let watcher = Unmanaged<LifecycleWatcher>.fromOpaque(opaque).takeUnretainedValue()
      watcher.continuation.yield(
        LifecycleEvent(domain: String(cString: name), event: event, detail: detail))
      return 0
    }
    let context = Unmanaged.passRetained(self)
    // libvirt declares one callback type for all events and has callers cast (VIR_DOMAIN_EVENT_CALLBACK).
    let identifier = virConnectDomainEventRegisterAny(
      connection, nil, Int32(VIR_DOMAIN_EVENT_ID_LIFECYCLE.rawValue),
      unsafeBitCast(callback, to: virConnectDomainEventGenericCallback.self),
      context.toOpaque()
    ) { opaque in
      guard let opaque else { return }
      Unmanaged<LifecycleWatcher>.fromOpaque(opaque).release()
    }
    guard identifier >= 0 else {
      let error = LibvirtError(lastIn: "virConnectDomainEventRegisterAny")
      context.release()
      throw error
    }
    return identifier
  }
}

/// The open event streams of one connection, by libvirt's callback identifier.
final class LifecycleWatchers: Sendable {
  private let streams = Mutex<[Int32: AsyncStream<LifecycleEvent>.Continuation]>([:])

  func add(_ stream: AsyncStream<LifecycleEvent>.Continuation, callback: Int32) {
    streams.withLock { $0[callback] = stream }
  }

  /// Forgets a stream; false when it was forgotten already.
  func remove(_ callback: Int32) -> Bool {
    streams.withLock { $0.removeValue(forKey: callback) != nil }
  }

  /// Forgets all streams and returns their callbacks.
  func takeCallbacks() -> [Int32] {
    streams.withLock { streams in
      defer { streams = [:] }
      return streams.keys.sorted()
    }
  }

  func finish() {
    for stream in streams.withLock({ Array($0.values) }) { stream.finish() }
  }
}
