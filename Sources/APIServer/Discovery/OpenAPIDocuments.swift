import Objects

/// Documents by which clients learn what they may send (OpenAPI 3.0.0, one for each group and version,
/// as kube-openapi has them).
enum OpenAPIDocuments {
  /// The answer to `/openapi/v3`.
  static func index(_ served: ServedResources) -> ObjectNode {
    var paths: ObjectNode = [:]
    for group in served.groups {
      for version in group.versions where version.resources.contains(where: { !$0.verbs.isEmpty }) {
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
    for served in version.resources where !served.verbs.isEmpty {
      let resource = served.resource
      let kind: ObjectNode = [
        "group": .text(group.name), "version": .text(version.name), "kind": .text(resource.kind),
      ]
      let collection = resource.path(
        namespace: resource.isNamespaced ? "{namespace}" : "", version: version.name)
      let name = OpenAPISchemas.name(group.name, version.name, resource.kind)
      func operation(_ action: String, _ parameters: [String]) -> ObjectNode {
        [
          "x-kubernetes-action": .text(action), "x-kubernetes-group-version-kind": kind,
          "parameters": .sequence(
            parameters.map { ["name": .text($0), "in": "query", "schema": ["type": "string"]] }),
          "responses": [
            "200": [
              "description": "OK",
              "content": [
                "application/json": [
                  "schema": ["$ref": .text("#/components/schemas/\(name)")]
                ]
              ],
            ]
          ],
        ]
      }
      let written = ["dryRun", "fieldManager", "fieldValidation"]
      paths[collection] = [
        "get": operation("list", ["fieldSelector", "labelSelector", "limit", "watch"]),
        "post": operation("post", written),
      ]
      paths["\(collection)/{name}"] = [
        "get": operation("get", []), "put": operation("put", written),
        "patch": operation("patch", written + ["force"]), "delete": operation("delete", ["dryRun"]),
      ]
      var schema = OpenAPISchemas.schema(of: resource, adding: &schemas)
      schema["x-kubernetes-group-version-kind"] = [kind]
      schemas[name] = schema
    }
    return [
      "openapi": "3.0.0", "info": ["title": "pxelab", "version": "v1"], "paths": paths,
      "components": ["schemas": schemas],
    ]
  }
}
