import Addresses
import PXEWire

/// What of a machine was seen between its node and its server: on its node's bridge, and on the fabric
/// beyond the bridge's uplink. A frame that is on both is one frame.
package struct FabricSighting: Sendable {
  /// The machine's frames on the fabric since its boot began; `nil` where none came.
  package var trace: ClientTrace?
  /// What the machine asked, as captured by its node (``node``) and by the fabric (``fabric``).
  package var paths: [StepPath]

  /// The number of the node's capture.
  package static let node = 0
  /// The number of the fabric's capture.
  package static let fabric = 1

  /// What was seen.
  package init(trace: ClientTrace?, paths: [StepPath]) {
    self.trace = trace
    self.paths = paths
  }
}

/// What of a client the captures of one network show, each by itself.
package struct CaptureSighting: Sendable {
  /// What it asked.
  package var paths: [StepPath]
  /// What each capture is called, by its number.
  package var names: [String]

  /// What was seen.
  package init(paths: [StepPath], names: [String]) {
    self.paths = paths
    self.names = names
  }

  /// How far a step got, as a clause; `nil` where it was answered next to the client, or there
  /// is only one capture.
  func clause(of path: StepPath) -> String? {
    let seen = path.sightings
    guard let first = seen.first else { return nil }
    if case .failure = path.step {
      guard let nearest, path.sighting(in: nearest) == nil else { return nil }
      return "was seen on \(list(seen)), not on \(name(of: nearest))"
    }
    guard names.count > 1, !first.isAnswered else { return nil }
    let asked = seen.filter { path.isAsked($0, after: first) }
    let answered = seen.filter { path.isAnswered($0, after: first) }
    let question = "was seen on \(list(asked))"
    guard !answered.isEmpty else {
      return asked.count == 1
        ? "\(question) alone" : "\(question); no \(path.step.answer) followed"
    }
    return "\(question); its \(path.step.answer) on \(list(answered)), not on "
      + name(of: first.capture)
  }

  /// The capture that is next to the client: the first to have its first question.
  private var nearest: Int? { paths.lazy.compactMap(\.sightings.first?.capture).first }

  private func list(_ sightings: [StepPath.Sighting]) -> String {
    sightings.map { name(of: $0.capture) }.joined(separator: ", then ")
  }

  private func name(of capture: Int) -> String {
    names.indices.contains(capture) ? names[capture] : "capture \(capture + 1)"
  }
}

extension Evidence {
  /// How far the last question of that kind got, as a clause; `nil` without one, and where nobody listened
  /// further on.
  func path(of step: WireStep) -> String? {
    if let fabric {
      return fabric.paths.first { $0.step == step }.flatMap { clause(of: $0, always: true) }
    }
    return captures.flatMap { captures in
      captures.paths.first { $0.step == step }.flatMap(captures.clause)
    }
  }

  /// How far the unanswered questions got, as evidence; empty where that is not known.
  ///
  /// - Parameter stage: only those that bear on a fault there.
  func pathEvidence(for stage: FaultStage? = nil) -> [EvidenceItem] {
    let paths = (fabric?.paths ?? captures?.paths ?? []).filter { path in
      stage.map(path.step.bears) ?? true
    }
    return paths.compactMap { path in
      let clause = fabric == nil ? captures?.clause(of: path) : clause(of: path, always: false)
      return clause.map { "the way of the \(path.step.question): it \($0)" }
    }.prefix(Self.pathsAtMost).map { EvidenceItem($0) }
  }

  private static let pathsAtMost = 4
  /// Seconds after which the fabric's capture has what its agent has captured.
  private static let lateness = 1.0

  /// How far a question got between the machine's node and the fabric.
  ///
  /// - Parameter always: whether that is said of an answered one too.
  private func clause(of path: StepPath, always: Bool) -> String? {
    guard let uplink = host?.uplink else { return nil }
    let bridge = "\(uplink.node)'s \(uplink.bridge)"
    let there = path.sighting(in: FabricSighting.fabric)
    guard let here = path.sighting(in: FabricSighting.node), here.asked != nil else {
      // An error that nobody asked for, or one whose question the capture lacks.
      let isLost = there?.isAnswered == true && path.sighting(in: FabricSighting.node) == nil
      return isLost ? "came to the fabric, and not to \(bridge)" : nil
    }
    if here.isAnswered, !always {
      return lostPart(of: path, here, there).map { "\($0) \(bridge)" }
    }
    // The fabric's capture is written half a second late.
    if !here.isAnswered, let asked = here.asked, let end = segment.end,
      end.seconds(since: asked) < Self.lateness
    {
      return nil
    }
    guard let port = uplink.port else {
      return "left no further than \(bridge), which has no uplink"
    }
    guard let there, path.isAsked(there, after: here) else {
      if here.isAnswered { return nil }
      let pvid = host?.port(of: mac)?.pvid
      let isCarried = pvid.map { port.tagged.contains($0) || port.untagged.contains($0) } ?? true
      return "left \(bridge), did not leave its uplink"
        + (isCarried
          ? "" : ": \(pvid.map { "VLAN \($0)" } ?? "the untagged VLAN") is not on that trunk")
    }
    guard there.vlan == here.vlan else {
      return "left \(bridge) \(Self.place(here.vlan)), came to the fabric \(Self.place(there.vlan))"
    }
    let end =
      here.isAnswered
      ? ""
      : path.isAnswered(there, after: here)
        ? "; its \(path.step.answer) did not come back to \(bridge)"
        : ", and no \(path.step.answer) followed there"
    return "left \(bridge), came to the fabric \(Self.place(there.vlan))\(end)"
  }

  /// How much of an answer came no further than the fabric.
  private func lostPart(
    of path: StepPath, _ here: StepPath.Sighting, _ there: StepPath.Sighting?
  ) -> String? {
    guard let came = here.reached, let sent = there?.reached, came.port == sent.port else {
      return nil
    }
    let lost = Int32(bitPattern: sent.sequence &- came.sequence)
    return lost > 0
      ? "came to the fabric; the last \(lost) bytes of its answer did not come to" : nil
  }

  private static func place(_ vlan: VLANID?) -> String {
    vlan.map { "on VLAN \($0)" } ?? "without a tag"
  }
}

extension Finding {
  /// The same with how far the questions got that bear on a fault at that stage.
  func adding(pathsAt stage: FaultStage, of evidence: Evidence) -> Finding {
    guard severity > .info, mac == evidence.mac, FaultStage.discover <= stage,
      stage <= .transfer
    else { return self }
    return adding(evidence.pathEvidence(for: stage).filter { !self.evidence.contains($0) })
  }
}
