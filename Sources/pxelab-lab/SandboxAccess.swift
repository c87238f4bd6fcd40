import HTTPService
import Kinds
import Logging
import Store

/// How the lab's own schedulers reach the API: at its port of 127.0.0.1 inside of the sandbox too, so that one
/// kubeconfig is good in both places.
///
/// A guest reaches that port as well, by the user-mode network of QEMU. So it is open only while the lab has
/// schedulers, and what is held there counts for itself.
struct SandboxAccess: Sendable {
  let address: ServerAddress
  let doorkeeper: HTTPDoorkeeper
  let handler: HTTPHandler

  /// Enough for some schedulers with a dozen watches each.
  private static var limits: HTTPLimits {
    var limits = HTTPLimits()
    limits.connections = 256
    limits.requests = 192
    // One connection of a guest cannot take the place of all.
    limits.streams = 64
    return limits
  }

  /// Opens and closes the port as the lab has schedulers, until the task is cancelled or the store is
  /// closed. A port that cannot be opened is tried again when the lab's object changes.
  func follow(_ store: Store, logger: Logger) async {
    var server: HTTPServer?
    while !Task.isCancelled {
      do throws(StoreError) {
        var events = try await store.watch(WatchScope(.labs), from: .now).makeAsyncIterator()
        repeat {
          let isWanted = Self.hasSchedulers(await store.snapshot)
          if isWanted, server == nil {
            server = await open(logger)
          } else if !isWanted, let running = server {
            await running.stop(grace: .zero)
            server = nil
          }
        } while try await events.next() != nil
        break
      } catch {
        logger.info("takes the lab anew: \(error)")
      }
    }
    await server?.stop(grace: .zero)
  }

  private static func hasSchedulers(_ objects: ObjectTable) -> Bool {
    objects.objects(of: .labs).contains { lab in
      lab.object.tree["spec", "schedulers"]?.items.isEmpty == false
    }
  }

  private func open(_ logger: Logger) async -> HTTPServer? {
    do {
      return try await HTTPServer.start(
        on: [address], limits: Self.limits, doorkeeper: doorkeeper, handler: handler)
    } catch {
      logger.error("schedulers do not reach the API", metadata: ["error": "\(error)"])
      return nil
    }
  }
}
