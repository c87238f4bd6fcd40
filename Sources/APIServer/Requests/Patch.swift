import HTTPService
import Objects

/// A patch in the body of a request.
enum Patch: Sendable {
  case merge(ObjectNode)
  case json(JSONPatch)
  case strategic(StrategicMergePatch)

  /// Reads a patch.
  ///
  /// - Parameter isCustom: whether it is for a custom resource, of whose lists a server knows nothing.
  /// - Throws: ``StatusError``.
  init(_ request: HTTPRequest, isCustom: Bool) throws(StatusError) {
    switch MediaType(request) {
    case .mergePatch:
      let patch = try request.json()
      guard patch.isMapping else {
        throw .badRequest("error decoding patch: a merge patch of an object is a mapping")
      }
      self = .merge(patch)
    case .jsonPatch:
      let tree = try request.json()
      guard tree.isSequence else {
        throw .badRequest(
          "error decoding patch: json: cannot unmarshal \(tree.jsonKind) into Go value of type "
            + "[]handlers.jsonPatchOp")
      }
      do {
        self = .json(try JSONPatch(tree))
      } catch .tooLong(let limit) {
        throw StatusError(
          413, "RequestEntityTooLarge",
          "The allowed maximum operations in a JSON patch is \(limit), got \(tree.items.count)")
      } catch {
        throw .badRequest("error decoding patch: \(error)")
      }
    case .strategicMergePatch where !isCustom:
      let patch = try request.json()
      guard patch.isMapping else {
        throw .badRequest("error decoding patch: a merge patch of an object is a mapping")
      }
      self = .strategic(StrategicMergePatch(patch))
    case .json, .yaml, .strategicMergePatch, .applyPatch, .protobuf, .other:
      let both = ["application/json-patch+json", "application/merge-patch+json"]
      throw .unsupportedMediaType(
        both + (isCustom ? [] : ["application/strategic-merge-patch+json"])
          + ["application/apply-patch+yaml"])
    }
  }

  /// The object with the patch applied.
  ///
  /// - Throws: ``StatusError`` when it does not fit.
  func apply(to tree: ObjectNode) throws(StatusError) -> ObjectNode {
    switch self {
    case .merge(let patch): return tree.merging(patch)
    case .strategic(let patch):
      do {
        return try patch.apply(to: tree)
      } catch {
        throw .badRequest("\(error)")
      }
    case .json(let patch):
      do {
        return try patch.apply(to: tree)
      } catch {
        // A cluster does not say which operation.
        throw StatusError(
          422, "Invalid", "the server rejected our request due to an error in our request",
          StatusError.Details())
      }
    }
  }
}
