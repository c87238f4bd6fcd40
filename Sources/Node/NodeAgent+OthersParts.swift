import Kinds
import Objects
import Planning

extension NodeAgent {
  /// Takes in how the programs are that others keep for the node: what serves several nodes from the
  /// fabric, and the way out of the only one.
  func noteOthersParts() async {
    let keeper: String
    switch configuration.role {
    case .node: keeper = NodeRole.fabricName
    case .only(let name): keeper = name
    case .fabric, .lab: return
    }
    for (_, object) in cache.objects(of: LabPart.resource)
    where object["spec", "node"]?.string == keeper {
      do {
        let part = try object.decoded(as: LabPart.self)
        guard await !reporter.knows(part.spec.title) else { continue }
        partFailures.note(part)
      } catch {
        log.warning("a part is not read", metadata: ["error": "\(error)"])
      }
    }
  }
}
