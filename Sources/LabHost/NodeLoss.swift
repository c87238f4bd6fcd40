import Kinds
import Objects

/// Whether the node that a machine's instance is on has ended: by the newest that is known of both, since
/// an instance may be on another node by then.
struct NodeLoss {
  private let instance: ObjectKey
  private var node: String?
  private var ended: [ObjectKey: LabPart] = [:]

  /// Of an instance and nodes of which nothing is known yet.
  init(of instance: ObjectKey) { self.instance = instance }

  /// The node's program as it ended, while the instance is on that node.
  var part: LabPart? { ended.values.first { $0.spec.title == node } }

  /// Takes in what changed of the instances, or of the lab's programs.
  ///
  /// - Throws: `KindError` of a program that is not understood.
  mutating func note(_ change: ObjectChange, of resource: GroupResource) throws {
    if resource == LabPart.resource {
      switch change {
      case .all(let objects):
        ended = [:]
        for (key, object) in objects { try note(key, object) }
      case .set(let key, let object): try note(key, object)
      case .gone(let key): ended[key] = nil
      }
      return
    }
    switch change {
    case .all, .set(instance, _):
      let name = change.object(of: instance)?["status", "nodeName"]?.string
      node = name?.isEmpty == true ? nil : name
    case .gone(instance): node = nil
    case .set, .gone: break
    }
  }

  private mutating func note(_ key: ObjectKey, _ object: ObjectNode) throws {
    let part = try object.decoded(as: LabPart.self)
    ended[key] = part.spec.isNode == true && part.hasEnded ? part : nil
  }
}
