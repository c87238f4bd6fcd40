import Objects

/// A kind that a CustomResourceDefinition makes (apiextensions-apiserver, pkg/apis/apiextensions/v1).
struct CustomResource: Sendable {
  /// The object CustomResourceDefinition.
  let tree: ObjectNode
  /// The definition's name.
  let name: String
  let id: GroupResource
  /// The names that it asks for.
  let names: Names
  /// The names that it has.
  let accepted: Names
  let isNamespaced: Bool
  let versions: [Version]
  /// Whether the definition goes, and its objects with it.
  let isTerminating: Bool

  /// What people call it.
  struct Names: Sendable, Equatable {
    var plural: String
    var singular: String
    var kind: String
    var listKind: String
    var shortNames: [String]
    var categories: [String]

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
      listKind = text("listKind", kind.isEmpty ? "" : "\(kind)List")
      shortNames = texts("shortNames")
      categories = texts("categories")
    }

    /// Those of a kind that the server serves itself.
    init(_ resource: APIResource) {
      plural = resource.id.resource
      kind = resource.kind
      singular = resource.singular
      listKind = resource.listKind
      shortNames = resource.shortNames
      categories = resource.categories
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

    var variant: ResourceDefinition.Variant {
      ResourceDefinition.Variant(
        hasStatus: hasStatus, scale: scale, selectableFields: selectableFields)
    }
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
    accepted = Names(tree["status", "acceptedNames"])
    id = GroupResource(names.plural, group: tree["spec", "group"]?.string ?? "")
    isNamespaced = tree["spec", "scope"]?.string != "Cluster"
    versions = (tree["spec", "versions"]?.items ?? []).map { version in
      Version(
        name: version["name"]?.string ?? "", isServed: version["served"]?.boolean ?? false,
        isStored: version["storage"]?.boolean ?? false, tree: version)
    }.sorted { APIVersionPriority($0.name) < APIVersionPriority($1.name) }
    isTerminating = tree["metadata", "deletionTimestamp"] != nil
  }

  /// The definition's identity.
  var uid: String { tree["metadata", "uid"]?.string ?? "" }

  /// How the server serves it.
  ///
  /// - Parameter origin: what tells it from what other states of the definition make.
  func definition(_ origin: ResourceDefinition.Origin) -> ResourceDefinition {
    let served = versions.filter(\.isServed)
    let stored = versions.first(where: \.isStored)
    let admission = CustomResourceAdmission(self)
    var definition = ResourceDefinition(
      APIResource(
        id, versions: served.map(\.name), stored: stored?.name, kind: accepted.kind,
        singular: accepted.singular, shortNames: accepted.shortNames,
        categories: accepted.categories, isNamespaced: isNamespaced,
        hasStatus: stored?.hasStatus ?? false, listKind: accepted.listKind),
      updatesUnconditionally: false, selectableFields: stored?.selectableFields ?? [],
      columns: stored?.columns,
      admission: { request async throws(StatusError) in try admission.admit(request, .object) })
    definition.statusAdmission = { request async throws(StatusError) in
      try admission.admit(request, .status)
    }
    definition.scale = stored?.scale
    definition.origin = origin
    definition.isTerminating = isTerminating
    for version in served {
      definition.columnsOfVersions[version.name] = version.columns
      definition.schemas[version.name] = version.schema
      definition.variants[version.name] = version.variant
    }
    return definition
  }
}

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
