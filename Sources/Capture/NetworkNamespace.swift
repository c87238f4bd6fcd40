import CLinux
import Glibc

/// Another network namespace than this process's.
enum NetworkNamespace {
  private final class Work<Value> {
    let body: () throws(CaptureError) -> Value
    var result: Result<Value, CaptureError>?

    init(_ body: @escaping () throws(CaptureError) -> Value) { self.body = body }
  }

  /// Runs `body` in the namespace that a file stands for, on another thread, and returns what it returns.
  ///
  /// - Throws: `CaptureError` where that cannot be entered, and what `body` throws.
  static func run<Value>(
    in path: String, _ body: @escaping () throws(CaptureError) -> Value
  ) throws(CaptureError) -> Value {
    let work = Work<Value>(body)
    let step: () -> Void = {
      do throws(CaptureError) {
        work.result = .success(try work.body())
      } catch {
        work.result = .failure(error)
      }
    }
    let status = withUnsafePointer(to: step) { pointer in
      clinux_run_in_namespace(
        path, { $0?.assumingMemoryBound(to: (() -> Void).self).pointee() },
        UnsafeMutableRawPointer(mutating: pointer))
    }
    guard status == 0, let result = work.result else {
      throw CaptureError(
        source: path, operation: errno == EPERM ? .permission : .open,
        reason: String(cString: strerror(errno)))
    }
    return try result.get()
  }
}
