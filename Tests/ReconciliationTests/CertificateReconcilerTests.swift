import KubeVirt
import Objects
import Synchronization
import Testing

@testable import Reconciliation

/// Certificates that are texts: their number, who signed them, and when they are good.
final class PaperIssuer: CertificateIssuer {
  private let count = Mutex(0)

  private func make(_ name: String, _ signer: String, _ validity: Validity) -> IssuedCertificate {
    let number = count.withLock { count in
      count += 1
      return count
    }
    let body = "\(name)/\(number)/\(signer)/\(validity.begin.seconds)/\(validity.end.seconds)"
    return IssuedCertificate(
      // Without a line break at its end, as swift-certificates writes it.
      certificate: "-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----",
      key: "key of \(number)")
  }

  private func fields(_ certificate: String) -> [Substring]? {
    let lines = certificate.split(separator: "\n")
    guard lines.count == 3 else { return nil }
    let fields = lines[1].split(separator: "/", omittingEmptySubsequences: false)
    return fields.count == 5 ? fields : nil
  }

  func makeAuthority(_ name: String, _ validity: Validity) -> IssuedCertificate {
    make(name, "", validity)
  }

  func sign(
    _ subject: CertificateSubject, _ validity: Validity, by authority: IssuedCertificate
  ) -> IssuedCertificate {
    make(subject.name, String(fields(authority.certificate)?[1] ?? ""), validity)
  }

  func validity(of certificate: String) -> Validity? {
    guard let fields = fields(certificate), let begin = Int(fields[3]), let end = Int(fields[4])
    else { return nil }
    return Validity(begin: Timestamp(seconds: begin), end: Timestamp(seconds: end))
  }

  func belongs(_ issued: IssuedCertificate) -> Bool {
    fields(issued.certificate).map { issued.key == "key of \($0[1])" } ?? false
  }

  func isAuthority(_ certificate: String) -> Bool {
    fields(certificate).map { $0[2].isEmpty } ?? false
  }

  func isSigned(_ certificate: String, by authority: String) -> Bool {
    guard let certificate = fields(certificate), let authority = fields(authority) else {
      return false
    }
    return certificate[2] == authority[1]
  }
}

@Suite struct CertificateReconcilerTests {
  private let reconciler = CertificateReconciler(issuer: PaperIssuer())
  private let kubeVirt = ObjectKey(.kubeVirts, namespace: "openshift-cnv", name: "kubevirt")
  private let hour = 3600

  private func world(
    _ ca: (String, String) = ("48h", "24h"), _ server: (String, String) = ("24h", "12h"),
    scale: Int? = nil
  ) throws -> World {
    var world = World()
    if let scale {
      try world.create(
        labKey,
        [
          "apiVersion": "pxelab.dev/v1alpha1", "kind": "Lab", "metadata": [:],
          "spec": ["timeScale": .integer(scale)],
        ])
    }
    try world.create(
      kubeVirt,
      [
        "apiVersion": "kubevirt.io/v1", "kind": "KubeVirt", "metadata": [:],
        "spec": [
          "certificateRotateStrategy": [
            "selfSigned": [
              "ca": ["duration": .text(ca.0), "renewBefore": .text(ca.1)],
              "server": ["duration": .text(server.0), "renewBefore": .text(server.1)],
            ]
          ]
        ],
      ])
    _ = try world.settle(reconciler, kubeVirt)
    return world
  }

  private func key(_ name: String, _ resource: GroupResource = .secrets) -> ObjectKey {
    ObjectKey(resource, namespace: kubeVirt.namespace, name: name)
  }

  /// The numbers of the certificates, by the names of their Secrets.
  private func numbers(_ world: World) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for (key, object) in world.objects(of: .secrets, namespace: kubeVirt.namespace) {
      numbers[key.name] = KeptCertificate(object)
        .flatMap { $0.issued.certificate.split(separator: "/").dropFirst().first }
        .flatMap { Int($0) }
    }
    return numbers
  }

  private func bundle(_ world: World, _ name: String = "kubevirt-ca") -> [Int] {
    CertificateText.parts(
      of: world.object(key(name, .configMaps))?["data", "ca-bundle"]?.string ?? ""
    ).compactMap { $0.split(separator: "/").dropFirst().first.flatMap { Int($0) } }
  }

  /// The names of the Secrets whose certificates are others after a while.
  private func renewed(_ world: inout World, after seconds: Int) throws -> Set<String> {
    let before = numbers(world)
    world.now = world.now + seconds
    _ = try world.settle(reconciler, kubeVirt)
    return Set(numbers(world).filter { before[$0.key] != $0.value }.keys)
  }

  private static let leaves: Set = [
    "kubevirt-virt-api-certs", "kubevirt-controller-certs", "kubevirt-operator-certs",
    "kubevirt-virt-handler-certs", "kubevirt-virt-handler-server-certs",
    "kubevirt-exportproxy-certs",
  ]
  private static let authorities: Set = ["kubevirt-ca", "kubevirt-export-ca"]

  @Test func secretsAreVirtOperators() throws {
    let world = try world()
    #expect(Set(numbers(world).keys) == Self.leaves.union(Self.authorities))
    let secret = try #require(world.object(key("kubevirt-virt-api-certs")))
    #expect(secret["type"] == "kubernetes.io/tls")
    #expect(secret.annotation("kubevirt.io/duration") == "24h0m0s")
    #expect(world.object(key("kubevirt-ca"))?.annotation("kubevirt.io/duration") == "48h0m0s")
    #expect(secret.controller?.kind == "KubeVirt")
    #expect(bundle(world) == [try #require(numbers(world)["kubevirt-ca"])])
    #expect(
      bundle(world, "kubevirt-export-ca") == [try #require(numbers(world)["kubevirt-export-ca"])])
    #expect(world.object(kubeVirt)?["status", "phase"] == "Deployed")
  }

  /// Clients trust a new authority before any server shows what it signs.
  @Test func authoritiesThenTrustThenServers() throws {
    var world = World()
    try world.create(
      kubeVirt, ["apiVersion": "kubevirt.io/v1", "kind": "KubeVirt", "metadata": [:]])
    let changes = reconciler.reconcile(kubeVirt, in: world, at: world.moment).changes
    let ranks = changes.map(\.key).filter { $0.resource != .kubeVirts }.map { key in
      Self.authorities.contains(key.name) ? (key.resource == .secrets ? 0 : 1) : 2
    }
    #expect(ranks == ranks.sorted())
    #expect(Set(ranks) == [0, 1, 2])
  }

  @Test func serversAreRenewedAloneUntilTheAuthorityIsDue() throws {
    var world = try world()
    #expect(try renewed(&world, after: 12 * hour) == [])
    #expect(try renewed(&world, after: 1) == Self.leaves)
    let former = numbers(world)["kubevirt-ca"] ?? 0
    // 24 h before its end the authority, and with it all that it signs.
    let all = try renewed(&world, after: 12 * hour)
    #expect(all == Self.leaves.union(["kubevirt-ca"]))
    let newest = numbers(world)["kubevirt-ca"] ?? 0
    #expect(bundle(world) == [newest, former])
    // Both until the overlap is over.
    _ = try renewed(&world, after: 24 * hour)
    #expect(!bundle(world).contains(former))
  }

  @Test func anAuthorityIsTrustedForTheOverlap() throws {
    var world = try world(("48h", "2h"), ("24h", "12h"))
    let first = numbers(world)["kubevirt-ca"] ?? 0
    _ = try renewed(&world, after: 46 * hour + 1)
    let second = numbers(world)["kubevirt-ca"] ?? 0
    #expect(bundle(world) == [second, first])
    let outcome = reconciler.reconcile(kubeVirt, in: world, at: world.moment)
    // It is dropped when it ends, 1 s before the overlap does.
    #expect(outcome.after == .seconds(2 * hour))
    _ = try renewed(&world, after: 2 * hour)
    #expect(bundle(world) == [second])
  }

  @Test func aDeletedSecretIsMadeAnewAtOnce() throws {
    var world = try world()
    let secret = try #require(world.object(key("kubevirt-virt-api-certs")))
    #expect(
      reconciler.keys(concernedBy: key("kubevirt-virt-api-certs"), secret, in: world) == [kubeVirt])
    try world.delete(key("kubevirt-virt-api-certs"))
    #expect(try renewed(&world, after: 1) == ["kubevirt-virt-api-certs"])
    try world.delete(key("kubevirt-ca"))
    #expect(try renewed(&world, after: 1) == Self.leaves.union(["kubevirt-ca"]))
    #expect(bundle(world).count == 2)
    try world.delete(key("kubevirt-ca", .configMaps))
    #expect(try renewed(&world, after: 1) == [])
    #expect(bundle(world).count == 1)
  }

  @Test(arguments: ["tls.crt", "tls.key"])
  func whatCannotBeReadIsMadeAnew(_ field: String) throws {
    var world = try world()
    try world.change(key("kubevirt-operator-certs")) { $0["data", field] = "bm9uc2Vuc2U=" }
    #expect(try renewed(&world, after: 1) == ["kubevirt-operator-certs"])
  }

  /// The certificate of a server signs nothing, and is not trusted to.
  @Test func whatIsNoAuthorityIsMadeAnew() throws {
    var world = try world(("48h", "12h"), ("48h", "12h"))
    let server = try #require(world.object(key("kubevirt-operator-certs")))
    try world.change(key("kubevirt-ca")) { $0["data"] = server["data"] }
    let pem = try #require(KeptCertificate(server)).issued.certificate
    try world.change(key("kubevirt-ca", .configMaps)) {
      $0["data", "ca-bundle"] = .text(CertificateText.whole(pem))
    }
    #expect(try renewed(&world, after: 1) == Self.leaves.union(["kubevirt-ca"]))
    #expect(bundle(world) == [try #require(numbers(world)["kubevirt-ca"])])
  }

  /// Who knows the key of an authority that the controller has not made signs what they like.
  @Test(arguments: ["kubevirt-ca", "kubevirt-virt-api-certs"])
  func aStrangersSecretIsMadeAnew(_ name: String) throws {
    var world = try world()
    try world.change(key(name)) { $0["metadata", "ownerReferences"] = nil }
    #expect(
      try renewed(&world, after: 1)
        == (name == "kubevirt-ca" ? Self.leaves.union([name]) : [name]))
    #expect(world.object(key(name))?.controller?.kind == "KubeVirt")
  }

  /// Another duration renews at once, another renewBefore alone moves the deadline.
  @Test func otherTerms() throws {
    var world = try world()
    func set(_ term: String, _ field: String, _ value: String) throws {
      try world.change(kubeVirt) {
        $0["spec", "certificateRotateStrategy", "selfSigned", term, field] = .text(value)
      }
    }
    try set("server", "renewBefore", "6h")
    #expect(try renewed(&world, after: 12 * hour + 1) == [])
    try set("server", "duration", "20h")
    #expect(try renewed(&world, after: 1) == Self.leaves)
    try set("ca", "duration", "72h")
    #expect(try renewed(&world, after: 1) == Self.leaves.union(Self.authorities))
  }

  @Test func aScaledLabRotatesThreeTimesInAMinute() throws {
    var world = try world(scale: 7200)
    #expect(world.object(key("kubevirt-ca"))?.annotation("kubevirt.io/duration") == "48h0m0s")
    #expect(world.object(key("kubevirt-ca"))?.annotation("pxelab.dev/time-scale") == "7200")
    var authorities: Set<Int> = []
    for _ in 0..<60 {
      authorities.insert(numbers(world)["kubevirt-ca"] ?? 0)
      #expect((1...4).contains(bundle(world).count))
      #expect(bundle(world).first == numbers(world)["kubevirt-ca"])
      _ = try renewed(&world, after: 1)
    }
    #expect(authorities.count >= 4)
    try world.change(labKey) { $0["spec", "timeScale"] = nil }
    #expect(try renewed(&world, after: 1) == Self.leaves.union(Self.authorities))
  }

  /// Legal terms by which everything is due at once do not keep the controller busy: whatever the clock
  /// says, what is new rests for a minute.
  @Test(
    arguments: [
      // The authority of exports is renewed by the terms of servers. From then on the others outlive
      // their authority, whose end counts.
      ("1h", [leaves.union(["kubevirt-export-ca"]), ["kubevirt-export-ca"]]),
      ("4h", [leaves.union(authorities), leaves.union(authorities)]),
    ] as [(String, [Set<String>])])
  func termsThatRenewAlways(_ renewBefore: String, _ rounds: [Set<String>]) throws {
    var world = try world(("4h", renewBefore), ("4h", "4h"))
    for due in rounds {
      for rest in (1...60).reversed() {
        world.now = world.now + 1
        let settled = try world.settle(reconciler, kubeVirt)
        #expect(settled.passes == 0)
        #expect(settled.after == .seconds(rest))
      }
      #expect(try renewed(&world, after: 1) == due)
    }
  }
}
