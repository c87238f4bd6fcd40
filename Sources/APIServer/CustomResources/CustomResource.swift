import Objects

/// A kind that a CustomResourceDefinition makes (apiextensions-apiserver, pkg/apis/apiextensions/v1).
struct CustomResource: Sendable {
  /// The object CustomResourceDefinition.
  let tree: ObjectNode
  /// The definition's name.
  let name: String
  let id: GroupResource
  let names: Names
  let isNamespaced: Bool
  let versions: [Version]
  /// Whether the definition goes, and its objects with it.
  let isTerminating: Bool

  /// What people call it.
  struct Names: Sendable, Equatable {
    let plural: String
    let singular: String
    let kind: String
    let listKind: String
    let shortNames: [String]
    let categories: [String]

    init(_ tree: ObjectNode?) {
      func texts(_ name: String) -> [String] {
        (tree?[name]?.items ?? []).compactMap(\.string)
      }
      func text(_ name: String, _ fallback: String) -> String {
        tree?[name]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? fallback
      }
      plural = text("plural", "")
      kind = text("kind", "")
      singular = text("singular", kind.lowercased())
      listKind = text("listKind", "\(kind)List")
      shortNames = texts("shortNames")
      categories = texts("categories")
    }

    /// As status.acceptedNames has them.
    var tree: ObjectNode {
      var tree: ObjectNode = [
        "plural": .text(plural), "singular": .text(singular), "kind": .text(kind),
        "listKind": .text(listKind),
      ]
      for (field, values) in [("shortNames", shortNames), ("categories", categories)]
      where !values.isEmpty {
        tree[field] = .sequence(values.map { .text($0) })
      }
      return tree
    }
  }

  /// A version of it.
  struct Version: Sendable {
    let name: String
    let isServed: Bool
    let isStored: Bool
    let tree: ObjectNode

    var schema: ObjectNode { tree["schema", "openAPIV3Schema"] ?? [:] }
    var hasStatus: Bool { tree["subresources", "status"] != nil }
    var scale: ScalePaths? { tree["subresources", "scale"].flatMap { ScalePaths($0) } }

    var columns: [PrinterColumn] {
      guard let written = tree["additionalPrinterColumns"]?.items, !written.isEmpty else {
        return [.objectName, PrinterColumn("Age", path: JSONPath.creation, type: "date")]
      }
      return [.objectName]
        + written.map { column in
          let path = column["jsonPath"]?.string ?? ""
          var made = JSONPath(path).map {
            PrinterColumn(
              column["name"]?.string ?? "", path: $0, type: column["type"]?.string ?? "string",
              format: column["format"]?.string ?? "", priority: column["priority"]?.integer ?? 0)
          }
          made?.description = column["description"]?.string ?? ""
          return made ?? PrinterColumn(column["name"]?.string ?? "") { _, _ in .null }
        }
    }

    var selectableFields: [ResourceDefinition.SelectableField] {
      (tree["selectableFields"]?.items ?? []).compactMap { field in
        guard let path = field["jsonPath"]?.string, path.hasPrefix(".") else { return nil }
        return ResourceDefinition.SelectableField(String(path.dropFirst()))
      }
    }
  }

  /// The kind of a definition.
  init(_ tree: ObjectNode) {
    self.tree = tree
    name = tree["metadata", "name"]?.string ?? ""
    names = Names(tree["spec", "names"])
    id = GroupResource(names.plural, group: tree["spec", "group"]?.string ?? "")
    isNamespaced = tree["spec", "scope"]?.string != "Cluster"
    versions = (tree["spec", "versions"]?.items ?? []).map { version in
      Version(
        name: version["name"]?.string ?? "", isServed: version["served"]?.boolean ?? false,
        isStored: version["storage"]?.boolean ?? false, tree: version)
    }.sorted { APIVersionPriority($0.name) < APIVersionPriority($1.name) }
    isTerminating = tree["metadata", "deletionTimestamp"] != nil
  }

  /// How the server serves it.
  var definition: ResourceDefinition {
    let served = versions.filter(\.isServed)
    let stored = versions.first(where: \.isStored)
    var definition = ResourceDefinition(
      APIResource(
        id, versions: served.map(\.name), stored: stored?.name, kind: names.kind,
        singular: names.singular, shortNames: names.shortNames, categories: names.categories,
        isNamespaced: isNamespaced, hasStatus: stored?.hasStatus ?? false,
        listKind: names.listKind),
      updatesUnconditionally: false, selectableFields: stored?.selectableFields ?? [],
      columns: stored?.columns, admission: admission(of: .object))
    definition.statusAdmission = admission(of: .status)
    definition.scale = stored?.scale
    definition.isCustom = true
    definition.isTerminating = isTerminating
    for version in served {
      definition.columnsOfVersions[version.name] = version.columns
      definition.schemas[version.name] = version.schema
    }
    return definition
  }

  /// What a definition says of an object: it is pruned, filled in and judged.
  private func admission(of part: WrittenPart) -> Admission {
    let schemas = Dictionary(versions.map { ($0.name, StructuralSchema($0.schema)) }) { first, _ in
      first
    }
    let hasStatus = versions.first(where: \.isStored)?.hasStatus ?? false
    let (kind, group, isGoing) = (names.kind, id.group, isTerminating)
    return { request async throws(StatusError) in
      guard !isGoing || request.previous != nil else {
        throw StatusError(
          405, "MethodNotAllowed",
          "create not allowed while custom resource definition is terminating")
      }
      guard let schema = schemas[request.version] else { return AdmittedObject(request.object) }
      var object = request.object
      if part == .status {
        // Nothing else is written.
        let status = object["status"]
        object = request.previous ?? object
        object["status"] = status
      } else if hasStatus {
        object["status"] = request.previous?["status"]
      }
      var unknown: [String] = []
      object = schema.pruned(object, unknown: &unknown)
      try request.checkUnknownFields(unknown)
      object = schema.defaulted(object)
      let causes = schema.causes(of: object)
      guard causes.isEmpty else {
        throw .invalid(
          request.key.name, kind: kind, group: group, Array(causes.prefix(causeLimit)))
      }
      return AdmittedObject(object, unknownFields: unknown)
    }
  }
}

/// Causes that a refusal lists at most.
let causeLimit = 100

/// Where a kind keeps what its subresource scale shows.
package struct ScalePaths: Sendable {
  let wanted: [String]
  let present: [String]
  let selector: [String]?

  /// The usual places.
  static let usual = ScalePaths(
    wanted: ["spec", "replicas"], present: ["status", "replicas"], selector: nil)

  private init(wanted: [String], present: [String], selector: [String]?) {
    self.wanted = wanted
    self.present = present
    self.selector = selector
  }

  init?(_ tree: ObjectNode) {
    func steps(_ name: String) -> [String]? {
      tree[name]?.string.map { $0.split(separator: ".").map(String.init) }
    }
    guard let wanted = steps("specReplicasPath"), let present = steps("statusReplicasPath") else {
      return nil
    }
    self.init(wanted: wanted, present: present, selector: steps("labelSelectorPath"))
  }
}

/// The order in which versions are preferred: v2, v1, v1beta2, v1beta1, v1alpha1, others by name
/// (apimachinery, pkg/version/helpers.go, CompareKubeAwareVersionStrings).
struct APIVersionPriority: Comparable {
  private var stage = 3
  private var major = 0
  private var minor = 0
  private let name: String

  init(_ name: String) {
    self.name = name
    guard name.hasPrefix("v") else { return }
    let number = name.dropFirst().prefix { $0.isASCII && $0.isNumber }
    guard let major = Int(number) else { return }
    let rest = name.dropFirst(1 + number.count)
    if rest.isEmpty {
      (stage, self.major) = (0, major)
      return
    }
    for (word, stage) in [("beta", 1), ("alpha", 2)] where rest.hasPrefix(word) {
      guard let minor = Int(rest.dropFirst(word.count)) else { return }
      (self.stage, self.major, self.minor) = (stage, major, minor)
    }
  }

  static func < (left: APIVersionPriority, right: APIVersionPriority) -> Bool {
    // Names without that form are in the order of the alphabet.
    (left.stage, right.major, right.minor, left.name)
      < (right.stage, left.major, left.minor, right.name)
  }
}

extension JSONPath {
  /// When the object was made.
  static let creation = JSONPath(keys: ["metadata", "creationTimestamp"])
}
