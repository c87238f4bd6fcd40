import Kinds
import Objects
import Planning

/// How far the manifests are known that people applied last.
enum ManifestsStage: Sendable {
  /// Nothing is known of them.
  case unknown
  /// What there was when they were applied is being found out.
  case asked
  /// The cache is to be as new as that, for manifests of a version.
  case waiting(version: String, ObjectVersions)
  /// All of them are there.
  case whole(version: String)
}

extension NodeAgent {
  /// Whether objects have all of the manifests that were applied last. They are made one by one, and each
  /// kind is followed by itself: a plan of the first few would be refused for what it lacks.
  func hasWhole(_ objects: [ObjectKey: ObjectNode]) -> Bool {
    let key = ObjectKey(ManifestFolder.resource, namespace: "", name: ManifestFolder.name)
    guard let version = objects[key]?["metadata", "resourceVersion"]?.string else { return false }
    switch manifests {
    case .whole(version): return true
    case .waiting(version, let versions) where versions.hold(of: objects):
      manifests = .whole(version: version)
      return true
    case .asked: return false
    case .unknown, .waiting, .whole:
      manifests = .asked
      Task {
        manifests = await versions().map { .waiting(version: version, $0) } ?? .unknown
        trigger()
      }
      return false
    }
  }

  /// The versions of what a plan is made of, as the API has them now; `nil` when it does not answer.
  /// Instances come and go, and nothing waits for them.
  func versions() async -> ObjectVersions? {
    do {
      return try await ObjectVersions(
        api, NodePlan.resources.filter { $0 != .virtualMachineInstances })
    } catch {
      log.warning("the objects are not listed", metadata: ["error": "\(error)"])
      try? await Task.sleep(for: .seconds(1))
      return nil
    }
  }
}
