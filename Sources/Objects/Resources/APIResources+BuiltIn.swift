extension APIResources {
  /// The kinds that every lab serves (kubernetes, pkg/apis; kubevirt, api; and the lab's own).
  package static let builtIn = APIResources(
    core + [
      APIResource(
        GroupResource("leases", group: "coordination.k8s.io"), kind: "Lease"),
      APIResource(
        .virtualMachines, versions: ["v1", "v1alpha3"], kind: "VirtualMachine",
        shortNames: ["vm", "vms"], categories: ["all"], hasStatus: true),
      // Its status is a field like others: the CRD has no subresource for it.
      APIResource(
        .virtualMachineInstances, versions: ["v1", "v1alpha3"], kind: "VirtualMachineInstance",
        shortNames: ["vmi", "vmis"], categories: ["all"]),
      APIResource(
        GroupResource("kubevirts", group: "kubevirt.io"), versions: ["v1", "v1alpha3"],
        kind: "KubeVirt", shortNames: ["kv", "kvs"], categories: ["all"], hasStatus: true),
      APIResource(
        .networkAttachmentDefinitions, kind: "NetworkAttachmentDefinition",
        singular: "network-attachment-definition", shortNames: ["net-attach-def"]),
      APIResource(
        .dataVolumes, versions: ["v1beta1"], kind: "DataVolume", shortNames: ["dv", "dvs"],
        categories: ["all"], hasStatus: true),
      APIResource(
        GroupResource("hyperconvergeds", group: "hco.kubevirt.io"), versions: ["v1beta1", "v1"],
        kind: "HyperConverged", shortNames: ["hco", "hcos"], categories: ["all"],
        hasStatus: true),
      APIResource(
        GroupResource("nodenetworkconfigurationpolicies", group: "nmstate.io"),
        versions: ["v1", "v1beta1"], kind: "NodeNetworkConfigurationPolicy", shortNames: ["nncp"],
        isNamespaced: false, hasStatus: true),
    ] + instancetypes + lab)

  /// As virt-operator makes their definitions (pkg/virt-operator/resource/generate/components/crds.go).
  private static let instancetypes = [
    instancetype(
      "VirtualMachineInstancetype", ["vminstancetype", "vminstancetypes", "vmf", "vmfs"]),
    instancetype(
      "VirtualMachineClusterInstancetype",
      ["vmclusterinstancetype", "vmclusterinstancetypes", "vmcf", "vmcfs"], isNamespaced: false),
    instancetype("VirtualMachinePreference", ["vmpref", "vmprefs", "vmp", "vmps"]),
    instancetype("VirtualMachineClusterPreference", ["vmcp", "vmcps"], isNamespaced: false),
  ]

  private static func instancetype(
    _ kind: String, _ shortNames: [String], isNamespaced: Bool = true
  ) -> APIResource {
    APIResource(
      GroupResource(kind.lowercased() + "s", group: "instancetype.kubevirt.io"),
      versions: ["v1beta1", "v1"], kind: kind, shortNames: shortNames, isNamespaced: isNamespaced)
  }

  private static let core = [
    APIResource(
      GroupResource("namespaces"), kind: "Namespace", shortNames: ["ns"], isNamespaced: false,
      hasStatus: true),
    APIResource(
      GroupResource("nodes"), kind: "Node", shortNames: ["no"], isNamespaced: false,
      hasStatus: true),
    APIResource(
      GroupResource("pods"), kind: "Pod", shortNames: ["po"], categories: ["all"], hasStatus: true),
    APIResource(GroupResource("events"), kind: "Event", shortNames: ["ev"]),
    APIResource(.secrets, kind: "Secret"),
    APIResource(.configMaps, kind: "ConfigMap", shortNames: ["cm"]),
    APIResource(
      .persistentVolumeClaims, kind: "PersistentVolumeClaim", shortNames: ["pvc"],
      hasStatus: true),
    APIResource(.resourceQuotas, kind: "ResourceQuota", shortNames: ["quota"], hasStatus: true),
  ]

  private static let lab = [
    own("labs", "Lab", isNamespaced: false), own("hostfacts", "HostFacts", isNamespaced: false),
    own("manifestfolders", "ManifestFolder", isNamespaced: false),
    own("bootverdicts", "BootVerdict", shortNames: ["bv"]), own("parts", "Part"),
    own("operations", "Operation"),
  ]

  private static func own(
    _ name: String, _ kind: String, shortNames: [String] = [], isNamespaced: Bool = true
  ) -> APIResource {
    APIResource(
      GroupResource(name, group: "pxelab.dev"), versions: ["v1alpha1"], kind: kind,
      shortNames: shortNames, isNamespaced: isNamespaced, hasStatus: true)
  }
}
