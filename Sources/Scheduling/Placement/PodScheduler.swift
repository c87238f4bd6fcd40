import KubeVirt

/// kube-scheduler's default profile: which node takes a pod, and why not
/// (pkg/scheduler/schedule_one.go).
package struct PodScheduler: Sendable {
  /// The `schedulerName` of pods that name none.
  package static let defaultName = "default-scheduler"
  /// The condition of a pod whose gates are shut.
  package static let gatedReason = "SchedulingGated"
  package static let gatedMessage = "Scheduling is blocked due to non-empty scheduling gates"

  /// The cluster.
  package internal(set) var snapshot: Snapshot
  /// The release whose rules count.
  package let release: Release
  /// The claims that are there, as `namespace/name`; `nil` when nothing is known of claims.
  let claims: Set<String>?

  /// A scheduler of a cluster.
  package init(snapshot: Snapshot, release: Release = .v1_36, claims: Set<String>? = nil) {
    self.snapshot = snapshot
    self.release = release
    self.claims = claims
  }

  /// Puts a pod on a node.
  package mutating func bind(_ pod: Pod, to node: String) { snapshot.add(pod, to: node) }

  /// Removes the pods that give way.
  package mutating func evict(_ preemption: Placement.Preemption) {
    for place in preemption.places { _ = snapshot.remove(place) }
  }

  /// Looks for the best node for a pod; puts it nowhere.
  package mutating func place(_ pod: Pod) -> Placement {
    var placement = Placement()
    guard !snapshot.nodes.isEmpty else {
      placement.reason = "Unschedulable"
      placement.message = FitMessage.noNodes
      return placement
    }
    snapshot.prepare(for: pod)
    let choice = NodeAffinity.choice(of: pod)
    var preFilter = VolumeBinding.rejection(of: pod, claims: claims)
    if case .conflict(let rejection) = choice { preFilter = rejection }
    if let preFilter {
      placement.preFilter = preFilter
      placement.reason = "Unschedulable"
      placement.message = FitMessage.text(preFilter: preFilter, nodes: snapshot.nodes.count)
      return placement
    }
    filter(pod, choice, into: &placement)
    if placement.candidates.isEmpty {
      refuse(pod, into: &placement)
    } else {
      score(pod, into: &placement)
    }
    return placement
  }

  private func filter(
    _ pod: Pod, _ choice: NodeAffinity.Choice, into placement: inout Placement
  ) {
    let profile = Profile(pod, in: snapshot, release: release)
    var named: Set<String>?
    if case .named(let names) = choice { named = names }
    placement.rejections.reserveCapacity(snapshot.nodes.count)
    for index in snapshot.nodes.indices {
      var rejection: Rejection?
      if let named, !named.contains(snapshot.nodes[index].node.name) {
        rejection = NodeAffinity.leftOut
      } else {
        rejection = profile.rejection(of: snapshot.nodes[index])
      }
      placement.rejections.append(rejection)
      if rejection == nil { placement.candidates.append(index) }
    }
  }

  private func score(_ pod: Pod, into placement: inout Placement) {
    let candidates = placement.candidates
    func names(_ indices: [Int]) -> [String] { indices.map { snapshot.nodes[$0].node.name } }
    guard candidates.count > 1 else {
      placement.best = names(candidates)
      return
    }
    do throws(ScoringError) {
      let plugins = try Profile.scores(
        pod, in: snapshot, candidates: candidates, release: release)
      placement.totals = [Int64](repeating: 0, count: candidates.count)
      for plugin in plugins {
        var scores = candidates.map { plugin.score(of: $0, snapshot.nodes[$0]) }
        plugin.normalize(&scores, of: candidates)
        for (place, score) in scores.enumerated() {
          placement.totals[place] += score * plugin.weight
        }
        placement.scores.append(
          Placement.PluginScores(plugin: plugin.name, weight: plugin.weight, scores: scores))
      }
      let most = placement.totals.max() ?? 0
      placement.best = names(
        zip(candidates, placement.totals).compactMap { $1 == most ? $0 : nil })
    } catch {
      placement.scoringError = error.description
      placement.reason = "SchedulerError"
      placement.message = error.description
    }
  }

  private mutating func refuse(_ pod: Pod, into placement: inout Placement) {
    let count = snapshot.nodes.count
    let counts = FitMessage.counts(placement.rejections.lazy.compactMap { $0 })
    var after = "no new claims to deallocate, preemption: "
    if pod.neverPreempts {
      after += "not eligible due to preemptionPolicy=Never."
    } else {
      switch preempt(pod, placement.rejections) {
      case .success(let preemption):
        placement.preemption = preemption
        after = ""
      case .failure(let reasons): after += FitMessage.text(reasons.counts, nodes: count)
      }
    }
    placement.reason = "Unschedulable"
    placement.message = FitMessage.text(counts, nodes: count, after: after)
  }
}
