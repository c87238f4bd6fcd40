import Addresses
import PXEWire

/// Where a step of a client's was captured: one frame that several captures have is one, with its path.
package struct StepPath: Sendable {
  /// What the client asked.
  package let step: WireStep
  /// The captures that have it, the first to have it first.
  package private(set) var sightings: [Sighting] = []

  /// What one capture has of a step since it was answered there last.
  package struct Sighting: Sendable {
    /// The capture.
    package let capture: Int
    /// The VLAN that the question was on; `nil` for untagged.
    package fileprivate(set) var vlan: VLANID?
    /// When it was asked first; `nil` where only answers were captured.
    package fileprivate(set) var asked: Timestamp?
    /// Whether an answer was captured.
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

  /// Whether a capture has the question that another has.
  func isAsked(_ sighting: Sighting, after first: Sighting) -> Bool {
    guard let here = sighting.asked, let there = first.asked else { return false }
    return here.seconds(since: there) > -Self.passage
  }

  mutating func ask(in capture: Int, on vlan: VLANID?, at time: Timestamp) {
    change(capture) { sighting in
      guard sighting.asked == nil || sighting.isAnswered else { return }
      sighting.asked = time
      sighting.vlan = vlan
      sighting.isAnswered = false
      sighting.reached = nil
    }
  }

  mutating func answer(in capture: Int, reaching end: (port: UInt16, sequence: UInt32)?) {
    change(capture) { sighting in
      sighting.isAnswered = true
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
