import Objects

/// The certificate of virt-api and the authority that has signed it, as a lab's API shows both.
package struct ServedChain: Hashable, Sendable {
  /// The certificate and its key.
  package let leaf: IssuedCertificate
  /// The authority's certificate, in PEM.
  package let signer: String
  /// When both are good.
  package let validity: Validity

  /// Whether what is to be shown depends on an object.
  package static func depends(on key: ObjectKey) -> Bool {
    switch key.resource {
    case .kubeVirts: true
    case .secrets: [KeptCertificate.api, KeptCertificate.authority].contains(key.name)
    default: false
    }
  }

  /// What is to be shown: what is kept in the Secrets of the cluster's KubeVirt, and what was shown
  /// before while they are made anew.
  ///
  /// Secrets of these names that do not belong to the KubeVirt are somebody else's, and never shown.
  ///
  /// - Parameter shown: what was shown before; `nil` for nothing of a KubeVirt.
  /// - Returns: `nil` for nothing of a KubeVirt: there is none, or its certificate is not good now.
  package static func next(
    after shown: ServedChain?, in snapshot: any Snapshot, issuer: any CertificateIssuer,
    at now: Timestamp
  ) -> ServedChain? {
    guard let kubeVirt = snapshot.objects(of: .kubeVirts, namespace: nil).first else { return nil }
    func issued(_ name: String) -> IssuedCertificate? {
      let key = ObjectKey(.secrets, namespace: kubeVirt.key.namespace, name: name)
      guard let secret = snapshot.object(key), secret.controller?.uid == kubeVirt.object.uid
      else { return nil }
      return KeptCertificate(secret)?.issued
    }
    var candidate = shown
    if let leaf = issued(KeptCertificate.api),
      let signer = issued(KeptCertificate.authority)?.certificate,
      leaf != shown?.leaf || signer != shown?.signer,
      let kept = ServedChain(leaf, signedBy: signer, issuer: issuer)
    {
      candidate = kept
    }
    return candidate.flatMap {
      $0.validity.begin <= now && now <= $0.validity.end ? $0 : nil
    }
  }

  /// A certificate and its authority; `nil` where they do not belong together.
  private init?(
    _ leaf: IssuedCertificate, signedBy signer: String, issuer: any CertificateIssuer
  ) {
    guard issuer.belongs(leaf), issuer.isAuthority(signer),
      issuer.isSigned(leaf.certificate, by: signer),
      let own = issuer.validity(of: leaf.certificate),
      let authority = issuer.validity(of: signer)
    else { return nil }
    self.leaf = leaf
    self.signer = signer
    validity = Validity(
      begin: max(own.begin, authority.begin), end: min(own.end, authority.end))
  }
}
