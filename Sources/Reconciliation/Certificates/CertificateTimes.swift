import KubeVirt
import Objects

/// When a certificate is good, as the certificate says.
package struct Validity: Hashable, Sendable {
  /// Since when.
  package var begin: Timestamp
  /// Until when.
  package var end: Timestamp

  /// A time.
  package init(begin: Timestamp, end: Timestamp) {
    self.begin = begin
    self.end = end
  }
}

/// When certificates are made anew: functions of a clock (kubevirt,
/// pkg/virt-operator/resource/generate/components/secrets.go and
/// pkg/virt-operator/resource/apply/certificates.go).
package struct CertificateTimes: Hashable, Sendable {
  /// How long an authority and what it signs are good.
  package var terms: CertificateTerms
  /// How fast time goes by.
  package var scale: TimeScale

  /// The times of a cluster.
  package init(terms: CertificateTerms, scale: TimeScale = .one) {
    self.terms = terms
    self.scale = scale
  }

  /// Legal terms have everything renewed as soon as it is made; it rests for so long all the same.
  private static let leastRest = GoDuration(seconds: 60)

  /// The most certificates that a bundle holds.
  package static let bundleLimit = 50

  /// A certificate that is made now.
  package func validity(_ term: CertificateTerms.Term, from now: Timestamp) -> Validity {
    Validity(begin: now, end: now + scale.seconds(term.duration))
  }

  /// The last moment of a certificate before it is renewed: after it, it is. It is a minute after the
  /// certificate was made at the earliest, and before its end and its authority's in any case.
  ///
  /// - Parameters:
  ///   - term: the certificate's own terms.
  ///   - authority: the validity of who signed it; `nil` of an authority. Where that ends first, the
  ///     certificate is renewed in the middle of the time in which both authorities are trusted.
  package func deadline(
    of certificate: Validity, _ term: CertificateTerms.Term, signedBy authority: Validity? = nil
  ) -> Timestamp {
    var (end, before) = (certificate.end, scale.seconds(term.renewBefore))
    if let authority, authority.end < end {
      (end, before) = (authority.end, scale.seconds(terms.ca.renewBefore) / 2)
    }
    let rested = certificate.begin + scale.seconds(Self.leastRest)
    let last = end + -1
    return min(max(end + -before, rested), last)
  }

  /// The authorities that are trusted: the one that signs, and those before it until they end, or until
  /// the one that came after them has been trusted for so long that everybody must have heard of it.
  ///
  /// - Parameters:
  ///   - former: those that were trusted, in any order.
  ///   - overlap: how long that is (`ca.renewBefore`).
  /// - Returns: what is trusted, the newest first, and when there is less to trust.
  package func bundle<Certificate: Equatable>(
    of current: (certificate: Certificate, validity: Validity),
    former: [(certificate: Certificate, validity: Validity)], overlap: GoDuration, at now: Timestamp
  ) -> (trusted: [Certificate], until: Timestamp?) {
    let overlap = scale.seconds(overlap)
    var trusted = [current]
    var until: Timestamp?
    let older = former.filter { $0.certificate != current.certificate }
      .sorted { $0.validity.begin > $1.validity.begin }
    for candidate in older.prefix(Self.bundleLimit - 1) {
      guard let next = trusted.last else { break }
      let last = min(candidate.validity.end, next.validity.begin + overlap)
      // Those before it have been followed for longer still.
      guard now <= last else { break }
      trusted.append(candidate)
      until = min(until ?? last, last)
    }
    return (trusted.map(\.certificate), until)
  }
}
