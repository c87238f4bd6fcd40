import KubeVirt
import Objects

/// Places all that asks for a node, one after the other, each in the cluster for the next.
package struct ScheduleRun {
  /// What became of one pod or machine.
  package struct Result {
    package let name: String
    package let namespace: String
    /// The node that it gets; `nil` for none.
    package internal(set) var node: String?
    /// The best nodes; the first is taken.
    package internal(set) var ties: [String] = []
    /// Why it gets none.
    package internal(set) var message: String?
    /// What the attempt had; `nil` when there was none.
    package internal(set) var placement: Placement?
    /// The pod that found no node, where placements are kept.
    package internal(set) var waitingPod: ObjectNode?
  }

  /// The nodes, with what bare ones lacked.
  package var nodes: [ObjectNode] { input.nodes }
  /// The CPU models that the cluster calls obsolete.
  package var obsoleteModels: Set<String> { input.cluster.obsoleteModels }

  /// The results in order.
  package private(set) var results: [Result] = []
  /// The names of the nodes, in the order of each placement's verdicts.
  package let nodeNames: [String]

  private let input: ScheduleInput
  private let admission: PodAdmission
  private var scheduler: PodScheduler
  /// The results of pods that are on a node, by namespace and name of the pod.
  private var placed: [String: Int] = [:]

  /// Places what asks.
  ///
  /// - Parameter keepsPlacements: whether each attempt's verdicts and scores are kept, which takes
  ///   memory for machines times nodes.
  package init(_ input: ScheduleInput, release: Release, keepsPlacements: Bool) {
    self.input = input
    admission = PodAdmission(priorityClasses: input.classes)
    scheduler = PodScheduler(
      snapshot: Snapshot(nodes: input.nodes.map(Node.init), namespaces: input.namespaces),
      release: release)
    nodeNames = scheduler.snapshot.nodeNames
    for object in input.boundPods {
      let pod = Pod(admission.present(object))
      scheduler.bind(pod, to: pod.nodeName)
    }
    for (index, subject) in input.subjects.enumerated() {
      place(subject, index, keepsPlacements: keepsPlacements)
    }
  }

  private mutating func place(
    _ subject: ScheduleInput.Subject, _ index: Int, keepsPlacements: Bool
  ) {
    var result = Result(name: subject.name, namespace: subject.namespace)
    defer { results.append(result) }
    let object: ObjectNode
    do {
      object = try self.pod(of: subject, index)
    } catch {
      result.message = "\(error)"
      return
    }
    let pod = Pod(object)
    guard pod.schedulerName == PodScheduler.defaultName else {
      result.message =
        "nobody takes it: no scheduler is named \(pod.schedulerName.debugDescription);"
        + " take schedulerName out of the spec, or name default-scheduler"
      return
    }
    guard !pod.isGated else {
      result.message = PodScheduler.gatedMessage
      return
    }
    var placement = scheduler.place(pod)
    if let preemption = placement.preemption {
      evict(preemption, for: pod)
      placement = scheduler.place(pod)
    }
    result.node = placement.node
    result.ties = placement.best
    result.message = placement.message
    if keepsPlacements {
      result.placement = placement
      if placement.node == nil { result.waitingPod = object }
    }
    guard let node = placement.node else { return }
    scheduler.bind(pod, to: node)
    placed[pod.key] = index
  }

  private mutating func evict(_ preemption: Placement.Preemption, for pod: Pod) {
    scheduler.evict(preemption)
    for victim in preemption.victims {
      guard let index = placed.removeValue(forKey: victim.key) else { continue }
      results[index].node = nil
      results[index].message = "Preempted by pod \(pod.key) on node \(preemption.node)"
    }
  }

  /// The pod that asks.
  private func pod(of subject: ScheduleInput.Subject, _ index: Int) throws -> ObjectNode {
    switch subject.kind {
    case .pod(let object):
      do throws(Refusal) {
        return try admission.admit(object.canonical).object
      } catch {
        throw PlacementFailure(description: error.message)
      }
    case .machine(let machine):
      let object = try launcher(of: machine, subject, index)
      do throws(Refusal) {
        return try admission.admit(object).object
      } catch {
        throw PlacementFailure(
          description: "failed to create virtual machine pod: \(error.message)")
      }
    }
  }

  private func launcher(
    of machine: MachineObject, _ subject: ScheduleInput.Subject, _ index: Int
  ) throws -> ObjectNode {
    var instance = machine.instanceObject.canonical
    instance["metadata", "name"] = .text(subject.name)
    instance["metadata", "namespace"] = .text(subject.namespace)
    instance["metadata", "uid"] = .text("instance-\(index)")
    let pod: LauncherPod
    do throws(LauncherPod.RenderingError) {
      pod = try LauncherPod(
        instance,
        in: LauncherPod.Surroundings(
          cluster: input.cluster, networkResources: input.networkResources))
    } catch {
      throw PlacementFailure(
        description: "failed to render launch manifest: \(error.description)")
    }
    var labels = ObjectNode.mapping()
    for (key, value) in pod.labels.sorted(by: { $0.key < $1.key }) { labels[key] = .text(value) }
    // What is made of a generateName has at most 63 characters.
    let name = pod.generateName.prefix(58) + "xxxxx"
    return [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .text(String(name)), "namespace": .text(subject.namespace), "labels": labels,
      ],
      "spec": pod.spec,
    ]
  }
}

/// Why a pod does not come to be, as it is told.
struct PlacementFailure: Error, CustomStringConvertible {
  let description: String
}
