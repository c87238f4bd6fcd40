import KubeVirt
import Objects

/// What a machine needs of a node's processor before it is scheduled there (KubeVirt,
/// pkg/virt-controller/services/nodeselectorrenderer.go).
package struct ProcessorDemand: Codable, Sendable, Hashable {
  /// The named model; `nil` when any will do.
  package var model: String?
  /// The features that must be there.
  package var required: [String]
  /// The features that must not be there.
  package var forbidden: [String]

  /// What a machine needs. `force`, `optional` and `disable` keep it from no node.
  init(_ machine: Machine) {
    if case .named(let name)? = machine.cpu.model.map(CPUModel.init) { model = name }
    func names(_ policies: [String]) -> [String] {
      machine.cpu.features.filter { policies.contains($0.policy ?? "") }.map(\.name)
    }
    required = names(["require", ""])
    forbidden = names(["forbid"])
  }

  /// Whether any node will do.
  package var isEmpty: Bool { model == nil && required.isEmpty && forbidden.isEmpty }
}

/// What this machine's hypervisor provides.
package struct ProcessorOffer: Sendable {
  /// Who provides it.
  package enum Provider: String, Sendable {
    /// The host's processor: what it lacks no guest has.
    case kvm = "KVM"
    /// An emulation, which stands for whatever hardware a machine names, as far as it goes.
    case tcg = "TCG"
  }

  /// Who provides it.
  package var provider: Provider
  /// The named models that libvirt knows, and whether they can be run here.
  package var models: [String: Bool]
  /// The features; `nil` when libvirt does not tell.
  package var features: Set<String>?

  /// An offer.
  package init(provider: Provider, models: [String: Bool], features: Set<String>?) {
    self.provider = provider
    self.models = models
    self.features = features
  }

  /// Why a machine stays Pending; empty when it can be scheduled here.
  package func objections(to demand: ProcessorDemand) -> [String] {
    var objections: [String] = []
    if let model = demand.model {
      switch models[model] {
      case true?: break
      case false? where provider == .tcg: break
      case false?:
        objections.append("\(provider.rawValue) on this machine cannot run CPU model \(model)")
      case nil:
        let same = models.keys.first { $0.lowercased() == model.lowercased() }
        let near = same ?? nearest(to: model, among: models.keys.sorted())
        objections.append(
          "libvirt knows no CPU model \(model)"
            + (near.map { "; did you mean \($0)?" } ?? "")
            + (same == nil ? "" : " (names are case-sensitive)"))
      }
    }
    guard let features else { return objections }
    objections += demand.required.filter { !features.contains($0) }.map {
      "CPU feature \($0) is required, and \(provider.rawValue) on this machine does not provide it"
    }
    objections += demand.forbidden.filter(features.contains).map {
      "CPU feature \($0) is forbidden, and \(provider.rawValue) on this machine provides it"
    }
    return objections
  }

  /// The model that a machine gets less of than it names; `nil` when it gets all of it.
  package func reducedModel(of demand: ProcessorDemand) -> String? {
    demand.model.flatMap { provider == .tcg && models[$0] == false ? $0 : nil }
  }
}
