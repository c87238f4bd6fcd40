import APIServer
import Controllers
import HTTPService
import Objects
import Reconciliation
import Store

/// The subresources start, stop and restart of VirtualMachines (subresources.kubevirt.io).
struct PowerSubresources: Sendable {
  private enum Request: String, CaseIterable {
    case start, stop, restart
  }

  private let store: Store
  private let writer: ChangeWriter
  private let clock = SystemClock()

  /// What answers them over a store.
  init(store: Store) {
    self.store = store
    writer = ChangeWriter(store: store)
  }

  /// Has them answered.
  func register(on api: APIServer) {
    for request in Request.allCases {
      api.register(
        KubeVirtSubresources.machines, request.rawValue, "PUT",
        versions: KubeVirtSubresources.versions
      ) { try await answer(request, $0) }
    }
  }

  /// Answers a request, again on the newest objects where a controller was faster.
  ///
  /// - Throws: `StatusError` in KubeVirt's words.
  private func answer(
    _ request: Request, _ asked: APIServer.SubresourceRequest
  ) async throws -> HTTPResponse {
    let body = try asked.body()
    let isDryRun = try asked.query.isDryRun(or: body)
    let key = ObjectKey(
      .virtualMachines, namespace: asked.key.namespace, name: asked.key.name)
    let power: PowerRequest =
      switch request {
      case .start:
        .start(isPaused: body["paused"]?.boolean ?? false, bootOnce: body["bootOnce"]?.string)
      case .stop: .stop(gracePeriod: body["gracePeriod"]?.integer)
      case .restart:
        .restart(
          gracePeriod: body["gracePeriodSeconds"]?.integer, bootOnce: body["bootOnce"]?.string)
      }
    var attempts = 0
    while true {
      do {
        let changes = try power.changes(of: key, in: await store.snapshot)
        if !isDryRun { try await writer.write(changes, at: clock.now) }
        return HTTPResponse(status: 202)
      } catch let refusal as PowerRefusal {
        throw StatusError(refusal.code, refusal.reason, refusal.message)
      } catch let error as StoreError where error.isConflict && attempts < 20 {
        attempts += 1
      }
    }
  }
}

extension StoreError {
  fileprivate var isConflict: Bool {
    if case .conflict = self { true } else { false }
  }
}
