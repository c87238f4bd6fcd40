import KubeVirt
import Objects

/// The results of a recorded case about pods and nodes, as they are computed here.
struct RecordedPlacement {
  private let item: APIValue
  private let release: Release
  private let admission: PodAdmission
  private let profiles: Set<String>
  private var nodeRefusal: Refusal?
  private var scheduler: PodScheduler

  init(_ item: APIValue, _ release: Release) {
    self.item = item
    self.release = release
    admission = PodAdmission(
      priorityClasses: item["priorityClasses"].items.compactMap { $0.node.map(PriorityClass.init) })
    let named = item["schedulerProfiles"].strings
    profiles = named.isEmpty ? [PodScheduler.defaultName] : Set(named)
    var nodes: [Node] = []
    for node in item["nodes"].items.compactMap(\.node) {
      do throws(Refusal) {
        nodes.append(Node(try NodeAdmission.admit(node)))
      } catch {
        nodeRefusal = nodeRefusal ?? error
      }
    }
    let namespaces = item["namespaces"].items.map {
      ($0["metadata"]["name"].string, $0["metadata"]["labels"].texts)
    }
    let snapshot = Snapshot(
      nodes: nodes, namespaces: Dictionary(namespaces) { first, _ in first })
    scheduler = PodScheduler(snapshot: snapshot, release: release, claims: [])
    for tree in item["pods"].items.compactMap(\.node) {
      let phase = APIValue(tree)["status"]["phase"].string
      guard phase != "Succeeded", phase != "Failed" else { continue }
      let pod = Pod((try? admission.admit(tree))?.object ?? admission.present(tree))
      scheduler.bind(pod, to: pod.nodeName)
    }
  }

  /// What becomes of nodes alone.
  func nodes() -> ObjectNode {
    nodeRefusal.map(Self.refused) ?? ["accepted": true]
  }

  /// What becomes of the one pod.
  func single() -> ObjectNode {
    var copy = self
    return copy.result(of: item["pod"].node ?? .null, isInSequence: false)
  }

  /// What becomes of each of several pods.
  func sequence() -> [ObjectNode] {
    var copy = self
    let recorded = item["result"].items
    return item["sequence"].items.enumerated().map { index, pod in
      let seen = index < recorded.count ? recorded[index]["bound"].string : ""
      var result = copy.result(of: pod.node ?? .null, isInSequence: true, seen: seen)
      result["pod"] = .text(pod["metadata"]["name"].string)
      return result
    }
  }

  private static func refused(_ refusal: Refusal) -> ObjectNode {
    var result: ObjectNode = ["refused": .text(refusal.message)]
    if refusal.errors.count > 1 {
      result["causes"] = .sequence(
        refusal.errors.map { .text("\($0.kind.rawValue) \($0.text)") })
    }
    return result
  }

  /// - Parameter seen: the node on which it was seen, where the next pod of the sequence found it
  ///   whatever the release.
  private mutating func result(
    of tree: ObjectNode, isInSequence: Bool, seen: String = ""
  ) -> ObjectNode {
    let admitted: PodAdmission.Admitted
    do throws(Refusal) {
      admitted = try admission.admit(tree)
    } catch {
      return Self.refused(error)
    }
    var result = ObjectNode.mapping()
    if !admitted.warnings.isEmpty {
      result["warnings"] = .sequence(admitted.warnings.map { .text($0) })
    }
    guard item["nodes"].exists else {
      if admitted.warnings.isEmpty { result["accepted"] = true }
      return result
    }
    let pod = Pod(admitted.object)
    guard profiles.contains(pod.schedulerName) else {
      result["neverTaken"] = true
      return result
    }
    let placement = scheduler.place(pod)
    describe(placement, pod, in: &result)
    guard !pod.isGated else {
      result["conditionReason"] = .text(PodScheduler.gatedReason)
      result["message"] = .text(PodScheduler.gatedMessage)
      result["neverTaken"] = true
      return result
    }
    result["conditionReason"] = placement.reason.map { .text($0) }
    result["message"] = placement.message.map { .text($0) }
    settle(placement, pod, in: &result, isInSequence: isInSequence, seen: seen)
    return result
  }

  /// Binds the pod, after others have given way.
  private mutating func settle(
    _ placement: Placement, _ pod: Pod, in result: inout ObjectNode, isInSequence: Bool,
    seen: String
  ) {
    var events: [String] = []
    func tell(_ name: String, _ type: String, _ reason: String, _ message: String) {
      events.append(
        "Pod/\(name) \(type) \(reason) from \(pod.schedulerName): \(message)")
    }
    if let message = placement.message { tell(pod.key, "Warning", "FailedScheduling", message) }
    var node = placement.node
    if let preemption = placement.preemption {
      scheduler.evict(preemption)
      result["nominatedNodeName"] = .text(preemption.node)
      result["preempted"] = .sequence(preemption.victims.map { .text($0.key) })
      for victim in preemption.victims {
        tell(
          victim.key, "Normal", "Preempted",
          "Preempted by pod uid-\(pod.namespace)-\(pod.name) on node \(preemption.node)")
      }
      node = scheduler.place(pod).node
    }
    if let node {
      tell(pod.key, "Normal", "Scheduled", "Successfully assigned \(pod.key) to \(node)")
      scheduler.bind(pod, to: seen.isEmpty ? node : seen)
      if isInSequence || placement.preemption != nil { result["bound"] = .text(node) }
    }
    result["events"] = .sequence(events.map { .text($0) })
  }

  private func describe(_ placement: Placement, _ pod: Pod, in result: inout ObjectNode) {
    if let rejection = placement.preFilter {
      result["preFilter"] = Self.tree(rejection)
      return
    }
    let names = scheduler.snapshot.nodeNames
    guard !names.isEmpty else { return }
    result["nodes"] = ObjectNode(
      .mapping(
        zip(names, placement.rejections).map { name, rejection in
          ObjectNode.Entry(key: name, value: rejection.map(Self.tree) ?? "ok")
        }))
    if let error = placement.scoringError { result["scoreError"] = .text(error) }
    guard !placement.best.isEmpty else { return }
    result["best"] = .sequence(placement.best.map { .text($0) })
    guard !placement.totals.isEmpty else { return }
    result["scores"] = ObjectNode(
      .mapping(
        placement.candidates.enumerated().map { place, index in
          var scores: ObjectNode = ["total": .integer(Int(placement.totals[place]))]
          for plugin in placement.scores {
            scores[plugin.plugin] = .integer(Int(plugin.scores[place]))
          }
          return ObjectNode.Entry(key: names[index], value: scores)
        }))
  }

  private static func tree(_ rejection: Rejection) -> ObjectNode {
    .sequence(
      ([rejection.plugin, rejection.code.rawValue] + rejection.reasons).map { .text($0) })
  }
}
