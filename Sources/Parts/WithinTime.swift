/// Something did not end in the time that it had.
package struct TimeLimitError: Error, Hashable, CustomStringConvertible {
  /// The time.
  package let limit: Duration

  /// How long it had.
  package var description: String { "it took longer than \(limit)" }
}

/// Waits for something no longer than a time, even where it does not heed cancellation.
///
/// - Throws: ``TimeLimitError``, `CancellationError`, and what `body` throws.
func withinTime<Value: Sendable>(
  _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let (results, result) = AsyncStream.makeStream(of: Result<Value, any Error>.self)
  let work = Task {
    do {
      result.yield(.success(try await body()))
    } catch {
      result.yield(.failure(error))
    }
  }
  let timer = Task {
    try await Task.sleep(for: limit)
    result.yield(.failure(TimeLimitError(limit: limit)))
  }
  defer {
    work.cancel()
    timer.cancel()
  }
  for await first in results { return try first.get() }
  throw CancellationError()
}
