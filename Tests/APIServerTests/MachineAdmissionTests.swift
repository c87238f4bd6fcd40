import Objects
import Testing

/// Machines on their way into the store: KubeVirt's pruning, defaults and rules.
@Suite struct MachineAdmissionTests {
  private static let instances = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances"

  @Test func instanceGetsItsDefaults() async throws {
    let api = try await TestAPI()
    let made = try await api.client.create(instance("x")).object
    #expect(made["spec", "domain", "machine", "type"]?.string == "q35")
    #expect(made["spec", "domain", "cpu", "model"]?.string == "host-model")
    #expect(made["spec", "architecture"]?.string == "amd64")
    await api.stop()
  }

  @Test func machineKeepsItsTemplate() async throws {
    let api = try await TestAPI()
    let made = try await api.client.create([
      "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine",
      "metadata": ["name": "vm", "namespace": "default"],
      "spec": ["runStrategy": "Halted", "template": ["spec": instance("x")["spec"] ?? [:]]],
    ]).object
    let domain = made["spec", "template", "spec", "domain"]
    #expect(domain?["machine", "type"]?.string == "q35")
    #expect(domain?["cpu"] == nil)
    await api.stop()
  }

  @Test(arguments: [
    ("Strict", 400, []), ("Warn", 201, ["unknown field \"spec.domain.nosuch\""]),
    ("Ignore", 201, ["unknown field \"spec.domain.nosuch\""]),
  ])
  func unknownFields(_ validation: String, _ code: Int, _ warnings: [String]) async throws {
    let api = try await TestAPI()
    var object = instance("x")
    object["spec", "domain", "nosuch"] = 1
    let (status, body, fields) = try await api.send(
      "POST", "\(Self.instances)?fieldValidation=\(validation)", object.text)
    #expect(status == code)
    if code == 400 {
      #expect(
        body["message"]?.string
          == "VirtualMachineInstance in version \"v1\" cannot be handled as a "
          + "VirtualMachineInstance: strict decoding error: unknown field \"spec.domain.nosuch\"")
    } else {
      #expect(body["spec", "domain", "nosuch"] == nil)
    }
    let written = fields.filter { $0.name == "warning" }.map(\.value)
    #expect(written == warnings.map { "299 - \"\($0.replacing("\"", with: "\\\""))\"" })
    await api.stop()
  }

  @Test func refusalHasKubeVirtsWordsAndFields() async throws {
    let api = try await TestAPI()
    var object = instance("x")
    object["spec", "domain", "devices"] = [
      "disks": [["name": "nosuch", "disk": [:], "bootOrder": 0]]
    ]
    let (status, body, _) = try await api.send("POST", Self.instances, object.text)
    #expect(status == 422)
    #expect(body["reason"]?.string == "Invalid")
    let message = body["message"]?.string ?? ""
    #expect(
      message.hasPrefix(
        "admission webhook \"virtualmachineinstances-create-validator.kubevirt.io\" denied the "
          + "request: "))
    let causes = body["details", "causes"]?.items ?? []
    #expect(causes.contains { $0["field"]?.string == "spec.domain.devices.disks[0].bootOrder" })
    await api.stop()
  }

  @Test func specOfAnInstanceStays() async throws {
    let api = try await TestAPI()
    var made = try await api.client.create(instance("x")).object
    made["metadata", "labels"] = ["a": "b"]
    made["nosuch"] = 1
    let updated = try await api.client.update(made)
    #expect(updated.warnings == ["unknown field \"nosuch\""])
    made = updated.object
    #expect(made["nosuch"] == nil)
    #expect(made["metadata", "labels", "a"]?.string == "b")
    made["spec", "domain", "memory", "guest"] = "2Gi"
    let (status, body, _) = try await api.send("PUT", "\(Self.instances)/x", made.text)
    #expect(status == 422)
    #expect(body["message"]?.string?.hasSuffix("update of VMI object is restricted") == true)
    await api.stop()
  }

  @Test func settingsOfTheClusterCount() async throws {
    let api = try await TestAPI()
    try await api.client.create([
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "openshift-cnv"],
    ])
    try await api.client.create([
      "apiVersion": "hco.kubevirt.io/v1beta1", "kind": "HyperConverged",
      "metadata": ["name": "kubevirt-hyperconverged", "namespace": "openshift-cnv"],
      "spec": ["defaultCPUModel": "EPYC"],
    ])
    let made = try await api.client.create(instance("x")).object
    #expect(made["spec", "domain", "cpu", "model"]?.string == "EPYC")
    await api.stop()
  }

  /// The documented `oc patch` (OpenShift Virtualization 4.12, persistent EFI) works, means what it
  /// says in the lab, and a cluster's indifference is said.
  @Test(arguments: [(true, 201), (false, 422)])
  func theDocumentedPatchOfPersistentStateWorks(_ isOn: Bool, _ status: Int) async throws {
    let api = try await TestAPI()
    try await api.client.create([
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "openshift-cnv"],
    ])
    try await api.client.create([
      "apiVersion": "hco.kubevirt.io/v1beta1", "kind": "HyperConverged",
      "metadata": ["name": "kubevirt-hyperconverged", "namespace": "openshift-cnv"],
      "spec": ["defaultCPUModel": "EPYC"],
    ])
    let patched = try await api.send(
      "PATCH",
      "/apis/hco.kubevirt.io/v1beta1/namespaces/openshift-cnv/hyperconvergeds/kubevirt-hyperconverged",
      type: "application/json-patch+json",
      #"[{"op":"replace","path":"/spec/featureGates/VMPersistentState","value":\#(isOn)}]"#)
    #expect(patched.status == 200)
    let warnings = patched.fields.filter { $0.name.lowercased() == "warning" }.map(\.value)
    #expect(warnings.contains { $0.contains("a cluster ignores it") }, "\(warnings)")
    #expect(patched.body["spec", "featureGates", "VMPersistentState"]?.boolean == isOn)
    var machine = instance("x")
    machine["spec", "domain", "firmware"] = [
      "bootloader": ["efi": ["secureBoot": false, "persistent": true]]
    ]
    let made = try await api.send("POST", Self.instances, machine.text)
    #expect(made.status == status, "\(made.body["message"]?.string ?? "")")
    await api.stop()
  }
}

/// Machines that name instance types, which the API has as objects.
@Suite struct SizedMachineAdmissionTests {
  private static func machine(_ domain: ObjectNode) -> ObjectNode {
    [
      "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine",
      "metadata": ["name": "vm", "namespace": "default"],
      "spec": [
        "runStrategy": "Halted", "instancetype": ["name": "small"],
        "template": ["spec": ["domain": domain]],
      ],
    ]
  }

  @Test func theMachineIsJudgedByWhatItNamesAndStoredAsItIs() async throws {
    let api = try await TestAPI()
    try await api.client.create([
      "apiVersion": "instancetype.kubevirt.io/v1beta1",
      "kind": "VirtualMachineClusterInstancetype", "metadata": ["name": "small"],
      "spec": ["cpu": ["guest": 1], "memory": ["guest": "1Gi"]],
    ])
    let path = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines"
    let (status, body, _) = try await api.send(
      "POST", path, Self.machine(["cpu": ["cores": 2], "devices": [:]]).text)
    #expect(status == 422)
    #expect(
      body["message"]?.string
        == "admission webhook \"virtualmachine-validator.kubevirt.io\" denied the request: "
        + "VM field(s) spec.template.spec.domain.cpu.cores conflicts with selected instance type")
    let made = try await api.client.create(Self.machine(["devices": [:]])).object
    #expect(made["spec", "template", "spec", "domain", "memory"] == nil)
    #expect(made["spec", "instancetype", "name"] == "small")
    await api.stop()
  }

  /// The controller says so, and starts the machine when it is there.
  @Test func oneThatNamesWhatIsNotThereIsTaken() async throws {
    let api = try await TestAPI()
    let made = try await api.client.create(Self.machine(["devices": [:]])).object
    #expect(made["spec", "instancetype", "name"] == "small")
    await api.stop()
  }
}
