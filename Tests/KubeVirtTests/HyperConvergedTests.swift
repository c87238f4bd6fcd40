import Objects
import Testing

@testable import KubeVirt

/// HyperConvergeds as the operator's webhooks and its CRD take them (release 1.13).
@Suite struct HyperConvergedTests {
  private func object(
    _ spec: ObjectNode = [:], version: String = "v1beta1", annotations: ObjectNode? = nil
  ) -> ObjectNode {
    var tree: ObjectNode = [
      "apiVersion": .text("hco.kubevirt.io/\(version)"), "kind": "HyperConverged",
      "metadata": ["name": "kubevirt-hyperconverged", "namespace": "openshift-cnv"],
      "spec": spec,
    ]
    if let annotations { tree["metadata", "annotations"] = annotations }
    return tree
  }

  private func refusal(of object: ObjectNode) -> HyperConvergedObject.Refusal? {
    do throws(HyperConvergedObject.Refusal) {
      try HyperConvergedObject(object, workers: 0).check()
      return nil
    } catch {
      return error
    }
  }

  private static func terms(
    _ caDuration: String?, _ caRenew: String?, _ duration: String?, _ renew: String?
  ) -> ObjectNode {
    var tree: ObjectNode = [:]
    for (term, name, value) in [
      ("ca", "duration", caDuration), ("ca", "renewBefore", caRenew),
      ("server", "duration", duration), ("server", "renewBefore", renew),
    ] {
      if let value { tree[term, name] = .text(value) }
    }
    return tree
  }

  private static let tooSmall = "value is too small"
  private static let order = "duration is smaller than renewBefore"
  private static let beyondCA = "spec.certConfig: ca.duration is smaller than server.duration"

  @Test(
    arguments: [
      (terms(nil, nil, nil, nil), nil),
      // OpenShift Virtualization 6.13.3.1 and 6.13.3.2.
      (terms("48h0m0s", "24h0m0s", "24h0m0s", "12h0m0s"), nil),
      (terms("4h0m0s", "1h0m0s", "4h0m0s", "4h0m0s"), nil),
      (terms("4h0m0s", "1h0m0s", nil, "4h0m0s"), beyondCA),
      (terms("10m", "10m", "10m", "10m"), nil),
      (terms("9m59.999s", "9m", "9m", "9m"), "spec.certConfig.ca.duration: \(tooSmall)"),
      (terms("1h", "599s", "1h", "1h"), "spec.certConfig.ca.renewBefore: \(tooSmall)"),
      (terms(nil, nil, "-1h", nil), "spec.certConfig.server.duration: \(tooSmall)"),
      (terms(nil, nil, nil, "0"), "spec.certConfig.server.renewBefore: \(tooSmall)"),
      (terms("12h", nil, "6h", "1h"), "spec.certConfig.ca: \(order)"),
      (terms(nil, nil, "6h", nil), "spec.certConfig.server: \(order)"),
      // The first that fails, in the order of the checks.
      (terms("12h", "24h", "6h", "1m"), "spec.certConfig.server.renewBefore: \(tooSmall)"),
      (terms("12h", "24h", "6h", "12h"), "spec.certConfig.ca: \(order)"),
      (terms("30h", "24h", "40h", "41h"), "spec.certConfig.server: \(order)"),
      (terms("48h", nil, "48h0m0.001s", nil), beyondCA),
    ] as [(ObjectNode, String?)])
  func certificateTerms(_ config: ObjectNode, _ message: String?) {
    #expect(refusal(of: object(["certConfig": config])) == message.map { .denied($0) })
    let v1 = object(["security": ["certConfig": config]], version: "v1")
    #expect(refusal(of: v1) == message.map { .denied($0) })
  }

  @Test(
    arguments: [
      ["certConfig": ["ca": ["duration": "2 days"]]],
      ["certConfig": ["server": ["renewBefore": "24"]]], ["certConfig": ["ca": ["duration": ""]]],
    ] as [ObjectNode])
  func whatTheMutatingWebhookCannotDecode(_ spec: ObjectNode) {
    #expect(refusal(of: object(spec)) == .undecodable)
  }

  @Test(
    arguments: [
      (["certConfig": ["ca": ["duration": 5]]], "spec.certConfig.ca.duration", "string", "integer"),
      (["certConfig": ["ca": "4h"]], "spec.certConfig.ca", "object", "string"),
      (["certConfig": []], "spec.certConfig", "object", "array"),
      (["tuningPolicy": 1], "spec.tuningPolicy", "string", "integer"),
      (["featureGates": ["alignCPUs": "true"]], "spec.featureGates.alignCPUs", "boolean", "string"),
      (["featureGates": ["alignCPUs"]], "spec.featureGates", "object", "array"),
      (["defaultCPUModel": 486], "spec.defaultCPUModel", "string", "integer"),
    ] as [(ObjectNode, String, String, String)])
  func whatTheSchemaRefuses(_ spec: ObjectNode, field: String, wanted: String, given: String) {
    #expect(
      refusal(of: object(spec))
        == .mistyped([PrunedFields.Mistyped(field: field, wanted: wanted, given: given)]))
  }

  @Test func nullIsNothing() throws {
    let sent = object(["certConfig": ["ca": ["duration": .null], "server": .null]])
    let stored = HyperConvergedObject(sent, workers: 0)
    #expect(refusal(of: sent) == nil)
    #expect(stored.stored["spec", "certConfig", "ca", "duration"] == "48h0m0s")
    #expect(stored.stored["spec", "certConfig", "server", "renewBefore"] == "12h0m0s")
  }

  private static let absent = "tuning policy set but annotation not present or wrong"

  @Test(
    arguments: [
      ("", nil, nil), ("", "nonsense", nil), ("highBurst", nil, nil),
      (
        "highBurst", #"{"qps":1,"burst":2}"#,
        "highBurst profile is enabled and the annotation hco.kubevirt.io/tuningPolicy is present"
      ),
      ("annotation", nil, absent), ("annotation", #"{"qps":100,"burst":200}"#, nil),
      ("annotation", #"{"qps":0.5,"burst":1}"#, nil),
      ("annotation", #"{"burst":200}"#, "qps parameter not found in annotation"),
      ("annotation", #"{"qps":0,"burst":200}"#, "qps parameter not found in annotation"),
      ("annotation", #"{"qps":100}"#, "burst parameter not found in annotation"),
      ("annotation", #"{"qps":100,"burst":-1}"#, "burst parameter not found in annotation"),
      ("annotation", "x", "invalid character 'x' looking for beginning of value"),
      ("annotation", "", "unexpected end of JSON input"),
      ("annotation", #"{"qps":"#, "unexpected end of JSON input"),
    ] as [(String, String?, String?)])
  func tuningPolicies(_ policy: String, _ annotation: String?, _ message: String?) {
    let sent = object(
      policy.isEmpty ? [:] : ["tuningPolicy": .text(policy)],
      annotations: annotation.map { ["hco.kubevirt.io/tuningPolicy": .text($0)] })
    #expect(refusal(of: sent) == message.map { .denied($0) })
  }

  @Test func anotherPolicyIsTheCRDs() {
    #expect(
      refusal(of: object(["tuningPolicy": "lowBurst", "certConfig": ["ca": ["duration": "1m"]]]))
        == .unsupported(
          field: "spec.tuningPolicy", value: "lowBurst", supported: ["annotation", "highBurst"]))
  }

  @Test(
    arguments: [
      ([:], nil), (["type": "Old"], nil),
      (
        ["type": "Custom"],
        "missing required field spec.tlsSecurityProfile.custom when type is Custom"
      ),
      (
        ["type": "Custom", "custom": ["minTLSVersion": "TLS12"]],
        "invalid value for spec.tlsSecurityProfile.custom.minTLSVersion"
      ),
      (
        ["type": "Custom", "custom": ["minTLSVersion": "VersionTLS13", "ciphers": ["A"]]],
        "custom ciphers cannot be selected when minTLSVersion is VersionTLS13"
      ),
      (
        ["type": "Custom", "custom": ["minTLSVersion": "VersionTLS12", "ciphers": ["A"]]],
        "http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need "
          + "at least one of ECDHE-RSA-AES128-GCM-SHA256 or ECDHE-ECDSA-AES128-GCM-SHA256)"
      ),
      (
        [
          "type": "Custom",
          "custom": ["minTLSVersion": "VersionTLS12", "ciphers": ["ECDHE-RSA-AES128-GCM-SHA256"]],
        ], nil
      ),
    ] as [(ObjectNode, String?)])
  func profilesOfTLS(_ profile: ObjectNode, _ message: String?) {
    #expect(refusal(of: object(["tlsSecurityProfile": profile])) == message.map { .denied($0) })
  }

  @Test func defaultsAreTheCRDs() throws {
    let stored = HyperConvergedObject(
      object(["featureGates": ["alignCPUs": true], "certConfig": ["ca": ["duration": "72h"]]]),
      workers: 0
    ).stored
    #expect(stored["spec", "certConfig", "ca"] == ["duration": "72h", "renewBefore": "24h0m0s"])
    #expect(stored["spec", "featureGates", "alignCPUs"] == true)
    #expect(stored["spec", "featureGates", "nonRoot"] == true)
    #expect(stored["spec", "featureGates"]?.entries.count == 15)
    #expect(stored["spec", "evictionStrategy"] == nil)
    // What is filled in is not filled in again.
    #expect(HyperConvergedObject(stored, workers: 0).stored == stored)
  }

  @Test(arguments: [(1, "None"), (2, "LiveMigrate")])
  func evictionIsByLiveMigrationWhereItCanBe(_ workers: Int, _ strategy: String) {
    let stored = HyperConvergedObject(object(), workers: workers).stored
    #expect(stored["spec", "evictionStrategy"]?.string == strategy)
    let own = HyperConvergedObject(object(["evictionStrategy": "External"]), workers: workers)
    #expect(own.stored["spec", "evictionStrategy"] == "External")
  }

  @Test func unknownFieldsAreDropped() {
    let sent = object([
      "nosuch": 1, "certConfig": ["ca": ["nosuch": 1]],
      "featureGates": ["hotplugVolumes": true, "VMPersistentState": true],
    ])
    let taken = HyperConvergedObject(sent, workers: 0)
    #expect(
      Set(taken.unknownFields) == [
        "spec.nosuch", "spec.certConfig.ca.nosuch",
      ])
    #expect(taken.stored["spec", "nosuch"] == nil)
    // A lab takes KubeVirt's gates here too, and says that a cluster does not.
    #expect(taken.stored["spec", "featureGates", "hotplugVolumes"] == true)
    #expect(taken.gateWarnings.count == 1)
    #expect(taken.gateWarnings.first?.contains("hotplugVolumes: a cluster drops it") == true)
    #expect(taken.stored["spec", "featureGates", "VMPersistentState"] == true)
  }

  @Test func bothVersionsSayTheSame() {
    let old: ObjectNode = [
      "certConfig": ["ca": ["duration": "4h"]], "defaultCPUModel": "EPYC",
      "virtualMachineOptions": ["disableSerialConsoleLog": true], "tuningPolicy": "annotation",
      "featureGates": ["alignCPUs": true, "downwardMetrics": false],
      "infra": ["nodePlacement": ["nodeSelector": ["a": "b"]]],
      "obsoleteCPUs": ["cpuModels": ["Haswell"], "minCPUModel": "Penryn"],
      "resourceRequirements": ["vmiCPUAllocationRatio": 5], "vmStateStorageClass": "fast",
      "localStorageClassName": "none of v1",
    ]
    let new: ObjectNode = [
      "security": ["certConfig": ["ca": ["duration": "4h"]]],
      "virtualization": [
        "virtualMachineOptions": ["defaultCPUModel": "EPYC", "disableSerialConsoleLog": true],
        "tuningPolicy": "annotation", "obsoleteCPUModels": ["Haswell"], "vmiCPUAllocationRatio": 5,
      ],
      "featureGates": [
        ["name": "alignCPUs", "state": "Enabled"],
        ["name": "downwardMetrics", "state": "Disabled"],
      ],
      "deployment": ["nodePlacements": ["infra": ["nodeSelector": ["a": "b"]]]],
      "storage": ["vmStateStorageClass": "fast"],
      "obsoleteCPUs": ["minCPUModel": "Penryn"], "localStorageClassName": "none of v1",
    ]
    let there = HyperConvergedConversion.converted(object(old), to: "hco.kubevirt.io/v1")
    #expect(there["spec"] == new)
    #expect(there["apiVersion"] == "hco.kubevirt.io/v1")
    let back = HyperConvergedConversion.converted(there, to: "hco.kubevirt.io/v1beta1")
    #expect(back == object(old))
  }

  @Test func highBurstIsNothingInV1() {
    let v1 = HyperConvergedConversion.converted(
      object(["tuningPolicy": "highBurst"]), to: "hco.kubevirt.io/v1")
    #expect(v1["spec", "virtualization", "tuningPolicy"] == nil)
  }
}

/// The KubeVirt of a HyperConverged.
@Suite struct KubeVirtObjectTests {
  private func kubeVirt(
    _ spec: ObjectNode, annotations: ObjectNode = [:]
  ) throws -> ObjectNode {
    let sent: ObjectNode = [
      "apiVersion": "hco.kubevirt.io/v1beta1", "kind": "HyperConverged",
      "metadata": [
        "name": "kubevirt-hyperconverged", "namespace": "openshift-cnv",
        "annotations": annotations,
      ],
      "spec": spec,
    ]
    let object = HyperConvergedObject(sent, workers: 0)
    try object.check()
    return try #require(KubeVirtObject(of: object.stored)).spec
  }

  @Test func termsOfCertificatesAreCanonical() throws {
    let spec = try kubeVirt([
      "certConfig": [
        "ca": ["duration": "4h", "renewBefore": "60m"],
        "server": ["duration": "4h", "renewBefore": "0.5h"],
      ]
    ])
    #expect(
      spec["certificateRotateStrategy"] == [
        "selfSigned": [
          "ca": ["duration": "4h0m0s", "renewBefore": "1h0m0s"],
          "server": ["duration": "4h0m0s", "renewBefore": "30m0s"],
        ]
      ])
  }

  @Test(
    arguments: [
      ([:], nil), (["defaultCPUModel": ""], nil), (["defaultCPUModel": "EPYC"], "EPYC"),
    ] as [(ObjectNode, String?)])
  func defaultModel(_ wanted: ObjectNode, _ model: String?) throws {
    #expect(try kubeVirt(wanted)["configuration", "cpuModel"]?.string == model)
  }

  private static let parts = [
    "apiConfiguration", "webhookConfiguration", "controllerConfiguration", "handlerConfiguration",
  ]

  @Test(
    arguments: [
      ([:], nil, nil), (["tuningPolicy": "highBurst"], nil, #"{"burst":400,"qps":200}"#),
      (["tuningPolicy": "annotation"], #"{"qps":12.5,"burst":7}"#, #"{"burst":7,"qps":12.5}"#),
      ([:], #"{"qps":12.5,"burst":7}"#, nil),
    ] as [(ObjectNode, String?, String?)])
  func limitsOfRequests(_ wanted: ObjectNode, _ annotation: String?, _ limits: String?) throws {
    let spec = try kubeVirt(
      wanted,
      annotations: annotation.map { ["hco.kubevirt.io/tuningPolicy": .text($0)] } ?? [:])
    for part in Self.parts {
      let bucket = spec[
        "configuration", part, "restClient", "rateLimiter", "tokenBucketRateLimiter"]
      #expect(bucket.map { String(decoding: $0.canonicalJSON, as: UTF8.self) } == limits)
    }
  }

  @Test func gates() throws {
    func list(_ spec: ObjectNode) -> [String] {
      (spec["configuration", "developerConfiguration", "featureGates"]?.items ?? [])
        .compactMap(\.string)
    }
    let usual = list(try kubeVirt([:]))
    #expect(usual.contains("VMPersistentState"))
    #expect(!usual.contains("DownwardMetrics"))
    let more = list(
      try kubeVirt([
        "featureGates": ["downwardMetrics": true, "autoResourceLimits": true, "alignCPUs": false]
      ]))
    #expect(Set(more).subtracting(usual) == ["DownwardMetrics", "AutoResourceLimitsGate"])
  }

  /// What the lab reads out of the KubeVirt is what it reads out of the HyperConverged.
  @Test func settingsAreThoseOfTheHyperConverged() throws {
    let sent: ObjectNode = [
      "apiVersion": "hco.kubevirt.io/v1beta1", "kind": "HyperConverged",
      "metadata": ["name": "kubevirt-hyperconverged", "namespace": "openshift-cnv"],
      "spec": [
        "defaultCPUModel": "EPYC", "obsoleteCPUs": ["cpuModels": ["Haswell"]],
        "resourceRequirements": ["vmiCPUAllocationRatio": 3],
        "higherWorkloadDensity": ["memoryOvercommitPercentage": 150],
        "virtualMachineOptions": ["disableSerialConsoleLog": false],
      ],
    ]
    let stored = HyperConvergedObject(sent, workers: 0).stored
    let kubeVirt: ObjectNode = [
      "apiVersion": "kubevirt.io/v1", "kind": "KubeVirt",
      "spec": try #require(KubeVirtObject(of: stored)).spec,
    ]
    func settings(_ tree: ObjectNode) throws -> ClusterSettings {
      let document = ManifestDocument(object: tree)
      return try #require(ClusterSettings(document, log: ProblemLog(object: document.object)))
    }
    let (own, written) = (try settings(stored), try settings(kubeVirt))
    #expect(own.defaultCPUModel == written.defaultCPUModel)
    #expect(own.launcher == written.launcher)
    // And out of the other version.
    let other = try settings(
      HyperConvergedConversion.converted(stored, to: HyperConvergedConversion.versions[1]))
    #expect(other.defaultCPUModel == "EPYC" && other.obsoleteModels == own.obsoleteModels)
    #expect(other.launcher == own.launcher)
    #expect(own.liveUpdate == written.liveUpdate)
    #expect(own.machineTypes == written.machineTypes)
    #expect(written.obsoleteModels.isSubset(of: own.obsoleteModels))
    #expect(written.obsoleteModels.contains("Haswell"))
  }

  @Test(arguments: [
    ("4h", "1h", "4h", "4h", 0), ("4h", "5h", "4h", "4h", 1), ("4h", "1h", "5h", "6h", 2),
    ("4h", "5h", "6h", "7h", 3),
  ])
  func kubeVirtJudgesAllOfThem(
    _ ca: String, _ caRenew: String, _ server: String, _ renew: String, _ count: Int
  ) throws {
    let terms = try CertificateTerms(kubeVirt: [
      "spec": [
        "certificateRotateStrategy": [
          "selfSigned": [
            "ca": ["duration": .text(ca), "renewBefore": .text(caRenew)],
            "server": ["duration": .text(server), "renewBefore": .text(renew)],
          ]
        ]
      ]
    ])
    #expect(terms.objectionsOfKubeVirt.count == count)
  }

  @Test func termsOfKubeVirtItself() throws {
    let terms = try CertificateTerms(kubeVirt: [:])
    #expect(terms.ca.duration.description == "168h0m0s")
    #expect(terms.ca.renewBefore.description == "33h36m0s")
    #expect(terms.server.duration.description == "24h0m0s")
    #expect(terms.server.renewBefore.description == "4h48m0s")
  }
}
