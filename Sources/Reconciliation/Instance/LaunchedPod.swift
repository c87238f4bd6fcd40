import KubeVirt
import Objects
import Scheduling

/// The pod of an instance as virt-controller creates it: in a lab a record that the scheduler binds
/// to a node, whose agent then runs the domain.
enum LaunchedPod {
  /// Why there is no pod.
  struct CreationFailure: Error {
    /// What the event says; `nil` when the API server was not even asked.
    var event: String?
    /// What the instance's condition says.
    var condition: String
  }

  static func key(of instance: ObjectKey, suffix: String) -> ObjectKey {
    // What is made of a generateName has at most 63 characters (apiserver, storage/names).
    let base = "virt-launcher-\(instance.name)-".prefix(58)
    return ObjectKey(.pods, namespace: instance.namespace, name: base + suffix)
  }

  /// The pod, after the API server has taken it in, and what quotas have less of by it.
  ///
  /// - Parameter key: the pod's.
  static func tree(
    of instance: ObjectNode, _ key: ObjectKey, in snapshot: any Snapshot
  ) throws(CreationFailure) -> (pod: ObjectNode, quotas: [Change]) {
    var instance = instance
    instance["metadata", "labels", Mark.nodeName] = nil
    instance["metadata", "namespace"] = .text(key.namespace)
    let pod: LauncherPod
    do throws(LauncherPod.RenderingError) {
      pod = try LauncherPod(
        instance,
        in: LauncherPod.Surroundings(
          cluster: snapshot.clusterSettings, networkResources: snapshot.networkResources))
    } catch {
      throw CreationFailure(
        event: nil, condition: "failed to render launch manifest: \(error.description)")
    }
    var annotations = ["kubevirt.io/domain": instance.name]
    annotations["k8s.v1.cni.cncf.io/networks"] = networks(of: instance)
    var tree: ObjectNode = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .text(key.name), "namespace": .text(key.namespace),
        "labels": mapping(pod.labels), "annotations": mapping(annotations),
        "finalizers": [.text(Mark.podFinalizer)],
        "ownerReferences": [instance.controllerReference],
      ],
      "spec": pod.spec,
      "status": ["phase": "Pending", "qosClass": .text(pod.qualityOfService)],
    ]
    let quotas = NamespaceQuotas(key.namespace, in: snapshot)
    let counted: [Change]
    do throws(Refusal) {
      tree = try PodAdmission(priorityClasses: snapshot.priorityClasses).admit(quotas.limited(tree))
        .object
      counted = try quotas.admit(tree)
    } catch {
      throw CreationFailure(
        event: "Error creating pod: \(error.message)",
        condition: "failed to create virtual machine pod: \(error.message)")
    }
    return (tree, counted)
  }

  /// The network attachments, as Multus reads them.
  private static func networks(of instance: ObjectNode) -> String? {
    let spec = instance["spec"] ?? .mapping()
    let interfaces = spec["domain", "devices", "interfaces"]?.items ?? []
    let attachments = (spec["networks"]?.items ?? []).compactMap { network -> ObjectNode? in
      guard let reference = network["multus", "networkName"]?.string else { return nil }
      let key = ObjectKey(
        .networkAttachmentDefinitions, reference: reference,
        from: instance["metadata", "namespace"]?.string ?? ObjectKey.defaultNamespace)
      var attachment: ObjectNode = ["name": .text(key.name), "namespace": .text(key.namespace)]
      attachment["mac"] =
        interfaces.first { $0["name"] == network["name"] }?["macAddress"]
      return attachment
    }
    guard !attachments.isEmpty else { return nil }
    return String(decoding: ObjectNode.sequence(attachments).canonicalJSON, as: UTF8.self)
  }

  private static func mapping(_ texts: [String: String]) -> ObjectNode {
    ObjectNode(
      .mapping(
        texts.sorted { $0.key < $1.key }.map {
          ObjectNode.Entry(key: $0.key, value: .text($0.value))
        }))
  }
}

extension Snapshot {
  /// The settings of the cluster that objects say: a HyperConverged's, else a KubeVirt's.
  var clusterSettings: ClusterSettings {
    for resource in [
      GroupResource("hyperconvergeds", group: "hco.kubevirt.io"),
      GroupResource("kubevirts", group: "kubevirt.io"),
    ] {
      guard let object = objects(of: resource, namespace: nil).first?.object else { continue }
      let document = ManifestDocument(object: object)
      if let settings = ClusterSettings(document, log: ProblemLog(object: document.object)) {
        return settings
      }
    }
    return ClusterSettings()
  }

  /// The resources of network attachments, by `namespace/name`.
  var networkResources: [String: String?] {
    var resources: [String: String?] = [:]
    for (key, object) in objects(of: .networkAttachmentDefinitions, namespace: nil) {
      resources[key.description] = .some(object.annotation("k8s.v1.cni.cncf.io/resourceName"))
    }
    return resources
  }

  /// The priority classes.
  var priorityClasses: [PriorityClass] {
    objects(of: .priorityClasses, namespace: nil).map { PriorityClass($0.object) }
  }
}
