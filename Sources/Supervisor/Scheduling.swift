import DomainXML
import LabPlan
import Libvirt

/// Decides which machines can be scheduled on this machine, as a cluster's scheduler would by the
/// labels that KubeVirt's node labeller gives to nodes (pkg/virt-handler/node-labeller).
struct Scheduling: Sendable {
  let plan: LabPlan
  let connection: Connection

  /// What came of it, by the machines' names; machines that run as they ask are in neither.
  struct Outcome: Sendable {
    /// Why machines stay Pending.
    var pending: [String: [String]] = [:]
    /// What machines that run do without.
    var notices: [String: String] = [:]
  }

  /// Asks libvirt what processors it has here.
  ///
  /// - Throws: `LibvirtError`, `DomainXMLError`.
  func outcome() async throws -> Outcome {
    let demanding = plan.machines.filter { !$0.processor.isEmpty }
    guard !demanding.isEmpty else { return Outcome() }
    let target = HypervisorTarget(domainType: plan.acceleration.choice == "kvm" ? "kvm" : "qemu")
    let capabilities = try ProcessorCapabilities(
      parsing: try await connection.domainCapabilities(of: target))
    var features: Set<String>?
    if let hostModel = capabilities.hostModel {
      features = try ProcessorCapabilities.features(
        ofBaseline: try await connection.baselineProcessor(hostModel, on: target))
    }
    var offer = ProcessorOffer(
      provider: target.domainType == "kvm" ? .kvm : .tcg,
      models: capabilities.models.mapValues { $0 == .yes }, features: features)
    var comparisons: [String: ProcessorComparison] = [:]
    for model in Set(demanding.compactMap(\.processor.model)) {
      guard let usability = capabilities.models[model], usability != .yes else { continue }
      let comparison = try await connection.compareProcessor(
        ProcessorCapabilities.description(ofModel: model), on: target)
      comparisons[model] = comparison
      if usability == .unknown { offer.models[model] = comparison.isProvided }
    }
    var outcome = Outcome()
    for machine in demanding {
      var reasons = offer.objections(to: machine.processor)
      var why: String?
      if let model = machine.processor.model, case .incompatible(let text)? = comparisons[model],
        !text.isEmpty
      {
        why = text
      }
      if !reasons.isEmpty {
        if let why, offer.reducedModel(of: machine.processor) == nil { reasons[0] += ": \(why)" }
        outcome.pending[machine.name] = reasons
      } else if let model = offer.reducedModel(of: machine.processor) {
        outcome.notices[machine.name] =
          "TCG emulates CPU model \(model) as far as it can" + (why.map { ": \($0)" } ?? "")
      }
    }
    return outcome
  }
}

extension ProcessorComparison {
  fileprivate var isProvided: Bool { self == .identical || self == .superset }
}
