import Objects

/// Documents by which clients learn what they may send (OpenAPI 3.0.0, one for each group and version,
/// as kube-openapi has them).
enum OpenAPIDocuments {
  /// The answer to `/openapi/v3`.
  static func index(_ served: ServedResources) -> ObjectNode {
    var paths: ObjectNode = [:]
    for group in served.groups {
      for version in group.versions {
        let path = (group.name.isEmpty ? "api/" : "apis/") + group.apiVersion(version)
        paths[path] = ["serverRelativeURL": .text("/openapi/v3/\(path)")]
      }
    }
    return ["paths": paths]
  }

  /// The document of a version of a group.
  static func document(
    _ group: ServedResources.Group, _ version: ServedResources.Version
  ) -> ObjectNode {
    var paths: ObjectNode = [:]
    var schemas: ObjectNode = [:]
    for served in version.resources {
      let resource = served.resource
      let kind = GroupVersionKind(resource.kind, group: group.name, version: version.name)
      let collection = resource.path(
        namespace: resource.isNamespaced ? "{namespace}" : "", version: version.name)
      for subresource in served.subresources {
        var operations: ObjectNode = [:]
        for verb in subresource.verbs {
          operations[methods[verb] ?? verb] = operation(
            methods[verb] ?? verb, subresource.kind ?? kind)
        }
        paths["\(collection)/{name}/\(subresource.name)"] = operations
      }
      guard !served.verbs.isEmpty else { continue }
      let name = OpenAPISchemas.name(group.name, version.name, resource.kind)
      let written = ["dryRun", "fieldManager", "fieldValidation"]
      paths[collection] = [
        "get": operation(
          "list", kind, ["fieldSelector", "labelSelector", "limit", "watch"], answer: name),
        "post": operation("post", kind, written, answer: name),
      ]
      paths["\(collection)/{name}"] = [
        "get": operation("get", kind, answer: name),
        "put": operation("put", kind, written, answer: name),
        "patch": operation("patch", kind, written + ["force"], answer: name),
        "delete": operation("delete", kind, ["dryRun"], answer: name),
      ]
      var schema = OpenAPISchemas.schema(
        of: resource, as: served.schemas[version.name], adding: &schemas)
      schema["x-kubernetes-group-version-kind"] = [kind.tree]
      schemas[name] = schema
    }
    return [
      "openapi": "3.0.0", "info": ["title": "pxelab", "version": "v1"], "paths": paths,
      "components": ["schemas": schemas],
    ]
  }

  private static let methods = ["create": "post", "update": "put"]

  /// What may be done at a path.
  ///
  /// - Parameters:
  ///   - parameters: the query's.
  ///   - answer: the schema of what comes back; `nil` where that is no object.
  private static func operation(
    _ action: String, _ kind: GroupVersionKind, _ parameters: [String] = [],
    answer: String? = nil
  ) -> ObjectNode {
    var response: ObjectNode = ["description": "OK"]
    if let answer {
      response["content"] = [
        "application/json": ["schema": ["$ref": .text("#/components/schemas/\(answer)")]]
      ]
    }
    return [
      "x-kubernetes-action": .text(action), "x-kubernetes-group-version-kind": kind.tree,
      "parameters": .sequence(
        parameters.map { ["name": .text($0), "in": "query", "schema": ["type": "string"]] }),
      "responses": ["200": response],
    ]
  }
}
