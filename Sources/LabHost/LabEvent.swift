/// Something that happened in a lab, in the order in which it happened.
package struct LabEvent: Codable, Sendable, Hashable {
  /// What kind of thing happened.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A step of making the lab began or ended.
    case phase
    /// A machine was started, stopped, paused or the like.
    case power
    /// A machine's boot reached another stage, or got on within it.
    case stage
    /// Something on the wire.
    case wire
    /// A line on a machine's console.
    case console
    /// Something that a person should know.
    case notice
    /// A machine was judged.
    case verdict
    /// What a controller did with an object.
    case object
    /// Something in the lab could not be made, or ended.
    case failure
  }

  /// The event's number, from 0.
  package var number: Int
  /// Seconds since the lab began.
  package var seconds: Double
  /// The kind.
  package var kind: Kind
  /// The machine that it is about.
  package var machine: String?
  /// What happened, for a person.
  package var text: String
  /// How much of the stage is done, in percent, where that is known.
  package var percent: Int?

  /// An event.
  package init(
    number: Int, seconds: Double, kind: Kind, machine: String? = nil, text: String,
    percent: Int? = nil
  ) {
    self.number = number
    self.seconds = seconds
    self.kind = kind
    self.machine = machine
    self.text = text
    self.percent = percent
  }
}
