import Testing

@testable import LabHost

@Suite struct NodeSummaryTests {
  @Test func labelsOfProcessorsAreNumbers() {
    let node = NodeSummary(
      name: "node01", state: "Ready", isSchedulable: true,
      labels: [
        "zone": "east", "kubernetes.io/arch": "amd64",
        "cpu-model.node.kubevirt.io/Haswell": "true", "cpu-model.node.kubevirt.io/Penryn": "true",
        "cpu-model-migration.node.kubevirt.io/Haswell": "true",
        "machine-type.node.kubevirt.io/q35": "true",
        "machine-type.node.kubevirt.io/pc-q35-7.2": "true",
        "machine-type.node.kubevirt.io/pc": "true",
        "node-labeller.kubevirt.io/obsolete-host-model": "true",
      ], taints: [], allocatable: [:], uplinks: [], machines: [], libvirtURI: "")
    #expect(
      node.foldedLabels == [
        "cpu-model-migration.node.kubevirt.io/Haswell=true", "kubernetes.io/arch=amd64",
        "node-labeller.kubevirt.io/obsolete-host-model=true", "zone=east",
        "cpu-model.node.kubevirt.io/... (2)", "machine-type.node.kubevirt.io/... (3)",
      ])
  }
}
