/// Why no pods give way: how many nodes have each reason.
struct NoPreemption: Error {
  var counts: [String: Int]
}

extension PodScheduler {
  private static let noVictims = "No preemption victims found for incoming pod"
  private static let noHelp = "Preemption is not helpful for scheduling"

  /// The victims of a node.
  private struct Candidate {
    var index: Int
    /// Those with the highest priority first.
    var places: [Int]
    var victims: [Pod]
  }

  /// Looks for pods that give way (pkg/scheduler/framework/preemption and
  /// plugins/defaultpreemption). There are no PodDisruptionBudgets.
  mutating func preempt(
    _ pod: Pod, _ rejections: [Rejection?]
  ) -> Result<Placement.Preemption, NoPreemption> {
    var counts: [String: Int] = [:]
    var candidates: [Candidate] = []
    for (index, rejection) in rejections.enumerated() {
      guard rejection?.code == .unschedulable else {
        counts[Self.noHelp, default: 0] += 1
        continue
      }
      switch victims(of: pod, on: index) {
      case .success(let candidate): candidates.append(candidate)
      case .failure(let reasons):
        for (reason, count) in reasons.counts { counts[reason, default: 0] += count }
      }
    }
    guard let best = candidates.min(by: Self.isBetter) else {
      return .failure(NoPreemption(counts: counts))
    }
    return .success(
      Placement.Preemption(
        node: snapshot.nodes[best.index].node.name, victims: best.victims, places: best.places))
  }

  /// The pods of a node that must go, after as many as possible were let stay.
  private mutating func victims(
    of pod: Pod, on index: Int
  ) -> Result<Candidate, NoPreemption> {
    let places = snapshot.nodes[index].pods.filter { place in
      (snapshot.pods[place]?.pod.priority ?? .max) < pod.priority
    }
    guard !places.isEmpty else { return .failure(NoPreemption(counts: [Self.noVictims: 1])) }
    var removed: [Int: Snapshot.Bound] = [:]
    for place in places { removed[place] = snapshot.remove(place) }
    defer {
      for place in places { if let bound = removed[place] { snapshot.put(bound, at: place) } }
    }
    func objection() -> Rejection? {
      Profile(pod, in: snapshot, release: release).rejection(of: snapshot.nodes[index])
    }
    if let rejection = objection() {
      return .failure(NoPreemption(counts: FitMessage.counts([rejection])))
    }
    let important = places.sorted { first, second in
      guard let first = removed[first]?.pod, let second = removed[second]?.pod else { return false }
      if first.priority != second.priority { return first.priority > second.priority }
      return Self.isEarlier(first.startTime, second.startTime)
    }
    var candidate = Candidate(index: index, places: [], victims: [])
    for place in important {
      guard let bound = removed[place] else { continue }
      snapshot.put(bound, at: place)
      if objection() == nil {
        removed[place] = nil
      } else {
        _ = snapshot.remove(place)
        candidate.places.append(place)
        candidate.victims.append(bound.pod)
      }
    }
    return .success(candidate)
  }

  /// Times sort as they are written (RFC 3339, UTC); none is now, the latest.
  private static func isEarlier(_ first: String, _ second: String) -> Bool {
    if first.isEmpty || second.isEmpty { return !first.isEmpty }
    return first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  /// The order of nodes whose pods may go (pickOneNodeForPreemption): the lowest of the highest
  /// priorities, the lowest sum of priorities, the fewest, the latest start.
  private static func isBetter(_ first: Candidate, _ second: Candidate) -> Bool {
    func highest(_ candidate: Candidate) -> Int { candidate.victims.first?.priority ?? 0 }
    func sum(_ candidate: Candidate) -> Int {
      candidate.victims.reduce(0) { $0 + $1.priority + Int(Int32.max) + 1 }
    }
    if highest(first) != highest(second) { return highest(first) < highest(second) }
    if sum(first) != sum(second) { return sum(first) < sum(second) }
    if first.victims.count != second.victims.count {
      return first.victims.count < second.victims.count
    }
    let (one, other) = (start(first), start(second))
    if one != other { return isEarlier(other, one) }
    return first.index < second.index
  }

  /// The earliest start among the victims with the highest priority.
  private static func start(_ candidate: Candidate) -> String {
    let highest = candidate.victims.first?.priority
    return candidate.victims.filter { $0.priority == highest }.map(\.startTime)
      .min(by: isEarlier) ?? ""
  }
}
