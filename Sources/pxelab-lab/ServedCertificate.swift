import HTTPService
import LabAuthority
import Logging
import Objects
import Reconciliation
import Store

/// The certificate that the API shows: the one that is kept for virt-api in a Secret, where there is one,
/// else one of the lab's own authority. A new one is shown to whoever connects from then on;
/// connections that are open stay.
///
/// A kubeconfig trusts the lab's authority, which lives as long as the lab. It endorses KubeVirt's, so a
/// client needs no new kubeconfig when that one is renewed, and one that trusts KubeVirt's bundle is
/// served as well.
struct ServedCertificate: Sendable {
  let identity: TLSIdentity
  let authority: SigningAuthority
  let own: IssuedCertificate

  /// Follows the Secrets until the store is closed.
  func follow(_ store: Store, logger: Logger) async {
    var shown = own
    while !Task.isCancelled {
      do throws(StoreError) {
        var events = try await store.watch(WatchScope(.secrets), from: .existing)
          .makeAsyncIterator()
        while try await events.next() != nil {
          let wanted = kept(in: await store.list(.secrets).items.map { ($0.key, $0.object.tree) })
          guard let wanted, wanted != shown else { continue }
          do {
            try show(wanted)
            shown = wanted
            logger.info("shows another certificate")
          } catch {
            logger.error("a certificate cannot be shown", metadata: ["error": "\(error)"])
          }
        }
        return
      } catch {
        logger.info("takes all certificates anew: \(error)")
      }
    }
  }

  private func show(_ wanted: IssuedCertificate) throws {
    try identity.change(certificate: wanted.certificate, key: wanted.key)
  }

  /// What is to be shown; `nil` while the Secrets do not belong together.
  private func kept(in secrets: [(key: ObjectKey, object: ObjectNode)]) -> IssuedCertificate? {
    guard let secret = secrets.first(where: { $0.key.name == KeptCertificate.api }) else {
      return own
    }
    let signer = secrets.first {
      $0.key.namespace == secret.key.namespace && $0.key.name == KeptCertificate.authority
    }
    guard let leaf = KeptCertificate(secret.object)?.issued,
      let signer = signer.flatMap({ KeptCertificate($0.object) })?.issued.certificate,
      SigningIssuer().belongs(leaf), SigningIssuer().isSigned(leaf.certificate, by: signer),
      let endorsed = try? authority.endorse(signer)
    else { return nil }
    return IssuedCertificate(certificate: "\(leaf.certificate)\n\(endorsed)", key: leaf.key)
  }
}
