import PXEWire

/// How the lab itself was while a machine booted: what no manifest is to blame for.
package struct LabCondition: Sendable, Hashable {
  /// Programs that the boot depends on and that failed while it lasted, oldest first.
  package var failures: [ProgramFailure] = []
  /// Why the file of the capture ends early; `nil` while it is whole.
  package var captureFileFailure: String?
  /// The time that was over before the boot was; `nil` where it was enough.
  package var timeLimit: TimeLimit?

  /// A lab of which nothing is known but good.
  package init() {}

  /// A program of the lab's that failed.
  package struct ProgramFailure: Sendable, Hashable {
    /// What people call it: `dnsmasq of pxe-net-conf`.
    package var title: String
    /// What became of it, as a predicate: `was ended by signal 9 (SIGKILL)`.
    package var reason: String
    /// The last lines that it said; empty where it said nothing.
    package var lastWords: String
    /// When that was noticed.
    package var time: Timestamp
    /// When it ran again; `nil` while it does not.
    package var back: Timestamp?

    /// A failure of a program that does not run again yet.
    package init(title: String, reason: String, lastWords: String = "", time: Timestamp) {
      self.title = title
      self.reason = reason
      self.lastWords = lastWords
      self.time = time
    }
  }

  /// A boot's time that was over.
  package struct TimeLimit: Sendable, Hashable {
    /// The time that the boot was given, in seconds.
    package var seconds: Double
    /// The time that it had, in seconds; more where bytes flowed.
    package var elapsed: Double
    /// The last thing that showed it to go on; `nil` where nothing did.
    package var lastSign: Sign?
    /// Whether the machine's processors are emulated (TCG).
    package var isEmulated: Bool

    /// A time that was over.
    package init(seconds: Double, elapsed: Double, lastSign: Sign?, isEmulated: Bool) {
      self.seconds = seconds
      self.elapsed = elapsed
      self.lastSign = lastSign
      self.isEmulated = isEmulated
    }
  }

  /// Something that showed a boot to go on.
  package struct Sign: Sendable, Hashable {
    /// What it was: `TFTP /kernel 71 % of 8.4 MB`.
    package var text: String
    /// How many seconds it was before the end.
    package var age: Double

    /// A sign.
    package init(text: String, age: Double) {
      self.text = text
      self.age = age
    }
  }
}
