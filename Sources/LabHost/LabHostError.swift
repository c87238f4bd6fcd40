/// Why something could not be done on this machine for a lab, with the way out.
package struct LabHostError: Error, CustomStringConvertible {
  /// Where the fault lies.
  package enum Cause: Sendable, CaseIterable {
    /// The manifests or lab.yaml are refused, or cannot be read.
    case manifests
    /// This machine lacks something, or does not allow it.
    case host
    /// A netboot image or a disk image cannot be had.
    case image
    /// The lab could not be made, reached or removed.
    case lab
    /// What was asked for names what there is not, or is not clear.
    case request
    /// The person, or who reads the output, has ended it.
    case interrupted
  }

  /// Where the fault lies.
  package let cause: Cause
  /// What is wrong, and the way out.
  package let description: String

  /// An error.
  package init(_ cause: Cause, _ description: String) {
    self.cause = cause
    self.description = description
  }
}
