/// A lab that is named is not there, or not as it should be.
package enum RegistryError: Error, Hashable, CustomStringConvertible {
  /// No lab is up, and none was named.
  case noLab
  /// None was named, and these are up.
  case severalLabs([String])
  /// No lab has this name; these are up.
  case unknownLab(String, among: [String])
  /// A lab is being made, and has no plan yet.
  case beingMade(String)
  /// A lab's plan is missing or cannot be read.
  case unusablePlan(lab: String, reason: String)
  /// No process of a lab is left.
  case dead(String)
  /// A lab's journal does not say which its sandbox is.
  case unknownSandbox(String)

  package var description: String {
    switch self {
    case .noLab: "no lab is up"
    case .severalLabs(let names): "which lab? There are \(names.joined(separator: ", "))"
    case .unknownLab(let name, let others):
      "no lab named \(name) is up"
        + (others.isEmpty ? "" : "; there are \(others.joined(separator: ", "))")
    case .beingMade(let lab):
      "the lab \(lab) is only being made, or is being removed: try again in a moment"
    case .unusablePlan(let lab, let reason):
      "the lab \(lab) left no usable plan (\(reason)); `pxelab down \(lab)` removes it"
    case .dead(let lab): "the lab \(lab) is dead: `pxelab down \(lab)` removes it"
    case .unknownSandbox(let lab):
      "the journal of the lab \(lab) does not say which its sandbox is"
    }
  }
}
