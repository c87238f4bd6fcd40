import APIServer
import Objects

/// What of a pod's log is asked for (kubernetes, pkg/apis/core, PodLogOptions).
struct PodLogOptions: Equatable {
  /// The container's name; `nil` is the only one.
  var container: String?
  /// Whether what comes later is wanted too.
  var follows = false
  /// Whether the log of the container's former life is wanted.
  var isPrevious = false
  /// How many of the last lines there are.
  var tailLines: Int?
  /// After how many bytes it is over.
  var limitBytes: Int?

  init() {}

  /// Reads a query.
  ///
  /// - Parameter pod: the pod's name.
  /// - Throws: `StatusError` in the API server's words, and for times, which a lab's logs do not have.
  init(_ query: RequestQuery, pod: String) throws(StatusError) {
    container = query["container"]
    follows = try query.boolean("follow") ?? false
    isPrevious = try query.boolean("previous") ?? false
    tailLines = try Self.number("tailLines", in: query)
    limitBytes = try Self.number("limitBytes", in: query)
    var causes: [StatusError.Cause] = []
    if let tailLines, tailLines < 0 {
      causes.append(
        StatusError.Cause(
          field: "tailLines",
          message: "Invalid value: \(tailLines): must be greater than or equal to 0"))
    }
    if let limitBytes, limitBytes < 1 {
      causes.append(
        StatusError.Cause(
          field: "limitBytes", message: "Invalid value: \(limitBytes): must be greater than 0"))
    }
    guard causes.isEmpty else {
      throw .invalid(pod, kind: "PodLogOptions", group: "", causes)
    }
    let hasTimestamps = try query.boolean("timestamps") ?? false
    let unknown =
      ["sinceSeconds", "sinceTime"].filter { query[$0] != nil }
      + (hasTimestamps ? ["timestamps"] : [])
    guard unknown.isEmpty else {
      throw .badRequest(
        "the logs of a lab have no times beside their lines, which "
          + "\(unknown.joined(separator: " and ")) would need; tailLines works")
    }
  }

  private static func number(_ name: String, in query: RequestQuery) throws(StatusError) -> Int? {
    guard let text = query[name] else { return nil }
    guard let number = Int(text) else {
      throw .badRequest("\(name) is a number, not \(text.debugDescription)")
    }
    return number
  }

  /// The container that is meant (kubernetes, pkg/registry/core/pod/strategy.go, validateContainer).
  ///
  /// - Throws: `StatusError` when there is none of the name, or several and no name.
  func chosenContainer(of pod: ObjectNode) throws(StatusError) -> String {
    let name = pod["metadata", "name"]?.string ?? ""
    func names(_ field: String) -> [String] {
      (pod["spec", field]?.items ?? []).compactMap { $0["name"]?.string }
    }
    let all = names("initContainers") + names("containers") + names("ephemeralContainers")
    if let container {
      guard all.contains(container) else {
        throw .badRequest("container \(container) is not valid for pod \(name)")
      }
      return container
    }
    let usual = names("containers")
    guard usual.count != 1 else { return usual[0] }
    throw .badRequest(
      "a container name must be specified for pod \(name)"
        + (usual.isEmpty ? "" : ", choose one of: [\(all.joined(separator: " "))]"))
  }
}
