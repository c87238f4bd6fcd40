import Kinds
import Objects
import Planning

extension ObjectChange {
  /// The programs that this change tells of.
  var parts: [LabPart] {
    get throws {
      switch self {
      case .all(let objects): try objects.map { try $0.object.decoded(as: LabPart.self) }
      case .set(_, let object): [try object.decoded(as: LabPart.self)]
      case .gone: []
      }
    }
  }

  /// The object of a key as this change has it; `nil` when it says nothing of it, or that it is gone.
  func object(of key: ObjectKey) -> ObjectNode? {
    switch self {
    case .all(let objects): objects.first { $0.key == key }?.object
    case .set(key, let object): object
    default: nil
    }
  }

  /// The launcher pod of an instance as this change has it; `nil` when it says nothing of it.
  func launcher(of instance: ObjectKey) -> (key: ObjectKey, object: ObjectNode)? {
    let objects =
      switch self {
      case .all(let objects): objects
      case .set(let key, let object): [(key: key, object: object)]
      case .gone: [(key: ObjectKey, object: ObjectNode)]()
      }
    // While one pod is on its way out, the next may be there.
    return objects.first { key, pod in
      key.namespace == instance.namespace && pod.isLauncher(of: instance)
        && pod["metadata", "deletionTimestamp"] == nil
    }
  }
}
