import HTTPService
import Objects

extension ObjectRequest {
  /// Answers a request to the subresource scale: an object's numbers in a form that all kinds share
  /// (k8s.io/api, autoscaling/v1, Scale).
  func answerScale(_ paths: ScalePaths) async throws(StatusError) -> HTTPResponse {
    for attempt in 1...Self.attempts {
      guard let current = await store.get(key)?.tree else { throw .notFound(target.key) }
      let scale = scale(of: current, paths)
      let wanted: ObjectNode
      switch http.method {
      case "GET", "HEAD": return HTTPResponse(scale)
      case "PUT": wanted = try http.object()
      case "PATCH": wanted = try Patch(http, isCustom: false).apply(to: scale)
      default: throw .methodNotAllowed
      }
      guard wanted["kind"]?.string ?? "Scale" == "Scale" else {
        throw .badRequest("the object provided is unrecognized (must be of type Scale)")
      }
      let count = wanted["spec", "replicas"] ?? 0
      guard let number = count.integer, number >= 0 else {
        throw .invalid(
          target.name, kind: "Scale", group: "autoscaling",
          [
            StatusError.Cause(
              field: "spec.replicas",
              message: "Invalid value: \(String(decoding: count.canonicalJSON, as: UTF8.self)): "
                + "must be greater than or equal to 0")
          ])
      }
      var changed = current
      changed.setField(at: paths.wanted[...], to: .integer(number))
      let version = wanted["metadata", "resourceVersion"]
      if let version, version.string?.isEmpty == false {
        changed["metadata", "resourceVersion"] = version
      }
      do {
        _ = try await write(
          changed, over: current, .object, try FieldValidation(query), try query.isDryRun)
        guard let written = await store.get(key)?.tree else {
          throw StatusError.notFound(target.key)
        }
        return HTTPResponse(self.scale(of: try query.isDryRun ? changed : written, paths))
      } catch let failure as WriteFailure {
        guard case .store(.conflict) = failure, version == scale["metadata", "resourceVersion"],
          http.method == "PATCH", attempt < Self.attempts
        else { throw failure.status }
      } catch let error as StatusError {
        throw error
      } catch {
        throw StatusError(500, "InternalError", "\(error)")
      }
    }
    throw StatusError(409, "Conflict", "\(target.key) changes too fast to be scaled")
  }

  private func scale(of object: ObjectNode, _ paths: ScalePaths) -> ObjectNode {
    func value(_ path: [String]) -> ObjectNode? { path.reduce(object as ObjectNode?) { $0?[$1] } }
    var metadata: ObjectNode = [:]
    for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
      metadata[field] = object["metadata", field]
    }
    var scale: ObjectNode = [
      "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
      "spec": [:], "status": ["replicas": value(paths.present) ?? 0],
    ]
    if let wanted = value(paths.wanted) { scale["spec", "replicas"] = wanted }
    if let selector = paths.selector.flatMap(value), selector.string != nil {
      scale["status", "selector"] = selector
    }
    return scale
  }
}

extension ObjectNode {
  /// Sets a field, and makes the mappings on the way.
  fileprivate mutating func setField(at path: ArraySlice<String>, to value: ObjectNode) {
    guard let first = path.first else {
      self = value
      return
    }
    var child = self[first] ?? [:]
    child.setField(at: path.dropFirst(), to: value)
    if !isMapping { self = [:] }
    self[first] = child
  }
}
