import DomainXML
import LabPlan
import Libvirt

/// Decides which machines can be scheduled on this machine, as a cluster's scheduler would by the
/// labels that KubeVirt's node labeller gives to nodes (pkg/virt-handler/node-labeller).
struct Scheduling: Sendable {
  let plan: LabPlan
  let connection: Connection

  /// Why machines stay Pending, by name; machines that can run are not in it.
  ///
  /// - Throws: `LibvirtError`, `DomainXMLError`.
  func pending() async throws -> [String: [String]] {
    let demanding = plan.machines.filter { !$0.processor.isEmpty }
    guard !demanding.isEmpty else { return [:] }
    let target = HypervisorTarget(domainType: plan.acceleration.choice == "kvm" ? "kvm" : "qemu")
    let capabilities = try ProcessorCapabilities(
      parsing: try await connection.domainCapabilities(of: target))
    var features: Set<String>?
    if let hostModel = capabilities.hostModel {
      features = try ProcessorCapabilities.features(
        ofBaseline: try await connection.baselineProcessor(hostModel, on: target))
    }
    var offer = ProcessorOffer(
      provider: target.domainType == "kvm" ? "KVM" : "TCG",
      models: capabilities.models.mapValues { $0 == .yes }, features: features)
    var comparisons: [String: ProcessorComparison] = [:]
    for model in Set(demanding.compactMap(\.processor.model)) {
      guard let usability = capabilities.models[model], usability != .yes else { continue }
      let comparison = try await connection.compareProcessor(
        ProcessorCapabilities.description(ofModel: model), on: target)
      comparisons[model] = comparison
      if usability == .unknown { offer.models[model] = comparison.isProvided }
    }
    var pending: [String: [String]] = [:]
    for machine in demanding {
      var reasons = offer.objections(to: machine.processor)
      guard !reasons.isEmpty else { continue }
      if let model = machine.processor.model, case .incompatible(let why)? = comparisons[model],
        !why.isEmpty
      {
        reasons[0] += ": \(why)"
      }
      pending[machine.name] = reasons
    }
    return pending
  }
}

extension ProcessorComparison {
  fileprivate var isProvided: Bool { self == .identical || self == .superset }
}
