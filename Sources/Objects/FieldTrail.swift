/// The way from an object's root to a field. The path's text is made only when it is asked for,
/// which is for problems: most fields are read and never named.
final class FieldTrail {
  enum Step {
    case root(path: String, file: String)
    case name(String)
    case index(Int)
  }

  private let parent: FieldTrail?
  private let step: Step

  init(path: String, file: String) {
    parent = nil
    step = .root(path: path, file: file)
  }

  init(_ parent: FieldTrail, _ step: Step) {
    self.parent = parent
    self.step = step
  }

  /// The trails from the root to this one.
  private var steps: [FieldTrail] {
    var steps = [self]
    while let parent = steps.last?.parent { steps.append(parent) }
    return steps.reversed()
  }

  /// `spec.domain.devices.interfaces[1].bootOrder`.
  var path: String {
    steps.reduce(into: "") { path, trail in
      switch trail.step {
      case .root(let root, _): path = root
      case .name(let name): path += path.isEmpty ? name : ".\(name)"
      case .index(let index): path += "[\(index)]"
      }
    }
  }

  /// The file that the fields are in.
  var file: String {
    guard case .root(_, let file)? = steps.first?.step else { return "" }
    return file
  }
}
