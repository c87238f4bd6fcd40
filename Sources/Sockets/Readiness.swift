import Dispatch
import Synchronization

/// One wait for a descriptor, by a dispatch source that is used once.
final class Readiness: Sendable {
  private static let queue = DispatchQueue(label: "pxelab.sockets")

  private enum State {
    case new
    case waiting(CheckedContinuation<Void, Never>)
    case over
  }

  // Dispatch sources may be used from every thread; their type does not say so.
  private nonisolated(unsafe) let source: any DispatchSourceProtocol
  private let state = Mutex(State.new)

  private init(_ source: any DispatchSourceProtocol) {
    self.source = source
  }

  /// Waits until there is something to read, or a connection to accept.
  ///
  /// - Throws: `CancellationError`.
  static func read(_ descriptor: Int32) async throws {
    try await Readiness(
      DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    ).wait()
  }

  /// Waits until something can be written.
  ///
  /// - Throws: `CancellationError`.
  static func write(_ descriptor: Int32) async throws {
    try await Readiness(
      DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: queue)
    ).wait()
  }

  /// Returns when the descriptor is ready and the source has let go of it.
  ///
  /// - Throws: `CancellationError`.
  private func wait() async throws {
    source.setEventHandler { [self] in source.cancel() }
    // The descriptor may be closed only after this.
    source.setCancelHandler { [self] in over() }
    source.activate()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if case .over = state { return true }
          state = .waiting(continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      source.cancel()
    }
    try Task.checkCancellation()
  }

  private func over() {
    let waiter = state.withLock { state in
      defer { state = .over }
      if case .waiting(let continuation) = state { return Optional(continuation) }
      return nil
    }
    waiter?.resume()
  }
}
