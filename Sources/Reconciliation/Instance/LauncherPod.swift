import Objects

/// The pod of an instance (KubeVirt, pkg/virt-controller/services/template.go): in a lab a record
/// that the scheduler binds to a node, whose agent then runs the domain.
enum LauncherPod {
  /// What of an instance's spec the pod has as it is.
  private static let carried = [
    "affinity", "tolerations", "topologySpreadConstraints", "schedulingGates", "priorityClassName",
  ]
  /// Seconds that a guest has to power off when its instance does not say, and those that the
  /// launcher has after that.
  private static let gracePeriod = 30
  private static let gracePeriodPadding = 15

  static func key(of instance: ObjectKey, suffix: String) -> ObjectKey {
    // What is made of a generateName has at most 63 characters (apiserver, storage/names).
    let base = "virt-launcher-\(instance.name)-".prefix(58)
    return ObjectKey(.pods, namespace: instance.namespace, name: base + suffix)
  }

  static func pod(of instance: ObjectNode) -> ObjectNode {
    let instanceSpec = instance["spec"] ?? .mapping()
    let hostname = instanceSpec["hostname"]?.string ?? hostname(instance.name)
    var labels = instance["metadata", "labels"]?.strings ?? [:]
    labels["kubevirt.io"] = "virt-launcher"
    labels["kubevirt.io/created-by"] = instance.uid
    labels["vm.kubevirt.io/name"] = hostname
    labels["vmi.kubevirt.io/id"] = identity(instance.name)
    labels[Mark.nodeName] = nil
    let resources = LauncherResources(instanceSpec)
    var spec: ObjectNode = [
      "hostname": .text(hostname), "restartPolicy": "Never", "enableServiceLinks": false,
      "terminationGracePeriodSeconds": .integer(
        (instanceSpec["terminationGracePeriodSeconds"]?.integer ?? gracePeriod)
          .addingClamped(gracePeriodPadding)),
      "schedulerName": .text(instanceSpec["schedulerName"]?.string ?? Scheduler.defaultName),
      "nodeSelector": mapping(
        ["kubevirt.io/schedulable": "true"]
          .merging(instanceSpec["nodeSelector"]?.strings ?? [:]) { _, own in own }),
      "containers": [["name": "compute", "resources": resources.tree]],
    ]
    for field in carried { spec[field] = instanceSpec[field] }
    var annotations = ["kubevirt.io/domain": instance.name]
    annotations["k8s.v1.cni.cncf.io/networks"] = networks(of: instanceSpec, instance)
    return [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "labels": mapping(labels), "annotations": mapping(annotations),
        "finalizers": [.text(Mark.podFinalizer)],
        "ownerReferences": [instance.controllerReference],
      ],
      "spec": spec,
      "status": ["phase": "Pending", "qosClass": .text(resources.qualityOfService)],
    ]
  }

  /// The network attachments, as Multus reads them.
  private static func networks(of spec: ObjectNode, _ instance: ObjectNode) -> String? {
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

  /// A name as a host's: what is before the first dot, at most 63 characters (pkg/util/net/dns).
  private static func hostname(_ name: String) -> String {
    var label = String(name.prefix { $0 != "." }.prefix(63))
    while label.hasSuffix("-") { label.removeLast() }
    return label
  }

  /// A name as the value of a label, which has at most 63 characters. KubeVirt tells long names apart
  /// by SHA-1.
  private static func identity(_ name: String) -> String {
    name.count > 63 ? "\(name.prefix(54))-\(name.digest.prefix(8))" : name
  }

  private static func mapping(_ texts: [String: String]) -> ObjectNode {
    ObjectNode(
      .mapping(
        texts.sorted { $0.key < $1.key }.map {
          ObjectNode.Entry(key: $0.key, value: .text($0.value))
        }))
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
