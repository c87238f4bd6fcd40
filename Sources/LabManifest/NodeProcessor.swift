import KubeVirt
import Objects

/// The processor that a lab's node has instead of this machine's, for placing machines.
package struct NodeProcessor: Hashable, Sendable {
  /// A named model; `nil` is this machine's.
  package var model: String?
  /// Who makes it; `nil` is as the model has it.
  package var vendor: String?
  /// Features that it has beyond the model's (`true`), or lacks of them (`false`).
  package var features: [String: Bool] = [:]

  /// `cpu` of a node in lab.yaml; `nil` where it is not written.
  init?(_ field: Field) {
    guard field.exists else { return nil }
    field.warnUnknown(except: LabFields.processor)
    if let name = field["model"].string {
      model = name
      if !CPUModelMap.has(name) {
        let near = CPUModelMap.nearest(to: name)
        field["model"].error(
          "libvirt knows no x86 CPU model \(name.prefix(64).debugDescription)"
            + (near.map { "; did you mean \($0.debugDescription)?" } ?? "")
            + "; for the processor of this machine leave model out")
      }
    }
    if let name = field["vendor"].string {
      vendor = name
      if !LabelValue.objections(name).isEmpty || name.isEmpty {
        field["vendor"].error(
          "\(name.prefix(64).debugDescription) cannot be part of a label; write one such as Intel"
            + " or AMD")
      }
    }
    for item in field["features"].items {
      item.warnUnknown(except: LabFields.processorFeature)
      guard let name = item["name"].string, !name.isEmpty else {
        item["name"].error("Required value: name is required")
        continue
      }
      let objections = QualifiedName.objections(NodeLabel.feature + name)
      if !objections.isEmpty {
        item["name"].error(
          "\(name.prefix(64).debugDescription) is no name of a CPU feature: "
            + objections.joined(separator: "; "))
      }
      let policy: NodeFeaturePolicy = item["policy"].choice() ?? .require
      if features[name] != nil {
        item["name"].error("Duplicate value: \(name.debugDescription): a feature is named once")
      }
      features[name] = policy == .require
    }
  }
}

/// Whether a node has a feature.
package enum NodeFeaturePolicy: String, CaseIterable, Sendable {
  /// It has.
  case require
  /// It has not.
  case disable
}
