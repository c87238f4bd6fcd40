import Objects

/// The DataVolumes that a machine brings with it (`spec.dataVolumeTemplates`; KubeVirt,
/// handleDataVolumes). In a lab they are empty disks or files at once, so no start waits for them.
enum DataVolumeTemplates {
  /// The changes that make those that are not there.
  static func changes(
    of machine: ObjectNode, _ key: ObjectKey, in snapshot: any Snapshot
  ) -> [Change] {
    var names: Set<String> = []
    return (machine["spec", "dataVolumeTemplates"]?.items ?? []).compactMap { template in
      let name = template.name
      let own = ObjectKey(.dataVolumes, namespace: key.namespace, name: name)
      guard !name.isEmpty, names.insert(name).inserted, snapshot.object(own) == nil else {
        return nil
      }
      var volume: ObjectNode = [
        "apiVersion": "cdi.kubevirt.io/v1beta1", "kind": "DataVolume",
        "metadata": ["ownerReferences": [machine.controllerReference]],
        "spec": template["spec"] ?? .mapping(),
      ]
      for field in ["labels", "annotations"] {
        volume["metadata", field] = template["metadata"]?[field]
      }
      volume["metadata", "labels", "kubevirt.io/created-by"] = .text(machine.uid)
      volume["metadata", "annotations", "cdi.kubevirt.io/allowClaimAdoption"] = "true"
      return .create(own, volume)
    }
  }
}
