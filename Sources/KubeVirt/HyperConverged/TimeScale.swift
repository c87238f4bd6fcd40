import Objects

/// How much faster a lab's control plane lets time go by than its guests (`spec.timeScale` of a Lab).
package struct TimeScale: Hashable, Sendable {
  /// Seconds of the control plane in a true second; 1 is true time.
  package let factor: Int

  /// True time.
  package static let one = TimeScale(factor: 1)
  /// The factors that a lab may have.
  package static let range = 1...100_000

  private init(factor: Int) { self.factor = factor }

  /// A factor; `nil` for one out of ``range``.
  package init?(_ factor: Int) {
    guard Self.range.contains(factor) else { return nil }
    self.factor = factor
  }

  /// What a Lab says; true time where it says nothing, or nothing that makes sense.
  package init(lab: ObjectNode?) {
    self = lab?["spec", "timeScale"]?.integer.flatMap { TimeScale($0) } ?? .one
  }

  /// The true seconds that a length of the control plane's time takes: whole ones, 1 at least.
  package func seconds(_ duration: GoDuration) -> Int {
    let seconds = duration.nanoseconds / 1_000_000_000 / Int64(factor)
    return max(1, Int(clamping: seconds))
  }

  /// A length in both times: `48h0m0s (24s here)`; in true time alone as it is.
  package func text(_ duration: GoDuration) -> String {
    guard factor > 1 else { return "\(duration)" }
    return "\(duration) (\(GoDuration(seconds: seconds(duration))) here)"
  }
}
