import ExternalCommand
import FileSystem
import Foundation
import Kinds
import Parts
import Testing

/// A folder of a test's own, and parts in it whose programs are shells.
struct Workshop {
  let path: String

  init() throws {
    path = try Files.makeUniqueFolder("/tmp/pxelab-parts-")
  }

  func remove() { try? Files.remove(path) }

  /// As fast as it goes, and silent only where it is certain.
  static let hasty = PartPolicy(
    firstWait: .milliseconds(1), longestWait: .milliseconds(4), probeInterval: .milliseconds(5),
    hungPatience: nil)

  func part(
    _ script: String, readyFile: String? = nil, policy: PartPolicy = hasty,
    probe: (@Sendable () async throws -> Void)? = nil,
    prepare: (@Sendable () async throws -> Void)? = nil,
    restore: (@Sendable () async throws -> Void)? = nil
  ) -> Part {
    Part(
      title: "the program", start: .foreground(shell(script), readyFile: readyFile),
      log: "\(path)/log", note: "\(path)/note", policy: policy, probe: probe, prepare: prepare,
      restore: restore)
  }

  func shell(_ script: String) -> Command {
    Command("/bin/sh", ["-c", "cd '\(path)'; \(script)"])
  }

  /// Runs `body` on a watch that has started and runs, and ends all of it.
  func watching(
    _ part: Part,
    _ body: (PartWatch, inout AsyncStream<PartEvent>.Iterator) async throws -> Void
  ) async throws {
    let watch = PartWatch(part)
    var events = watch.events.makeAsyncIterator()
    try await watch.start()
    let run = Task { await watch.run() }
    do {
      try await body(watch, &events)
    } catch {
      run.cancel()
      await run.value
      await watch.stop()
      throw error
    }
    run.cancel()
    await run.value
    await watch.stop()
  }
}

extension AsyncStream<PartEvent>.Iterator {
  /// The next event of a state.
  mutating func next(_ state: LabPart.State) async throws -> PartEvent {
    while let event = await next() {
      if event.state.ofObject == state { return event }
    }
    throw CancellationError()
  }
}
