import DomainXML
import KubeVirt
import LabManifest

/// What processors a node's guests can have.
package struct ProcessorOffer: Hashable, Sendable {
  /// Where a processor comes from.
  package enum Source: String, Hashable, Sendable {
    /// This machine has it, and KVM gives it to guests.
    case host
    /// TCG emulates it.
    case emulation
    /// lab.yaml describes it.
    case manifest
  }

  /// The models that guests can have.
  package var models: Set<String> = []
  /// All models that the node's libvirt knows.
  package var knownModels: Set<String> = []
  /// The features that guests can have.
  package var features: Set<String> = []
  /// What `host-model` is there; `nil` where there is none.
  package var hostModel: String?
  /// What `host-model` has beyond its model.
  package var hostModelFeatures: Set<String> = []
  /// Who makes the processor.
  package var vendor: String?
  /// Where it comes from.
  package var source: Source

  /// What libvirt says (pkg/virt-handler/node-labeller, cpu_plugin.go). Without KVM a model that libvirt
  /// calls unusable counts as there: TCG emulates as much of it as it can.
  ///
  /// - Parameter features: those of the hypervisor's baseline.
  package init(_ capabilities: ProcessorCapabilities, features: Set<String>, usesKVM: Bool) {
    knownModels = Set(capabilities.models.keys)
    models = Set(capabilities.models.filter { !usesKVM || $0.value != .no }.keys)
    self.features = features
    source = usesKVM ? .host : .emulation
    guard let host = capabilities.hostModel else { return }
    hostModel = host.first("model")?.text
    vendor = host.first("vendor")?.text
    hostModelFeatures = Set(
      host.all("feature").filter { $0[attribute: "policy"] == "require" }
        .compactMap { $0[attribute: "name"] })
  }

  /// What is known before libvirt says anything: what its map has.
  package init(knownBy map: ProcessorMap) {
    knownModels = Set(map.models.keys)
    source = .manifest
  }

  /// What TCG emulates, before libvirt says anything: of each model of its map as much as it can.
  package init(emulatedBy map: ProcessorMap) {
    self.init(knownBy: map)
    models = knownModels
    source = .emulation
  }

  /// Its labels.
  ///
  /// - Parameter obsolete: the models that the cluster calls obsolete.
  package func labels(obsolete: Set<String>) -> [String: String] {
    var names = models.subtracting(obsolete).map { NodeLabel.model + $0 }
    names += knownModels.subtracting(obsolete).map { NodeLabel.migrationModel + $0 }
    names += features.map { NodeLabel.feature + $0 }
    names += hostModelFeatures.map { NodeLabel.hostModelFeature + $0 }
    if let hostModel {
      names.append(NodeLabel.hostModel + hostModel)
      if isHostModelObsolete(obsolete) { names.append(NodeLabel.obsoleteHostModel) }
    }
    if let vendor { names.append(NodeLabel.vendor + vendor) }
    // What libvirt has may be longer than labels may be.
    return Dictionary(
      names.filter { QualifiedName.objections($0).isEmpty }.map { ($0, "true") }
    ) { first, _ in first }
  }

  /// Whether machines with the model `host-model` are kept away. What TCG emulates is no old hardware.
  package func isHostModelObsolete(_ obsolete: Set<String>) -> Bool {
    source != .emulation && hostModel.map(obsolete.contains) ?? false
  }

  /// What guests could have on a processor that lab.yaml describes, by libvirt's map: models all of whose
  /// features are there.
  package func replaced(by processor: NodeProcessor, map: ProcessorMap) -> ProcessorOffer {
    var offer = self
    offer.source = .manifest
    let added = Set(processor.features.filter(\.value).keys)
    let removed = Set(processor.features.filter { !$0.value }.keys)
    if let name = processor.model {
      let model = map.models[name]
      offer.hostModel = name
      offer.vendor = model?.vendor ?? vendor
      offer.features = model?.features ?? []
      offer.hostModelFeatures = []
    }
    let before = offer.features
    offer.features = before.union(added).subtracting(removed)
    offer.hostModelFeatures = offer.hostModelFeatures.union(added.subtracting(before))
      .subtracting(removed)
    offer.vendor = processor.vendor ?? offer.vendor
    offer.models = (processor.model == nil ? models : knownModels).filter { name in
      guard let model = map.models[name] else { return false }
      return processor.model == nil
        ? model.features.isDisjoint(with: removed)
        : model.features.isSubset(of: offer.features)
    }
    return offer
  }
}
