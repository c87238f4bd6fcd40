import Controllers
import HTTPService
import LabAuthority
import Logging
import Reconciliation
import Store

/// The certificate that the API shows: the one that is kept for virt-api in a Secret of the KubeVirt, where
/// there is one that is good, else one of the lab's own authority. A new one is shown to whoever connects
/// from then on; connections that are open stay.
///
/// A kubeconfig trusts the lab's authority, which lives as long as the lab. It endorses KubeVirt's, so a
/// client needs no new kubeconfig when that one is renewed, and one that trusts KubeVirt's bundle is
/// served as well.
struct ServedCertificate: Sendable {
  let identity: TLSIdentity
  let authority: SigningAuthority
  let own: IssuedCertificate

  /// The seconds after which what is shown is looked at again though no object has changed: the machine's
  /// clock may be set.
  private static let longestPause = 60

  /// Follows the objects and the time until the store is closed.
  func follow(_ store: Store, logger: Logger) async {
    let (looks, due) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await watch(store, logger: logger) { due.yield() }
        due.finish()
      }
      var shown: ServedChain?
      var timer: Task<Void, Never>?
      for await _ in looks {
        timer?.cancel()
        let now = SystemClock().now
        let wanted = ServedChain.next(
          after: shown, in: await store.snapshot, issuer: SigningIssuer(), at: now)
        if wanted != shown {
          do {
            try show(wanted)
            shown = wanted
            logger.info("shows another certificate")
          } catch {
            logger.error("a certificate cannot be shown", metadata: ["error": "\(error)"])
          }
        }
        let pause = Self.pause(until: wanted?.validity.end, from: now)
        timer = Task {
          do {
            try await Task.sleep(for: pause)
          } catch {
            return
          }
          due.yield()
        }
      }
      timer?.cancel()
    }
  }

  /// How long what is shown stays as it is by itself. The last moment itself is not yet after it.
  private static func pause(until end: Timestamp?, from now: Timestamp) -> Duration {
    .seconds(min(longestPause, end.map { $0.seconds - now.seconds + 1 } ?? longestPause))
  }

  /// Says when to look: at first, and when an object has changed that matters.
  private func watch(_ store: Store, logger: Logger, look: @Sendable () -> Void) async {
    while !Task.isCancelled {
      do throws(StoreError) {
        var events = try await store.watch(from: .now).makeAsyncIterator()
        // Also when changes were missed.
        look()
        while let event = try await events.next() {
          switch event {
          case .added(let key, _), .modified(let key, _), .deleted(let key, _):
            if ServedChain.depends(on: key) { look() }
          case .bookmark: break
          }
        }
        return
      } catch {
        logger.info("takes all certificates anew: \(error)")
      }
    }
  }

  /// - Parameter chain: `nil` for the lab's own.
  private func show(_ chain: ServedChain?) throws {
    guard let chain else {
      try identity.change(certificate: own.certificate, key: own.key)
      return
    }
    let endorsed = try authority.endorse(chain.signer)
    try identity.change(
      certificate: "\(chain.leaf.certificate)\n\(endorsed)", key: chain.leaf.key)
  }
}
