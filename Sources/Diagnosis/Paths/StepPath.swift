import Addresses
import PXEWire

/// Where a step of a client's was captured: one frame that several captures have is one, with its path.
package struct StepPath: Sendable {
  /// What the client asked.
  package let step: WireStep
  /// The captures that have it, the first to have it first.
  package private(set) var sightings: [Sighting] = []

  /// What one capture has of a step. A round begins with the first question after an answer in the same
  /// capture, so that rounds of two captures are compared by their times alone.
  package struct Sighting: Sendable {
    /// The capture.
    package let capture: Int
    /// The VLAN that the last question was on; `nil` for untagged.
    package fileprivate(set) var vlan: VLANID?
    /// When it was asked first in this round; `nil` where only answers were captured.
    package fileprivate(set) var asked: Timestamp?
    /// When it was asked last.
    fileprivate var lastAsked: Timestamp?
    /// When it was answered last, in whichever round.
    fileprivate var lastAnswered: Timestamp?
    /// Whether an answer was captured in this round.
    package fileprivate(set) var isAnswered = false
    /// The last of the answer's bytes by its number in the client's connection from this port (RFC 9293
    /// section 3.4); `nil` of anything else.
    package fileprivate(set) var reached: (port: UInt16, sequence: UInt32)?
  }

  /// Seconds within which a frame passes all captures of a lab.
  private static let passage = 0.05

  init(_ step: WireStep) { self.step = step }

  /// What a capture has of it.
  package func sighting(in capture: Int) -> Sighting? {
    sightings.first { $0.capture == capture }
  }

  /// Whether a capture has a question of the round that another has.
  func isAsked(_ sighting: Sighting, after first: Sighting) -> Bool {
    guard let last = sighting.lastAsked, let begin = first.asked else { return false }
    return last.seconds(since: begin) > -Self.passage
  }

  /// Whether a capture has an answer to the round that another has.
  func isAnswered(_ sighting: Sighting, after first: Sighting) -> Bool {
    guard let last = sighting.lastAnswered, let begin = first.asked else { return false }
    // What the other has too, and has asked again soon after.
    if !first.isAnswered, let former = first.lastAnswered,
      last.seconds(since: former) < Self.passage
    {
      return false
    }
    return last.seconds(since: begin) > -Self.passage
  }

  /// Whether an answer that comes to all on a VLAN is one to this, in a capture.
  func isAsked(in capture: Int, on vlan: VLANID?) -> Bool {
    let asked = sightings.filter { $0.lastAsked != nil }
    if let here = asked.first(where: { $0.capture == capture }) { return here.vlan == vlan }
    return asked.contains { $0.vlan == vlan }
  }

  mutating func ask(in capture: Int, on vlan: VLANID?, at time: Timestamp) {
    change(capture) { sighting in
      sighting.lastAsked = time
      sighting.vlan = vlan
      guard sighting.asked == nil || sighting.isAnswered else { return }
      sighting.asked = time
      sighting.isAnswered = false
      sighting.reached = nil
    }
  }

  mutating func answer(
    in capture: Int, at time: Timestamp, reaching end: (port: UInt16, sequence: UInt32)?
  ) {
    change(capture) { sighting in
      sighting.isAnswered = true
      sighting.lastAnswered = time
      guard let end else { return }
      if let reached = sighting.reached, reached.port == end.port,
        Int32(bitPattern: end.sequence &- reached.sequence) <= 0
      {
        return
      }
      sighting.reached = end
    }
  }

  private mutating func change(_ capture: Int, _ body: (inout Sighting) -> Void) {
    if let index = sightings.firstIndex(where: { $0.capture == capture }) {
      body(&sightings[index])
    } else {
      var sighting = Sighting(capture: capture)
      body(&sighting)
      sightings.append(sighting)
    }
  }
}
