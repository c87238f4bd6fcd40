import LabManifest
import Objects
import Testing

/// Folders as people have them.
@Suite struct ForeignFileTests {
  @Test(
    arguments: [
      ("vm.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n", nil, nil),
      ("vm.json", #"{"kind": "Pod", "apiVersion": "v1"}"#, nil, nil),
      ("list.yaml", "---\n# comment\n---\nkind: Pod\n", nil, nil),
      // What is meant to be an object stays wrong.
      ("vm.yaml", "apiVersion: v1\nmetadata: {name: p}\n", nil, nil),
      ("vm.yaml", "Kind: Pod\n", nil, nil),
      ("vm.yaml", "metadata: {name: a}\nspec: {}\n", nil, nil),
      ("vm.yaml", "kind: [\n", nil, nil),
      ("empty.yaml", "", nil, nil),
      ("text.yaml", "kind: Pod\nmetadata: {name: '{{ x }}'}\n", nil, nil),
      ("kustomization.yaml", "resources: [vm.yaml]\n", "kustomize build", "kustomize build"),
      ("dir/values.yaml", "vm: {name: x}\n", "helm template", "helm template"),
      ("Chart.yaml", "apiVersion: v2\nname: c\n", "helm template", "helm template"),
      (
        "vm.yaml", "kind: Pod\nmetadata:\n  name: {{ .Values.name }}\n", "looks like a template",
        "looks like a template"
      ),
      ("vm.yaml", "{% if a %}\nkind: Pod\n{% endif %}\n", "looks like a template", "looks like"),
      ("playbook.yaml", "- hosts: localhost\n  tasks: []\n", "no Kubernetes object", nil),
      (
        "tasks.yaml", "- k8s:\n    definition:\n      kind: Pod\n", "no Kubernetes object", nil
      ),
      ("mkdocs.yml", "site_name: a\nnav: [a]\n", "no Kubernetes object", nil),
      ("pod.yaml.j2", "kind: Pod\nmetadata: {name: '{{ x }}'}\n", "looks like", "looks like"),
      ("pod.tpl.yaml", "kind: Pod\nmetadata: {name: '{{ x }}'}\n", "looks like", "looks like"),
      ("pod.yaml.j2", "kind: Pod\nmetadata: {name: p}\n", nil, nil),
      ("install-config.yaml", "apiVersion: v1\nmetadata: {name: a}\n", "installer", "installer"),
      ("grafana.yml", "apiVersion: 1\ndatasources: []\n", "no Kubernetes object", nil),
      ("binary.yaml", "kind: \u{0}{{", "is no text", "looks like"),
      ("tasks.json", "{ // tasks\n \"kind\": \"build\" }", "no Kubernetes object", nil),
      ("vm.json", "{\"apiVersion\": \"v1\",\n \"kind\": [ }", nil, nil),
      ("package.json", #"{"name": "x", "version": "1.0.0"}"#, "no Kubernetes object", nil),
    ] as [(String, String, String?, String?)])
  func files(path: String, text: String, found: String?, named: String?) throws {
    let inFolder = ForeignFile.among([(path, Array(text.utf8))])[path]
    let onCommandLine = ForeignFile(named: path, bytes: Array(text.utf8))
    #expect((inFolder == nil) == (found == nil), "\(String(describing: inFolder))")
    #expect((onCommandLine == nil) == (named == nil))
    if let found { #expect(inFolder?.reason.contains(found) == true) }
    if let named { #expect(onCommandLine?.reason.contains(named) == true) }
  }

  /// Kustomize's own form of what it reads (api/types/kustomization.go).
  @Test(
    arguments: [
      ("patches: [{path: ./patch.yaml, target: {kind: VirtualMachine}}]", "o/patch.yaml", true),
      ("patches: [{patch: \"- op: add\"}]", "o/patch.yaml", false),
      ("patchesStrategicMerge: [../b/patch.yaml]", "b/patch.yaml", true),
      ("patchesStrategicMerge: [\"kind: Pod\\n\"]", "o/patch.yaml", false),
      ("patchesJson6902: [{path: patch.yaml}]", "o/patch.yaml", true),
      ("configMapGenerator: [{name: a, files: [vm=vm.yaml]}]", "o/vm.yaml", true),
      ("secretGenerator: [{name: a, files: [vm.yaml]}]", "o/vm.yaml", true),
      ("helmCharts: [{name: a, valuesFile: v.yaml}]", "o/v.yaml", true),
      ("resources: [vm.yaml]\ncomponents: [vm.yaml]", "o/vm.yaml", false),
      ("patches: [{path: vm.yaml}]", "vm.yaml", false),
      ("patches: {", "o/vm.yaml", false),
    ])
  func partsOfKustomizations(kustomization: String, path: String, isPart: Bool) {
    let object = "kind: VirtualMachine\nmetadata: {name: .*}\n"
    let foreign = ForeignFile.among([
      ("o/kustomization.yaml", Array(kustomization.utf8)), (path, Array(object.utf8)),
    ])
    #expect((foreign[path] != nil) == isPart)
    if isPart {
      #expect(foreign[path]?.reason.contains("kustomize build o | pxelab validate -") == true)
    }
    #expect(foreign["o/kustomization.yaml"]?.reason.hasPrefix("a kustomization") == true)
  }

  @Test func aTemplatesBracesHaveTheirPlace() throws {
    let text = "a: 'ä' \nb: \u{e4}{{ x }}: [\n"
    let file = try #require(ForeignFile(named: "f", bytes: Array(text.utf8)))
    #expect(file.location.description == "f:2:5")
  }

  @Test func inAFolderItIsANoteAndInNamedFilesAnError() throws {
    let files = [
      (path: "a/kustomization.yaml", bytes: Array("resources: []".utf8)),
      (path: "a/vm.yaml", bytes: Array(ManifestValidationTests.attachment.utf8)),
    ]
    let found = ManifestValidation(
      files: files, folderName: "a", found: ["a/kustomization.yaml", "a/vm.yaml"], options: .init())
    #expect(found.accepted)
    #expect(
      found.notes.map(\.description).first?.hasPrefix(
        "a/kustomization.yaml:1:1: note: skipped: a kustomization") == true)
    #expect(found.checkedFiles == ["a/vm.yaml"])
    let named = ManifestValidation(files: files, folderName: "a", options: .init())
    #expect(named.problems.map(\.location?.file) == ["a/kustomization.yaml"])
  }

  @Test func aLabsFolderMayHaveThemToo() {
    let input = LabInput(
      files: [
        ("kustomization.yaml", "resources: []\n"), ("net.yaml", ManifestValidationTests.attachment),
        ("vm.yaml", ManifestValidationTests.machine),
      ], folderName: "lab")
    #expect(!input.hasErrors, "\(input.problems)")
    #expect(
      input.lab.notices.contains { $0.hasPrefix("skipped kustomization.yaml: a kustomization") })
  }

  @Test(arguments: [
    (10, 10, ["a0"], "1 of 10 files refused"), (1, 1, ["a0"], "1 file refused"),
    (2, 2, ["a0", "a1"], "2 files refused"), (3, 3, [], "3 files accepted"),
    (1, 0, [], "1 file, nothing in it was checked"),
    (2, 0, [], "2 files, nothing in them was checked"),
    (3, 2, [], "2 files accepted, nothing in 1 more was checked"),
    (3, 2, ["a2"], "1 of 3 files refused"),
  ])
  func counts(all: Int, checked: Int, refused: [String], text: String) {
    let names = (0..<all).map { "a\($0)" }
    let problems = refused.map {
      Problem(location: Objects.SourceLocation(file: $0, line: 1, column: 1), message: "x")
    }
    let warning = Problem(
      severity: .warning, location: Objects.SourceLocation(file: "a0", line: 1, column: 1),
      message: "y")
    let summary = ValidationSummary(
      paths: Set(names), checked: Set(names.prefix(checked)),
      problems: problems + problems + [warning])
    #expect(summary.text == text)
  }
}
