/// The labels by which KubeVirt finds a node for a machine (kubevirt.io/api/core/v1, types.go). Those
/// that end with a slash are followed by a name.
package enum NodeLabel {
  /// That machines may be put there.
  package static let schedulable = "kubevirt.io/schedulable"
  /// A CPU model that guests can have.
  package static let model = "cpu-model.node.kubevirt.io/"
  /// A CPU model that a guest which migrates to the node may have.
  package static let migrationModel = "cpu-model-migration.node.kubevirt.io/"
  /// A CPU feature that guests can have.
  package static let feature = "cpu-feature.node.kubevirt.io/"
  /// What `host-model` is on the node.
  package static let hostModel = "host-model-cpu.node.kubevirt.io/"
  /// A feature that `host-model` adds to its model on the node.
  package static let hostModelFeature = "host-model-required-features.node.kubevirt.io/"
  /// Who makes the node's processor.
  package static let vendor = "cpu-vendor.node.kubevirt.io/"
  /// That the node's host model is obsolete.
  package static let obsoleteHostModel = "node-labeller.kubevirt.io/obsolete-host-model"
  /// What the node's timers are like.
  package static let timer = "cpu-timer.node.kubevirt.io/"
  /// An enlightenment for Windows guests.
  package static let enlightenment = "hyperv.node.kubevirt.io/"
  /// A machine type of the node's QEMU.
  package static let machineType = "machine-type.node.kubevirt.io/"
  /// Encrypted memory (AMD SEV).
  package static let sev = "kubevirt.io/sev"
  /// Encrypted registers (AMD SEV-ES).
  package static let sevES = "kubevirt.io/sev-es"
  /// The annotation of a node whose labels KubeVirt's labeller leaves alone.
  package static let skipAnnotation = "node-labeller.kubevirt.io/skip-node"

  /// The annotation of a lab's node that says where its labels come from, once its libvirt has been asked.
  package static let sourceAnnotation = "pxelab.dev/processor"

  /// The labels that say what a node's processor is: a node is described by all of them or none.
  package static let processor = [
    model, migrationModel, feature, hostModel, hostModelFeature, vendor, obsoleteHostModel,
  ]

  /// Whether a label says something of a node that is known once its libvirt has been asked.
  package static func isReported(_ label: String) -> Bool {
    label != "\(machineType)q35"
      && (processor + [timer, enlightenment, machineType, sev, sevES]).contains {
        label.hasPrefix($0)
      }
  }
}
