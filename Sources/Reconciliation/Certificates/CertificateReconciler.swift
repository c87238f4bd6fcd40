import KubeVirt
import Objects

/// Keeps the certificates of a KubeVirt: Secrets and ConfigMaps in its namespace, made, renewed and
/// trusted as virt-operator does it. What is deleted or changed by somebody is made again at once. In one
/// look the authorities come first, then what is trusted, then what they sign: clients trust a new
/// authority before any server shows what it has signed.
package struct CertificateReconciler: Reconciler {
  /// The controller's name, in events too.
  package let name = "virt-operator"

  private let issuer: any CertificateIssuer

  /// A controller that has certificates made by an issuer.
  package init(issuer: any CertificateIssuer) { self.issuer = issuer }

  /// A cluster has one KubeVirt: its key, for all that bears on certificates.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .kubeVirts: [key]
    case .labs: snapshot.objects(of: .kubeVirts, namespace: nil).map(\.key)
    case .secrets, .configMaps:
      key.name.hasPrefix("kubevirt-")
        ? snapshot.objects(of: .kubeVirts, namespace: key.namespace).map(\.key) : []
    default: []
    }
  }

  /// Makes what is missing or due, and says when to look again.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let owner = snapshot.object(key), !owner.isBeingDeleted,
      // Of several in a namespace the first keeps them.
      snapshot.objects(of: .kubeVirts, namespace: key.namespace).first?.key == key
    else { return Outcome() }
    let terms: CertificateTerms
    do {
      terms = try CertificateTerms(kubeVirt: owner)
    } catch {
      return Outcome()
    }
    var pass = CertificatePass(
      times: CertificateTimes(
        terms: terms,
        scale: TimeScale(lab: snapshot.objects(of: .labs, namespace: nil).first?.object)),
      issuer: issuer, owner: owner, namespace: key.namespace, snapshot: snapshot, now: moment.now)
    do {
      try pass.run()
    } catch {
      let event = Event(
        owner, "FailedCertificate", "a certificate could not be made: \(error)", isWarning: true,
        from: name)
      return Outcome(pass.changes + [.event(event)], after: .seconds(60))
    }
    var changes = pass.changes
    if owner["status", "phase"]?.string != "Deployed" {
      var object = owner
      object["status", "phase"] = "Deployed"
      changes.append(.updateStatus(key, object))
    }
    return Outcome(changes, after: pass.delay)
  }
}

/// One look at a KubeVirt's certificates.
struct CertificatePass {
  let times: CertificateTimes
  let issuer: any CertificateIssuer
  let owner: ObjectNode
  let namespace: String
  let snapshot: any Snapshot
  let now: Timestamp
  private(set) var changes: [Change] = []
  private var next: Timestamp?

  init(
    times: CertificateTimes, issuer: any CertificateIssuer, owner: ObjectNode, namespace: String,
    snapshot: any Snapshot, now: Timestamp
  ) {
    self.times = times
    self.issuer = issuer
    self.owner = owner
    self.namespace = namespace
    self.snapshot = snapshot
    self.now = now
  }

  /// How long there is nothing to do; `nil` where that is not known.
  var delay: Duration? {
    // The moment itself is not yet after it.
    next.map { .seconds($0.seconds - now.seconds + 1) }
  }

  mutating func run() throws {
    var signing: (issued: IssuedCertificate, validity: Validity)?
    var bundles: [(name: String, pem: [String])] = []
    for authority in ClusterCertificates.authorities {
      let term = authority.term(times.terms)
      let current = try kept(
        authority.name, term, signedBy: nil
      ) { [issuer, times, now] in
        try issuer.makeAuthority(authority.subject, times.validity(term, from: now))
      }
      if signing == nil { signing = current }
      let former = trusted(authority.name)
      let bundle = times.bundle(
        of: (CertificateText.whole(current.issued.certificate), current.validity), former: former,
        overlap: term.renewBefore, at: now)
      wake(bundle.until)
      bundles.append((authority.name, bundle.trusted))
    }
    for bundle in bundles { write(bundle.name, bundle: bundle.pem.joined()) }
    guard let signing else { return }
    for leaf in ClusterCertificates.leaves(in: namespace) {
      _ = try kept(leaf.secret, times.terms.server, signedBy: signing) {
        [issuer, times, now] in
        try issuer.sign(
          leaf.subject, times.validity(times.terms.server, from: now), by: signing.issued)
      }
    }
  }

  private mutating func wake(_ time: Timestamp?) {
    guard let time else { return }
    next = min(next ?? time, time)
  }

  /// The certificate of a Secret, which is made anew where it is missing, is not the KubeVirt's own, cannot
  /// be read, was made with other terms, is signed by another authority or is none itself, or is due.
  private mutating func kept(
    _ name: String, _ term: CertificateTerms.Term,
    signedBy authority: (issued: IssuedCertificate, validity: Validity)?,
    make: () throws -> IssuedCertificate
  ) throws -> (issued: IssuedCertificate, validity: Validity) {
    let key = ObjectKey(.secrets, namespace: namespace, name: name)
    let present = snapshot.object(key)
    if let present, present.controller?.uid == owner.uid,
      let issued = KeptCertificate(present)?.issued, issuer.belongs(issued),
      let validity = issuer.validity(of: issued.certificate),
      annotations(term) == Self.annotations(of: present),
      authority.map({ issuer.isSigned(issued.certificate, by: $0.issued.certificate) })
        ?? issuer.isAuthority(issued.certificate)
    {
      let deadline = times.deadline(of: validity, term, signedBy: authority?.validity)
      if now <= deadline {
        wake(deadline)
        return (issued, validity)
      }
    }
    let issued = try make()
    let validity = issuer.validity(of: issued.certificate) ?? times.validity(term, from: now)
    wake(times.deadline(of: validity, term, signedBy: authority?.validity))
    var secret = present ?? head("Secret")
    secret["metadata", "ownerReferences"] = [owner.controllerReference]
    secret["type"] = "kubernetes.io/tls"
    secret["data"] = KeptCertificate.data(issued)
    for (name, value) in annotations(term) {
      secret["metadata", "annotations", name] = value.map { .text($0) }
    }
    changes.append(present == nil ? .create(key, secret) : .update(key, secret))
    return (issued, validity)
  }

  /// What is noted of the terms that a certificate was made with.
  private func annotations(_ term: CertificateTerms.Term) -> [String: String?] {
    [
      ClusterCertificates.duration: "\(term.duration)",
      ClusterCertificates.timeScale: times.scale == .one ? nil : "\(times.scale.factor)",
    ]
  }

  private static func annotations(of secret: ObjectNode) -> [String: String?] {
    [
      ClusterCertificates.duration: secret.annotation(ClusterCertificates.duration),
      ClusterCertificates.timeScale: secret.annotation(ClusterCertificates.timeScale),
    ]
  }

  /// The authorities of a ConfigMap that can be read; what else is there is not trusted.
  private func trusted(_ name: String) -> [(certificate: String, validity: Validity)] {
    let key = ObjectKey(.configMaps, namespace: namespace, name: name)
    let text = snapshot.object(key)?["data", ClusterCertificates.bundle]?.string ?? ""
    return CertificateText.parts(of: text).compactMap { part in
      guard issuer.isAuthority(part) else { return nil }
      return issuer.validity(of: part).map { (certificate: part, validity: $0) }
    }
  }

  private mutating func write(_ name: String, bundle: String) {
    let key = ObjectKey(.configMaps, namespace: namespace, name: name)
    let present = snapshot.object(key)
    var object = present ?? head("ConfigMap")
    object["data"] = [ClusterCertificates.bundle: .text(bundle)]
    guard object != present else { return }
    changes.append(present == nil ? .create(key, object) : .update(key, object))
  }

  private func head(_ kind: String) -> ObjectNode {
    [
      "apiVersion": "v1", "kind": .text(kind),
      "metadata": [
        "labels": [
          "app.kubernetes.io/component": "kubevirt",
          "app.kubernetes.io/managed-by": "virt-operator",
          "kubevirt.io": "",
        ],
        "ownerReferences": [owner.controllerReference],
      ],
    ]
  }
}
