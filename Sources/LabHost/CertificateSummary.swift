import FoundationEssentials
import Kinds
import KubeVirt
import Objects
import Reconciliation

/// A certificate of a lab's control plane as people ask for it.
package struct CertificateSummary: Codable, Hashable, Sendable {
  /// The Secret or ConfigMap that it is in: `secret/kubevirt-ca`.
  package var object: String
  /// That object's namespace.
  package var namespace: String
  /// The common name of whom it is for.
  package var subject: String
  /// The common name of who signed it.
  package var issuer: String
  /// Since when it is good.
  package var notBefore: String
  /// Until when it is good.
  package var notAfter: String
  /// After which moment it is renewed; of an authority that is only trusted still, when it is dropped.
  package var renewedAfter: String?
  /// How long it is good by the terms, in the control plane's time and, where that is scaled, in true time.
  package var duration: String?
  /// How long before its end it is renewed, likewise.
  package var renewBefore: String?
}

extension LabClient {
  /// The certificates that the lab's control plane keeps, those that sign first; none where the lab has no
  /// KubeVirt.
  ///
  /// - Throws: what the API answers; ``LabHostError`` for terms that are none.
  package func certificates() async throws -> [CertificateSummary] {
    let kubeVirts = try await api.list(GroupResource("kubevirts", group: "kubevirt.io"))
    guard let kubeVirt = kubeVirts.first else { return [] }
    let terms: CertificateTerms
    do {
      terms = try CertificateTerms(kubeVirt: kubeVirt.object)
    } catch {
      throw LabHostError(.lab, "the KubeVirt's \(error.text.debugDescription) is no duration")
    }
    let scale = TimeScale(lab: try await api.list(.labs).first?.object)
    return CertificateSummary.all(
      secrets: try await api.list(.secrets), bundles: try await api.list(.configMaps),
      in: kubeVirt.key.namespace, CertificateTimes(terms: terms, scale: scale))
  }
}

extension CertificateSummary {
  /// The certificates of a namespace.
  static func all(
    secrets: [(key: ObjectKey, object: ObjectNode)],
    bundles: [(key: ObjectKey, object: ObjectNode)], in namespace: String, _ times: CertificateTimes
  ) -> [CertificateSummary] {
    let kept = secrets.filter { $0.key.namespace == namespace }.compactMap {
      key, object -> (name: String, pem: String, dates: CertificateDates)? in
      guard let pem = KeptCertificate(object)?.issued.certificate,
        let dates = CertificateDates(pem: pem)
      else { return nil }
      return (key.name, pem, dates)
    }
    let authorities = kept.filter { ClusterCertificates.term(of: $0.name, times.terms) != nil }
    let signing = authorities.first { $0.name == KeptCertificate.authority }?.dates.validity
    var all = authorities.compactMap { name, _, dates in
      ClusterCertificates.term(of: name, times.terms).map {
        Self("secret/\(name)", namespace, dates, $0, times, signedBy: nil)
      }
    }
    for (key, object) in bundles where key.namespace == namespace {
      guard let term = ClusterCertificates.term(of: key.name, times.terms) else { continue }
      let trusted = CertificateText.parts(
        of: object["data", ClusterCertificates.bundle]?.string ?? "")
      var followed: Validity?
      for pem in trusted {
        guard let dates = CertificateDates(pem: pem) else { continue }
        if let next = followed {
          var summary = Self("configmap/\(key.name)", namespace, dates)
          summary.renewedAfter = dates.validity.map {
            "\(min($0.end, next.begin + times.scale.seconds(term.renewBefore)))"
          }
          all.append(summary)
        }
        followed = dates.validity
      }
    }
    return all
      + kept.filter { ClusterCertificates.isLeaf($0.name) }.map { name, _, dates in
        Self("secret/\(name)", namespace, dates, times.terms.server, times, signedBy: signing)
      }
  }

  private init(_ object: String, _ namespace: String, _ dates: CertificateDates) {
    self.object = object
    self.namespace = namespace
    subject = dates.subject
    issuer = dates.issuer
    notBefore = dates.begin
    notAfter = dates.end
  }

  private init(
    _ object: String, _ namespace: String, _ dates: CertificateDates,
    _ term: CertificateTerms.Term, _ times: CertificateTimes, signedBy authority: Validity?
  ) {
    self.init(object, namespace, dates)
    renewedAfter = dates.validity.map {
      "\(times.deadline(of: $0, term, signedBy: authority))"
    }
    duration = times.scale.text(term.duration)
    renewBefore = times.scale.text(term.renewBefore)
  }
}

extension CertificateDates {
  var validity: Validity? {
    guard let begin = Timestamp(begin), let end = Timestamp(end) else { return nil }
    return Validity(begin: begin, end: end)
  }
}
