import Objects

extension ResourceDefinition {
  /// The kind by which clients make kinds (apiextensions-apiserver, pkg/apis/apiextensions/v1 and
  /// pkg/registry/customresourcedefinition).
  ///
  /// - Parameter isBuiltIn: whether the server serves a kind without a definition.
  static func customResourceDefinitions(
    isBuiltIn: @escaping @Sendable (GroupResource) -> Bool
  ) -> ResourceDefinition {
    var definition = ResourceDefinition(
      APIResource(
        CustomResourceDefinitions.id, kind: "CustomResourceDefinition",
        shortNames: ["crd", "crds"], categories: ["api-extensions"], isNamespaced: false,
        hasStatus: true),
      columns: [
        .objectName,
        PrinterColumn("Created At", type: "date") { tree, _ in
          tree["metadata", "creationTimestamp"] ?? .null
        },
      ],
      admission: { request async throws(StatusError) in
        var unknown: [String] = []
        let pruned = definitionSchema.pruned(request.object, unknown: &unknown)
        try request.checkUnknownFields(unknown)
        let object = filled(pruned, request)
        let causes =
          definitionSchema.causes(of: object) + CustomResourceDefinitionCheck(object).causes
          + changes(from: request.previous, to: object)
        guard causes.isEmpty else {
          throw .invalid(
            request.key.name, kind: request.kind, group: request.key.resource.group,
            Array(causes.prefix(causeLimit)))
        }
        return AdmittedObject(
          object, unknownFields: unknown, warnings: warnings(of: object, isBuiltIn))
      })
    definition.updatesUnconditionally = false
    definition.makesStatus = true
    definition.deletionFinalizer = CustomResourceDefinitions.finalizer
    return definition
  }

  private static func filled(_ object: ObjectNode, _ request: AdmissionRequest) -> ObjectNode {
    var object = object
    let resource = CustomResource(object)
    if object["spec", "names"]?.isMapping == true {
      object["spec", "names", "singular"] = .text(resource.names.singular)
      object["spec", "names", "listKind"] = .text(resource.names.listKind)
    }
    if object["spec"]?.isMapping == true, object["spec", "conversion"] == nil {
      object["spec", "conversion"] = ["strategy": "None"]
    }
    object["status"] =
      request.previous?["status"]
      ?? [
        "conditions": .null, "acceptedNames": ["plural": "", "kind": ""],
        "storedVersions": .sequence(
          resource.versions.filter(\.isStored).map { .text($0.name) }),
      ]
    return object
  }

  /// What may not change: what its name is made of, and once it is served, what objects are stored as.
  private static func changes(
    from previous: ObjectNode?, to object: ObjectNode
  ) -> [StatusError.Cause] {
    guard let previous else { return [] }
    let fixed =
      CustomResource(previous).isEstablished ? [["scope"], ["names", "kind"]] : []
    return (fixed + [["group"], ["names", "plural"]]).compactMap { path in
      func value(_ tree: ObjectNode) -> ObjectNode? { path.reduce(tree["spec"]) { $0?[$1] } }
      guard let new = value(object), value(previous) != new else { return nil }
      return StatusError.Cause(
        field: (["spec"] + path).joined(separator: "."),
        message: "Invalid value: \(String(decoding: new.canonicalJSON, as: UTF8.self)): field is "
          + "immutable")
    }
  }

  /// What a lab does otherwise than a cluster.
  private static func warnings(
    of object: ObjectNode, _ isBuiltIn: (GroupResource) -> Bool
  ) -> [String] {
    let resource = CustomResource(object)
    var warnings: [String] = []
    if isBuiltIn(resource.id) {
      warnings.append(
        "this server serves \(resource.id) itself: the definition is kept and changes nothing")
    }
    if resource.versions.contains(where: { StructuralSchema($0.schema).hasExpressionRules }) {
      warnings.append(
        "spec.versions: rules of x-kubernetes-validations are kept, and nothing is judged by them")
    }
    if object["spec", "conversion", "strategy"]?.string == "Webhook" {
      warnings.append(
        "spec.conversion: no webhook is called: versions differ in nothing but their names")
    }
    return warnings
  }

  private static let definitionSchema: StructuralSchema = {
    let text: ObjectNode = ["type": "string"]
    let texts: ObjectNode = ["type": "array", "items": text]
    let flag: ObjectNode = ["type": "boolean"]
    let anything: ObjectNode = ["x-kubernetes-preserve-unknown-fields": true]
    func object(_ properties: ObjectNode, required: [String] = []) -> ObjectNode {
      [
        "type": "object", "properties": properties,
        "required": .sequence(required.map { .text($0) }),
      ]
    }
    let names = object([
      "plural": text, "singular": text, "kind": text, "listKind": text, "shortNames": texts,
      "categories": texts,
    ])
    let column = object([
      "name": text, "type": text, "format": text, "description": text,
      "priority": ["type": "integer"], "jsonPath": text,
    ])
    let scale = object([
      "specReplicasPath": text, "statusReplicasPath": text, "labelSelectorPath": text,
    ])
    let version = object([
      "name": text, "served": flag, "storage": flag, "deprecated": flag,
      "deprecationWarning": ["type": "string", "nullable": true],
      "schema": object(["openAPIV3Schema": anything]),
      "subresources": object(["status": anything, "scale": scale]),
      "additionalPrinterColumns": ["type": "array", "items": column],
      "selectableFields": ["type": "array", "items": object(["jsonPath": text])],
    ])
    return StructuralSchema(
      object([
        "spec": object([
          "group": text, "names": names, "scope": text, "preserveUnknownFields": flag,
          "versions": ["type": "array", "items": version],
          "conversion": object(["strategy": text, "webhook": anything]),
        ]), "status": anything,
      ]))
  }()
}
