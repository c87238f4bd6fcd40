import Addresses
import ExternalCommand
import KubeVirt
import LabManifest
import NetworkAttachment
import Objects

/// A virtual function that a machine's interface gets, and what sets it up.
package struct VirtualFunctionPlan: Codable, Sendable, Hashable {
  /// The function.
  package var function: VirtualFunction
  /// What sets it up as the attachment asks.
  package var setting: Command
}

/// Gives the interfaces of SR-IOV attachments the functions of the cards that were named for their
/// resources.
struct VirtualFunctionPlanner {
  let input: LabInput
  let facts: PlanningFacts
  let addresses: MACAssignment

  /// An interface of a machine.
  struct Place: Hashable {
    var machine: ObjectKey
    var interface: String
  }

  /// The functions, by the interfaces that get them; what is not in it has an access port.
  ///
  /// - Throws: ``PlanningError`` where what was asked for cannot be had.
  func plan() throws -> [Place: VirtualFunctionPlan] {
    guard !facts.virtualFunctionCards.isEmpty else { return [:] }
    guard facts.isRoot else {
      throw PlanningError(
        description:
          "--sriov gives functions of the host's card away, which only root may: use sudo")
    }
    var free = try Dictionary(uniqueKeysWithValues: facts.virtualFunctionCards.map(pool))
    var plans: [Place: VirtualFunctionPlan] = [:]
    for machine in input.machines {
      for interface in machine.interfaces {
        guard let attachment = input.attachment(of: interface, in: machine),
          case .sriov(let config) = attachment.config,
          let resource = free.keys.first(where: { attachment.isOf(resource: $0) }),
          let function = free[resource]?.first
        else { continue }
        free[resource]?.removeFirst()
        plans[Place(machine: machine.key, interface: interface.name)] = VirtualFunctionPlan(
          function: function,
          setting: function.setting(config, mac: addresses.address(of: interface, in: machine)))
      }
    }
    return plans
  }

  /// The functions of a card, as `RESOURCE=CARD` names it.
  private func pool(_ text: String) throws -> (String, [VirtualFunction]) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw PlanningError(
        description: "--sriov \(text): write RESOURCE=CARD, as openshift.io/nic1=ens1f0")
    }
    let (resource, card) = (parts[0], parts[1])
    guard input.attachments.contains(where: { $0.isOf(resource: resource) }) else {
      throw PlanningError(
        description:
          "--sriov \(text): no SR-IOV attachment of the lab is of the resource \(resource)")
    }
    guard let functions = facts.virtualFunctions?.functions[card] else {
      let cards = facts.virtualFunctions?.functions.keys.sorted() ?? []
      throw PlanningError(
        description: "--sriov \(text): \(card) is no card with virtual functions; "
          + (cards.isEmpty ? "this machine has none" : "there are \(cards.joined(separator: ", "))")
      )
    }
    guard !functions.isEmpty else {
      throw PlanningError(
        description: "--sriov \(text): \(card) has no virtual functions now: "
          + "echo N > /sys/class/net/\(card)/device/sriov_numvfs")
    }
    if let function = functions.first(where: { !$0.hasIOMMUGroup }) {
      throw PlanningError(
        description: "--sriov \(text): \(function.address) is in no IOMMU group, so no guest can "
          + "have it: turn the IOMMU on in the firmware and on the kernel's command line")
    }
    return (resource, functions)
  }
}

extension NetworkAttachmentDefinition {
  /// Whether its functions are from a resource, by its whole name or what comes after the slash.
  fileprivate func isOf(resource: String) -> Bool {
    guard case .sriov = config, let resourceName else { return false }
    return resourceName == resource || resourceName.split(separator: "/").last == resource[...]
  }
}
