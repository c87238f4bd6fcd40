import Kinds
import Objects

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
}
