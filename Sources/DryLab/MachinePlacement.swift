import KubeVirt
import Objects
import Planning

/// Where a machine of a planned lab goes.
package struct MachinePlacement: Codable, Sendable, Hashable {
  /// The node; `nil` of a machine that waits for one, or is not to start.
  package let node: String?
  /// Why it waits: the scheduler's words, or those of the controllers.
  package let message: String?
  /// What of the nodes' processors and libvirts bears on that.
  package let remarks: [String]

  /// Reads the objects of a lab.
  ///
  /// - Parameters:
  ///   - obsolete: the CPU models that the lab calls obsolete.
  ///   - labels: what is known of the nodes' labels.
  ///   - schedulers: the lab's own.
  init(
    of instance: ObjectKey, in objects: [ObjectKey: ObjectNode], obsolete: Set<String>,
    labels: [String: ExpectedLabels], schedulers: [SchedulerPlan]
  ) {
    let object = objects[instance]
    node = object?["status", "nodeName"]?.string
    let machine = objects[
      ObjectKey(.virtualMachines, namespace: instance.namespace, name: instance.name)]
    let pod = objects.first { key, pod in
      key.resource == GroupResource("pods") && key.namespace == instance.namespace
        && pod.isLauncher(of: instance)
    }?.value
    message =
      node == nil
      ? Self.message("PodScheduled", "False", of: object)
        ?? Self.message("Synchronized", "False", of: object)
        ?? Self.message("Failure", "True", of: machine)
        ?? pod.flatMap { NamedScheduler(of: $0, among: schedulers) }?.outlook : nil
    let nodes = objects.filter { $0.key.resource == .nodes }.sorted { $0.key < $1.key }
      .map { ($0.key.name, $0.value["metadata", "labels"]?.strings ?? [:]) }
    var remarks = MissingLabels.reasons(of: instance, in: objects, obsolete: obsolete)
    if let node, let pod {
      let asked = Self.asked(by: pod)
      let assumed = asked.filter { labels[node]?.isOpen($0.label) == true }
      if !assumed.isEmpty {
        remarks.append(
          "if libvirt says so of \(node) at `up`: "
            + assumed.map(\.description).joined(separator: ", "))
      }
      if nodes.count > 1 {
        remarks += asked.filter { ask in !assumed.contains { $0.label == ask.label } }.map { ask in
          let fitting = nodes.filter { ($0.1[ask.label] != nil) == ask.isPresent }.map(\.0)
          return "\(ask): \(fitting.joined(separator: ", "))"
        }
      }
    }
    self.remarks = remarks
  }

  private static func message(_ type: String, _ status: String, of object: ObjectNode?) -> String? {
    object?["status", "conditions"]?.items.first {
      $0["type"]?.string == type && $0["status"]?.string == status
    }?["message"]?.string
  }

  // MARK: - What is asked of processors

  /// A label that must be on a node, or must not.
  private struct Ask: CustomStringConvertible {
    let label: String
    let isPresent: Bool

    var description: String {
      let words =
        [
          (NodeLabel.model, "CPU model"), (NodeLabel.feature, "CPU feature"),
          (NodeLabel.vendor, "CPU vendor"), (NodeLabel.machineType, "machine type"),
        ].first { label.hasPrefix($0.0) }.map { "\($0.1) \(label.dropFirst($0.0.count))" } ?? label
      return isPresent ? words : "no \(words)"
    }
  }

  /// The labels that a node's agent sets, of those that a launcher pod asks for; without those that every
  /// machine does.
  private static func asked(by pod: ObjectNode) -> [Ask] {
    let usual = ["\(NodeLabel.machineType)q35", NodeLabel.obsoleteHostModel]
    let wanted = (pod["spec", "nodeSelector"]?.strings ?? [:]).keys.sorted().map {
      Ask(label: $0, isPresent: true)
    }
    let unwanted = MissingLabels.forbidden(of: pod).map { Ask(label: $0, isPresent: false) }
    return (wanted + unwanted).filter { ask in
      !usual.contains(ask.label)
        && NodeLabeller.Group.allCases.contains { $0.has(ask.label) }
    }
  }
}
