import Objects

/// The kinds of the API groups whose kinds are all known: what else is said to be of such a group is a
/// slip that a cluster refuses.
enum ServedKinds {
  /// Kinds by group; core's are of v1 (Kubernetes, api/core/v1/register.go).
  private static let kinds: [String: [String]] = [
    "": [
      "Binding", "ComponentStatus", "ConfigMap", "Endpoints", "Event", "LimitRange", "List",
      "Namespace", "Node", "PersistentVolume", "PersistentVolumeClaim", "Pod", "PodTemplate",
      "ReplicationController", "ResourceQuota", "Secret", "Service", "ServiceAccount",
    ],
    "cdi.kubevirt.io": [
      "CDI", "CDIConfig", "DataImportCron", "DataSource", "DataVolume", "ObjectTransfer",
      "StorageProfile", "VolumeCloneSource", "VolumeImportSource", "VolumeUploadSource",
    ],
    "hco.kubevirt.io": ["HyperConverged"],
    "k8s.cni.cncf.io": ["IPAMClaim", "MultiNetworkPolicy", "NetworkAttachmentDefinition"],
    "kubevirt.io": [
      "KubeVirt", "VirtualMachine", "VirtualMachineInstance", "VirtualMachineInstanceMigration",
      "VirtualMachineInstancePreset", "VirtualMachineInstanceReplicaSet",
    ],
    "nmstate.io": [
      "NMState", "NodeNetworkConfigurationEnactment", "NodeNetworkConfigurationPolicy",
      "NodeNetworkState",
    ],
    "pxelab.dev": ["Lab"],
  ]

  /// Kinds that were of v1 when OpenShift's API had no groups, with the groups that they are of since:
  /// old templates have them so (openshift/api, the kinds' legacy registrations).
  private static let formerlyCore: [String: String] = [
    "Build": "build", "BuildConfig": "build", "ClusterResourceQuota": "quota",
    "ClusterRole": "authorization", "ClusterRoleBinding": "authorization",
    "DeploymentConfig": "apps", "EgressNetworkPolicy": "network", "Group": "user",
    "HostSubnet": "network", "Identity": "user", "Image": "image", "ImageStream": "image",
    "ImageStreamTag": "image", "NetNamespace": "network", "OAuthClient": "oauth",
    "Project": "project", "ProjectRequest": "project", "Role": "authorization",
    "RoleBinding": "authorization", "Route": "route", "SecurityContextConstraints": "security",
    "Template": "template", "User": "user",
  ]

  /// The version that manifests of a group have as a rule.
  private static let versions = [
    "": "v1", "cdi.kubevirt.io": "cdi.kubevirt.io/v1beta1",
    "hco.kubevirt.io": "hco.kubevirt.io/v1beta1", "k8s.cni.cncf.io": "k8s.cni.cncf.io/v1",
    "kubevirt.io": "kubevirt.io/v1", "nmstate.io": "nmstate.io/v1", "pxelab.dev": Lab.apiVersion,
  ]

  /// Reports what a cluster has against a document that nothing else takes for its own: without an
  /// apiVersion, of a kind that its group does not have, or of a misspelt group.
  ///
  /// - Returns: whether there is something.
  static func refuse(_ document: ManifestDocument, log: ProblemLog) -> Bool {
    if document.apiVersion.isEmpty {
      let instead = (group(ofKind: document.kind) ?? group(nearKind: document.kind)).flatMap {
        versions[$0]
      }
      log.report(
        .error, at: document.location, field: "apiVersion",
        "apiVersion not set" + (instead.map { "; write \"apiVersion: \($0)\"" } ?? "")
          + meant(document.kind, instead: nearest(to: document.kind, among: kinds.values.joined())))
      return true
    }
    // The settings of kubectl (client-go, clientcmd/api/v1) have a kind, and go to no cluster.
    if document.apiVersion == "v1", document.kind == "Config" { return false }
    if let served = kinds[document.group] {
      guard !served.contains(document.kind), !isList(document.kind, of: served) else {
        return false
      }
      if document.group.isEmpty, let group = formerlyCore[document.kind] {
        log.report(
          .warning, at: document.location(of: "apiVersion"), field: "apiVersion",
          "v1 is how OpenShift's API had this kind before it had groups; write"
            + " \"apiVersion: \(group).openshift.io/v1\", kubectl knows no other")
        return true
      }
      let near = nearest(to: document.kind, among: served)
      log.report(
        .error, at: document.location(of: "kind"), field: "kind",
        noMatches(document)
          + (near == nil && !document.group.isEmpty
            ? "; known: \(served.joined(separator: ", "))" : meant(document.kind, instead: near)))
      return true
    }
    guard let group = nearest(to: document.group, among: kinds.keys.filter { !$0.isEmpty }),
      let served = kinds[group], nearest(to: document.kind, among: served) != nil,
      let version = versions[group]
    else { return false }
    log.report(
      .error, at: document.location(of: "apiVersion"), field: "apiVersion",
      noMatches(document) + "; did you mean \(version)?")
    return true
  }

  /// A cluster's words.
  private static func noMatches(_ document: ManifestDocument) -> String {
    "no matches for kind \(document.kind.debugDescription) in version "
      + document.apiVersion.debugDescription
  }

  private static func meant(_ kind: String, instead: String?) -> String {
    guard let instead, instead != kind else { return "" }
    return "; did you mean the kind \(instead)?"
  }

  private static func group(ofKind kind: String) -> String? {
    kinds.first { $0.value.contains(kind) }?.key
  }

  private static func group(nearKind kind: String) -> String? {
    nearest(to: kind, among: kinds.values.joined()).flatMap { group(ofKind: $0) }
  }

  /// Lists of one kind, as an API server hands them out.
  private static func isList(_ kind: String, of served: [String]) -> Bool {
    kind.hasSuffix("List") && served.contains(String(kind.dropLast("List".count)))
  }
}
