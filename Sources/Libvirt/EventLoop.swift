import CLibvirt
import Dispatch
import Synchronization

/// libvirt's event loop: one for the process, on a thread of its own, for the life of the process.
/// libvirt wants it registered before the first connection is opened (virEventRegisterDefaultImpl).
enum EventLoop {
  private static let failure = Mutex<LibvirtError?>(nil)

  private static let registered: Result<Void, LibvirtError> = {
    if let reason = clibvirt_load() {
      return .failure(.notLoaded(String(cString: reason)))
    }
    guard virInitialize() == 0 else {
      return .failure(LibvirtError(lastIn: "virInitialize"))
    }
    // Without a handler libvirt prints every error to standard error, also those we expect.
    virSetErrorFunc(nil) { _, _ in }
    guard virEventRegisterDefaultImpl() == 0 else {
      return .failure(LibvirtError(lastIn: "virEventRegisterDefaultImpl"))
    }
    DispatchQueue(label: "libvirt events").async {
      while virEventRunDefaultImpl() == 0 {}
      let error = LibvirtError(lastIn: "virEventRunDefaultImpl")
      failure.withLock { $0 = error }
    }
    return .success(())
  }()

  /// Starts the loop if it does not run yet; throws when it could not, or has ended.
  static func start() throws(LibvirtError) {
    try registered.get()
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
