import Kinds
import Objects

/// The versions that objects had at one time.
struct ObjectVersions: Sendable, Hashable {
  private var versions: [ObjectKey: Int] = [:]

  /// The versions of some kinds' objects, as the API has them now.
  init(_ api: any ObjectAPI, _ resources: [GroupResource]) async throws {
    for resource in resources {
      for (key, object) in try await api.list(resource) {
        versions[key] = Self.version(of: object)
      }
    }
  }

  /// Versions by hand.
  init(_ versions: [ObjectKey: Int]) { self.versions = versions }

  /// Whether objects are as new as these versions are, or newer.
  func hold(of objects: [ObjectKey: ObjectNode]) -> Bool {
    versions.allSatisfy { key, version in
      objects[key].map { Self.version(of: $0) >= version } ?? false
    }
  }

  private static func version(of object: ObjectNode) -> Int {
    object["metadata", "resourceVersion"]?.string.flatMap(Int.init) ?? 0
  }
}

/// How far an operation is that a node was asked for.
enum OperationStage: Sendable {
  /// What there was when it was asked for is being found out.
  case asked
  /// It waits for the plan to be as new as that.
  case waiting(ObjectVersions)
  /// It is being done.
  case begun
}
