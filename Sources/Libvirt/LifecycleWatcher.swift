import CLibvirt

/// Carries lifecycle events from libvirt's event thread into one stream.
final class LifecycleWatcher: Sendable {
  private let continuation: AsyncStream<LifecycleEvent>.Continuation

  init(continuation: AsyncStream<LifecycleEvent>.Continuation) {
    self.continuation = continuation
  }

  /// Registers the callbacks, which keep this watcher until they are deregistered.
  ///
  /// - Returns: libvirt's identifiers of them.
  func register(on connection: virConnectPtr) throws(LibvirtError) -> [Int32] {
    let lifecycle: virConnectDomainEventCallback = { _, domain, event, detail, opaque in
      LifecycleWatcher.tell(opaque, of: domain) {
        LifecycleEvent(domain: $0, event: event, detail: detail)
      }
      return 0
    }
    let reset: virConnectDomainEventGenericCallback = { _, domain, opaque in
      LifecycleWatcher.tell(opaque, of: domain) { LifecycleEvent(domain: $0, kind: .reset) }
    }
    // libvirt declares one callback type for all events and has callers cast (VIR_DOMAIN_EVENT_CALLBACK).
    let first = try register(
      unsafeBitCast(lifecycle, to: virConnectDomainEventGenericCallback.self),
      for: VIR_DOMAIN_EVENT_ID_LIFECYCLE, on: connection)
    do {
      return [first, try register(reset, for: VIR_DOMAIN_EVENT_ID_REBOOT, on: connection)]
    } catch {
      virConnectDomainEventDeregisterAny(connection, first)
      throw error
    }
  }

  private func register(
    _ callback: @escaping virConnectDomainEventGenericCallback, for event: virDomainEventID,
    on connection: virConnectPtr
  ) throws(LibvirtError) -> Int32 {
    let context = Unmanaged.passRetained(self)
    let identifier = virConnectDomainEventRegisterAny(
      connection, nil, Int32(event.rawValue), callback, context.toOpaque()
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

  private static func tell(
    _ opaque: UnsafeMutableRawPointer?, of domain: virDomainPtr?,
    _ event: (String) -> LifecycleEvent
  ) {
    guard let domain, let opaque, let name = virDomainGetName(domain) else { return }
    let watcher = Unmanaged<LifecycleWatcher>.fromOpaque(opaque).takeUnretainedValue()
    watcher.continuation.yield(event(String(cString: name)))
  }
}
