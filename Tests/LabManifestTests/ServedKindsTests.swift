import LabManifest
import Testing

@Suite("Documents that are of no kind that there is")
struct ServedKindsTests {
  private static let machine =
    "apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: {name: node-1}\n"
    + "spec: {domain: {devices: {}, resources: {requests: {memory: 1Gi}}}}\n"

  private static func document(_ apiVersion: String?, _ kind: String) -> String {
    (apiVersion.map { "apiVersion: \($0)\n" } ?? "") + "kind: \(kind)\nmetadata: {name: x}\n"
  }

  private static func problems(_ text: String) -> [String] {
    ManifestValidation(files: [("a.yaml", Array(text.utf8))], folderName: "folder").problems
      .map(\.description)
  }

  @Test(
    "a slip is refused in a cluster's words, with what was meant",
    arguments: [
      (
        "k8s.cni.cncf.io/v1", "NetworkAttachmentDefinitions",
        "2:1: kind: no matches for kind \"NetworkAttachmentDefinitions\" in version"
          + " \"k8s.cni.cncf.io/v1\"; did you mean the kind NetworkAttachmentDefinition?"
      ),
      (
        "kubevirt.io/v1", "Virtualmachine",
        "2:1: kind: no matches for kind \"Virtualmachine\" in version \"kubevirt.io/v1\"; did you"
          + " mean the kind VirtualMachine?"
      ),
      (
        "kubevirt.io/v1", "Machine",
        "2:1: kind: no matches for kind \"Machine\" in version \"kubevirt.io/v1\"; known: KubeVirt,"
          + " VirtualMachine, VirtualMachineInstance, VirtualMachineInstanceMigration,"
          + " VirtualMachineInstancePreset, VirtualMachineInstanceReplicaSet"
      ),
      (
        "hco.kubevirt.io/v1beta1", "Hyperconverged",
        "2:1: kind: no matches for kind \"Hyperconverged\" in version \"hco.kubevirt.io/v1beta1\";"
          + " did you mean the kind HyperConverged?"
      ),
      (
        "v1", "Configmap",
        "2:1: kind: no matches for kind \"Configmap\" in version \"v1\"; did you mean the kind"
          + " ConfigMap?"
      ),
      (
        "v1", "Deployment",
        "2:1: kind: no matches for kind \"Deployment\" in version \"v1\""
      ),
      (
        "kubevrit.io/v1", "VirtualMachine",
        "1:1: apiVersion: no matches for kind \"VirtualMachine\" in version \"kubevrit.io/v1\"; did"
          + " you mean kubevirt.io/v1?"
      ),
      (
        nil, "NetworkAttachmentDefinitions",
        "1:1: apiVersion: apiVersion not set; write \"apiVersion: k8s.cni.cncf.io/v1\"; did you mean"
          + " the kind NetworkAttachmentDefinition?"
      ),
      (nil, "Secret", "1:1: apiVersion: apiVersion not set; write \"apiVersion: v1\""),
      (nil, "Deployment", "1:1: apiVersion: apiVersion not set"),
    ] as [(String?, String, String)])
  func refused(_ apiVersion: String?, _ kind: String, _ problem: String) {
    #expect(Self.problems(Self.document(apiVersion, kind)) == ["a.yaml:\(problem)"])
  }

  @Test(
    "OpenShift's kinds of the time before groups are warned of",
    arguments: [("Route", "route"), ("DeploymentConfig", "apps"), ("RoleBinding", "authorization")])
  func formerlyCore(_ kind: String, _ group: String) {
    let validation = ManifestValidation(
      files: [("a.yaml", Array(Self.document("v1", kind).utf8))], folderName: "folder")
    #expect(validation.problems.map(\.severity) == [.warning])
    #expect(
      validation.problems.first?.message.contains("\"apiVersion: \(group).openshift.io/v1\"")
        == true)
  }

  @Test(
    "what other APIs may have, and lists, are none",
    arguments: [
      ("apps/v1", "Deployment"), ("v1", "Secret"), ("v1", "Config"), ("v1", "Namespace"),
      ("v1", "SecretList"),
      ("kubevirt.io/v1", "VirtualMachineList"),
      // Near to ours in group or kind, but others'.
      ("ssp.kubevirt.io/v1beta3", "SSP"),
      ("vmoperator.vmware.com/v1alpha1", "VirtualMachine"),
      ("snapshot.kubevirt.io/v1beta1", "VirtualMachineSnapshot"),
      ("k8s.cni.cncf.io/v1beta1", "MultiNetworkPolicy"),
      ("cdi.kubevirt.io/v1beta1", "DataSource"), ("nmstate.io/v1", "NMState"),
      ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
    ])
  func taken(_ apiVersion: String, _ kind: String) {
    #expect(Self.problems(Self.document(apiVersion, kind)) == [])
  }

  @Test("a lab.yaml whose apiVersion was forgotten is a lab's, to validate as to up")
  func forgotten() {
    let lab = "kind: Lab\nmetadata: {name: x}\n"
    let files = [("lab.yaml", Array(lab.utf8)), ("vmi.yaml", Array(Self.machine.utf8))]
    #expect(ManifestValidation.holdsLab(files.map { (path: $0.0, bytes: $0.1) }))
    let problems = ManifestValidation(
      files: files.map { (path: $0.0, bytes: $0.1) }, folderName: "folder"
    ).problems.map(\.description)
    #expect(
      problems == [
        "lab.yaml:1:1: apiVersion: apiVersion not set; write \"apiVersion: pxelab.dev/v1alpha1\""
      ])
    let up = LabInput(
      files: files.map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }, folderName: "folder")
    #expect(up.problems.map(\.description) == problems)
  }

  @Test("what makes no lab")
  func none() {
    let labels = "kind: VirtualMachine\nspec: {matchLabels: {a: b}}\n"
    for text in [labels, Self.machine, "kind: Label\n", "a: [Lab]\n"] {
      #expect(!ManifestValidation.holdsLab([("a.yaml", Array(text.utf8))]), "\(text)")
    }
  }

  @Test(
    "what could not be read comes before what follows from it",
    arguments: [
      ("kind: [\n", "z.yaml:2:1: YAML: "),
      ("apiVersion: kubevirt.io/v1\nkind: Virtualmachine\n", "z.yaml:2:1: kind: no matches for"),
      ("apiVersion: kubevirt.io/v1\nknd: VirtualMachine\n", "z.yaml:1:1: kind: Object 'Kind'"),
    ])
  func first(_ broken: String, _ problem: String) {
    let lab =
      "apiVersion: pxelab.dev/v1alpha1\nkind: Lab\nmetadata: {name: x}\n"
      + "spec: {machines: [{name: node-1}]}\n"
    let problems = LabInput(
      files: [("lab.yaml", lab), ("z.yaml", broken)], folderName: "folder"
    ).problems.map(\.description)
    #expect(problems.first?.hasPrefix(problem) == true, "\(problems)")
    #expect(problems.contains { $0.hasPrefix("lab.yaml:4:") }, "\(problems)")
  }
}
