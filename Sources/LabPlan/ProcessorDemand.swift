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
  package init(_ machine: Machine) {
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
package struct ProcessorOffer: Codable, Sendable, Hashable {
  /// Who provides it.
  package enum Provider: String, Codable, Sendable {
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

  /// Why models cannot be run here, in libvirt's words.
  package var reasons: [String: String]

  /// The annotation of a node that has its offer.
  package static let annotation = "pxelab.dev/processor-offer"

  /// Why a node takes no machine that asks for something of a processor before it has said its offer.
  package static let isAwaited = "node(s) had not said yet what processors they offer"

  /// An offer.
  package init(
    provider: Provider, models: [String: Bool], features: Set<String>?,
    reasons: [String: String] = [:]
  ) {
    self.provider = provider
    self.models = models
    self.features = features
    self.reasons = reasons
  }

  /// Why a machine stays Pending; empty when it can be scheduled here.
  package func objections(to demand: ProcessorDemand) -> [String] {
    var objections: [String] = []
    if let model = demand.model {
      switch models[model] {
      case true?: break
      case false? where provider == .tcg: break
      case false?:
        objections.append(
          "\(provider.rawValue) on this machine cannot run CPU model \(model)"
            + (reasons[model].map { ": \($0)" } ?? ""))
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

  /// What a machine that is scheduled here does without, for a person; `nil` when it has all of it.
  package func notice(on demand: ProcessorDemand) -> String? {
    reducedModel(of: demand).map { model in
      "TCG emulates CPU model \(model) as far as it can" + (reasons[model].map { ": \($0)" } ?? "")
    }
  }

  /// The model that a machine gets less of than it names; `nil` when it gets all of it.
  package func reducedModel(of demand: ProcessorDemand) -> String? {
    demand.model.flatMap { provider == .tcg && models[$0] == false ? $0 : nil }
  }
}
