import Objects
import Testing

@testable import Reconciliation

/// Which certificate a lab's API shows.
@Suite struct CertificateServingTests {
  private let issuer = PaperIssuer()
  private let kubeVirt = ObjectKey(.kubeVirts, namespace: "openshift-cnv", name: "kubevirt")

  private func world() throws -> World {
    var world = World()
    try world.create(
      kubeVirt, ["apiVersion": "kubevirt.io/v1", "kind": "KubeVirt", "metadata": [:]])
    try settle(&world)
    return world
  }

  private func settle(_ world: inout World) throws {
    _ = try world.settle(CertificateReconciler(issuer: issuer), kubeVirt)
  }

  private func key(_ name: String, in namespace: String = "openshift-cnv") -> ObjectKey {
    ObjectKey(.secrets, namespace: namespace, name: name)
  }

  private func next(_ world: World, after shown: ServedChain? = nil) -> ServedChain? {
    ServedChain.next(after: shown, in: world, issuer: issuer, at: world.now)
  }

  private static let names = ["kubevirt-virt-api-certs", "kubevirt-ca"]

  @Test func whatIsKeptIsShownWhileThereIsAKubeVirt() throws {
    var world = try world()
    let chain = try #require(next(world))
    func issued(_ name: String) -> IssuedCertificate? {
      world.object(key(name)).flatMap { KeptCertificate($0)?.issued }
    }
    #expect(chain.leaf == issued("kubevirt-virt-api-certs"))
    #expect(chain.signer == issued("kubevirt-ca")?.certificate)
    #expect(next(world, after: chain) == chain)
    try world.delete(kubeVirt)
    #expect(next(world, after: chain) == nil)
  }

  /// One that is deleted and made again is followed; until it is, nothing changes.
  @Test(arguments: names)
  func whatWasShownStaysWhileSecretsAreMadeAnew(_ name: String) throws {
    var world = try world()
    let first = try #require(next(world))
    try world.delete(key(name))
    #expect(next(world) == nil)
    #expect(next(world, after: first) == first)
    try settle(&world)
    let second = try #require(next(world, after: first))
    #expect(second.leaf != first.leaf)
    #expect((second.signer != first.signer) == (name == "kubevirt-ca"))
  }

  @Test func whatHasEndedIsNotShown() throws {
    var world = try world()
    let chain = try #require(next(world))
    world.now = chain.validity.end
    #expect(next(world, after: chain) == chain)
    world.now = world.now + 1
    #expect(next(world, after: chain) == nil)
    #expect(next(world) == nil)
    try world.delete(key("kubevirt-virt-api-certs"))
    #expect(next(world, after: chain) == nil)
    try settle(&world)
    #expect(next(world) != nil)
  }

  /// Secrets of the same names in another namespace, before and after the KubeVirt's.
  @Test(arguments: ["another", "zone"])
  func anotherNamespaceIsSomebodyElses(_ namespace: String) throws {
    let kept = try world()
    var world = World()
    try world.create(
      kubeVirt, ["apiVersion": "kubevirt.io/v1", "kind": "KubeVirt", "metadata": [:]])
    for name in Self.names {
      let secret = try #require(kept.object(key(name)))
      try world.create(
        key(name, in: namespace),
        ["apiVersion": "v1", "kind": "Secret", "metadata": [:], "data": secret["data"] ?? [:]])
    }
    #expect(next(world) == nil)
    try settle(&world)
    #expect(next(world)?.leaf != nil)
    #expect(next(world)?.leaf != next(kept)?.leaf)
  }

  /// In the KubeVirt's own namespace too, until its controller has made them anew.
  @Test(arguments: names)
  func whatTheKubeVirtDoesNotOwnIsSomebodyElses(_ name: String) throws {
    var world = try world()
    try world.change(key(name)) { $0["metadata", "ownerReferences"] = nil }
    #expect(next(world) == nil)
    try settle(&world)
    #expect(next(world) != nil)
  }

  /// A certificate that a server's has signed is not shown, and that server's not endorsed.
  @Test func onlyAnAuthoritySigns() throws {
    var world = try world()
    let chain = try #require(next(world))
    let signed = issuer.sign(CertificateSubject(name: "server"), chain.validity, by: chain.leaf)
    try world.change(key("kubevirt-ca")) { $0["data"] = KeptCertificate.data(chain.leaf) }
    try world.change(key("kubevirt-virt-api-certs")) { $0["data"] = KeptCertificate.data(signed) }
    #expect(next(world) == nil)
  }

  @Test(arguments: [
    (GroupResource.secrets, "kubevirt-ca", true),
    (GroupResource.secrets, "kubevirt-virt-api-certs", true),
    (GroupResource.secrets, "kubevirt-export-ca", false),
    (GroupResource.configMaps, "kubevirt-ca", false),
    (GroupResource.kubeVirts, "kubevirt", true),
  ])
  func looksAreTakenForWhatMatters(_ resource: GroupResource, _ name: String, _ matters: Bool) {
    #expect(
      ServedChain.depends(on: ObjectKey(resource, namespace: "openshift-cnv", name: name))
        == matters)
  }
}
