import Objects
import Testing

/// A cluster's own settings over the API: what the operator's CRD and webhooks say, as kubectl prints it.
@Suite struct HyperConvergedTests {
  private static func path(_ version: String) -> String {
    "/apis/hco.kubevirt.io/\(version)/namespaces/openshift-cnv/hyperconvergeds"
  }

  private static let object = "\(path("v1beta1"))/kubevirt-hyperconverged"

  private func made(_ api: TestAPI, _ spec: ObjectNode = [:]) async throws {
    try await api.client.create([
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "openshift-cnv"],
    ])
    try await api.client.create([
      "apiVersion": "hco.kubevirt.io/v1beta1", "kind": "HyperConverged",
      "metadata": ["name": "kubevirt-hyperconverged", "namespace": "openshift-cnv"], "spec": spec,
    ])
  }

  private func merge(
    _ api: TestAPI, _ spec: String, _ query: String = ""
  ) async throws -> (status: Int, body: ObjectNode, fields: [(name: String, value: String)]) {
    try await api.send(
      "PATCH", Self.object + query, type: "application/merge-patch+json", #"{"spec":\#(spec)}"#)
  }

  /// OpenShift Virtualization 6.13.3.2: deleting one value brings its default, which conflicts.
  @Test func theDocumentedConflictIsDeniedAsOnACluster() async throws {
    let api = try await TestAPI()
    try await made(
      api,
      [
        "certConfig": [
          "ca": ["duration": "4h0m0s", "renewBefore": "1h0m0s"],
          "server": ["duration": "4h0m0s", "renewBefore": "4h0m0s"],
        ]
      ])
    let (status, body, _) = try await merge(api, #"{"certConfig":{"server":{"duration":null}}}"#)
    #expect(status == 403)
    #expect(
      body == [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
        "message": .text(
          "admission webhook \"validate-hco.kubevirt.io\" denied the request: "
            + "spec.certConfig: ca.duration is smaller than server.duration"),
        "reason": "Forbidden", "code": 403,
      ])
    await api.stop()
  }

  /// Recorded of kubectl 1.33 with a real API server and the operator's CRD.
  @Test func anotherTuningPolicyIsInvalid() async throws {
    let api = try await TestAPI()
    try await made(api)
    let (status, body, _) = try await api.send(
      "PATCH", Self.object, type: "application/json-patch+json",
      #"[{"op": "add", "path": "/spec/tuningPolicy", "value": "lowBurst"}]"#)
    #expect(status == 422)
    let causes: [ObjectNode] = [
      [
        "field": "spec.tuningPolicy", "reason": "FieldValueNotSupported",
        "message":
          "Unsupported value: \"lowBurst\": supported values: \"annotation\", \"highBurst\"",
      ],
      [
        "field": "<nil>", "reason": "FieldValueInvalid",
        "message": .text(
          "Invalid value: null: some validation rules were not checked because the object was "
            + "invalid; correct the existing errors to complete validation"),
      ],
    ]
    #expect(body["details", "causes"]?.items == causes)
    #expect(body["details", "kind"]?.string == "HyperConverged")
    let texts = causes.map { "\($0["field"]?.string ?? ""): \($0["message"]?.string ?? "")" }
    #expect(
      body["message"]?.string
        == "HyperConverged.hco.kubevirt.io \"kubevirt-hyperconverged\" is invalid: ["
        + texts.joined(separator: ", ") + "]")
    await api.stop()
  }

  @Test func whatIsNoDurationNobodyCanDecode() async throws {
    let api = try await TestAPI()
    try await made(api)
    let (status, body, _) = try await merge(api, #"{"certConfig":{"ca":{"duration":"2 days"}}}"#)
    #expect(status == 400)
    #expect(body["reason"]?.string ?? "" == "")
    #expect(
      body["message"]?.string
        == "admission webhook \"mutate-hyperconverged-hco.kubevirt.io\" denied the request: failed "
        + "to parse the HyperConverged")
    await api.stop()
  }

  @Test(arguments: [
    ("?fieldValidation=Strict", 400, []),
    ("?fieldValidation=Warn", 200, [#"299 - "unknown field \"spec.nosuch\"""#]),
    ("?fieldValidation=Ignore", 200, [#"299 - "unknown field \"spec.nosuch\"""#]),
  ])
  func unknownFields(_ query: String, _ code: Int, _ warnings: [String]) async throws {
    let api = try await TestAPI()
    try await made(api)
    let before = try await api.send("GET", Self.object).body
    let (status, body, fields) = try await merge(api, #"{"nosuch":1}"#, query)
    #expect(status == code)
    #expect(fields.filter { $0.name.lowercased() == "warning" }.map(\.value) == warnings)
    // kubectl says "patched (no change)" by this.
    if code == 200 { #expect(body.version == before.version) }
    await api.stop()
  }

  @Test func bothVersionsAreServedAndTheOldOnePreferred() async throws {
    let api = try await TestAPI()
    try await made(api, ["defaultCPUModel": "EPYC"])
    let group = try await api.send("GET", "/apis/hco.kubevirt.io").body
    #expect(group["preferredVersion", "version"]?.string == "v1beta1")
    let path = "\(Self.path("v1"))/kubevirt-hyperconverged"
    var v1 = try await api.send("GET", path).body
    #expect(v1["apiVersion"]?.string == "hco.kubevirt.io/v1")
    #expect(v1["spec", "defaultCPUModel"] == nil)
    #expect(
      v1["spec", "virtualization", "virtualMachineOptions", "defaultCPUModel"]?.string == "EPYC")
    #expect(v1["spec", "security", "certConfig", "ca", "duration"]?.string == "48h0m0s")
    v1["spec", "virtualization", "virtualMachineOptions", "defaultCPUModel"] = "Haswell"
    let put = try await api.send("PUT", path, v1.text)
    #expect(put.status == 200, "\(put.body.text)")
    #expect(put.body["apiVersion"]?.string == "hco.kubevirt.io/v1")
    let old = try await api.send("GET", Self.object).body
    #expect(old["apiVersion"]?.string == "hco.kubevirt.io/v1beta1")
    #expect(old["spec", "defaultCPUModel"]?.string == "Haswell")
    // A list and a denial in the words of the old version.
    let list = try await api.send("GET", Self.path("v1")).body
    #expect(list["items"]?.items.first?["spec", "virtualization"] != nil)
    let denied = try await api.send(
      "PATCH", path, type: "application/merge-patch+json",
      #"{"spec":{"security":{"certConfig":{"server":{"duration":"96h"}}}}}"#)
    #expect(denied.status == 403)
    #expect(
      denied.body["message"]?.string?.hasSuffix(
        "spec.certConfig: ca.duration is smaller than server.duration") == true)
    await api.stop()
  }

  @Test func appliedInEitherVersion() async throws {
    let api = try await TestAPI()
    try await made(api)
    for (version, spec) in [
      ("v1beta1", #"{"defaultCPUModel": "EPYC"}"#),
      ("v1", #"{"virtualization": {"virtualMachineOptions": {"defaultCPUModel": "Haswell"}}}"#),
    ] {
      let applied = try await api.send(
        "PATCH",
        "\(Self.path(version))/kubevirt-hyperconverged?fieldManager=test&force=true",
        type: "application/apply-patch+yaml",
        """
        {"apiVersion": "hco.kubevirt.io/\(version)", "kind": "HyperConverged",
        "metadata": {"name": "kubevirt-hyperconverged"}, "spec": \(spec)}
        """)
      #expect(applied.status == 200, "\(applied.body.text)")
    }
    let old = try await api.send("GET", Self.object).body
    #expect(old["spec", "defaultCPUModel"]?.string == "Haswell")
    await api.stop()
  }

  @Test func placesWhereAClusterHasNoneAreSaid() async throws {
    let api = try await TestAPI()
    let (status, _, fields) = try await api.send(
      "POST", "/apis/hco.kubevirt.io/v1beta1/namespaces/default/hyperconvergeds",
      """
      {"apiVersion": "hco.kubevirt.io/v1beta1", "kind": "HyperConverged",
      "metadata": {"name": "other"}}
      """)
    #expect(status == 201)
    let warnings = fields.filter { $0.name.lowercased() == "warning" }.map(\.value)
    #expect(warnings.contains { $0.contains("please use the openshift-cnv namespace") })
    #expect(warnings.contains { $0.contains("the one that counts is called") })
    await api.stop()
  }

  @Test func aKubeVirtIsJudgedByKubeVirtsWords() async throws {
    let api = try await TestAPI()
    let (status, body, _) = try await api.send(
      "POST", "/apis/kubevirt.io/v1/namespaces/default/kubevirts",
      """
      {"apiVersion": "kubevirt.io/v1", "kind": "KubeVirt", "metadata": {"name": "kubevirt"},
      "spec": {"certificateRotateStrategy": {"selfSigned": {"ca": {"duration": "1h",
      "renewBefore": "2h"}}}}}
      """)
    #expect(status == 422)
    #expect(
      body["message"]?.string?.contains(
        "CA RenewBefore cannot exceed Duration (spec.certificateRotationStrategy.selfSigned.ca."
          + "duration < spec.certificateRotationStrategy.selfSigned.ca.renewBefore)") == true)
    await api.stop()
  }
}
