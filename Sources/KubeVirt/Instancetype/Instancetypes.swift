import Objects

/// The instance types and preferences that machines may name, as their manifests have them
/// (instancetype.kubevirt.io; KubeVirt, pkg/instancetype).
package struct Instancetypes: Sendable {
  /// The kinds.
  package enum Kind: String, Sendable, CaseIterable {
    /// Sizes of a namespace.
    case instancetype = "VirtualMachineInstancetype"
    /// Sizes of the cluster.
    case clusterInstancetype = "VirtualMachineClusterInstancetype"
    /// Preferences of a namespace.
    case preference = "VirtualMachinePreference"
    /// Preferences of the cluster.
    case clusterPreference = "VirtualMachineClusterPreference"

    /// The structure of its spec.
    var specification: String {
      switch self {
      case .instancetype, .clusterInstancetype: "VirtualMachineInstancetypeSpec"
      case .preference, .clusterPreference: "VirtualMachinePreferenceSpec"
      }
    }

    /// How the API addresses it.
    var resource: GroupResource {
      GroupResource(rawValue.lowercased() + "s", group: Instancetypes.group)
    }

    /// The annotation of an instance that names the object which it was made by
    /// (staging/src/kubevirt.io/api/core/v1/types.go).
    var annotation: String {
      switch self {
      case .instancetype: "kubevirt.io/instancetype-name"
      case .clusterInstancetype: "kubevirt.io/cluster-instancetype-name"
      case .preference: "kubevirt.io/preference-name"
      case .clusterPreference: "kubevirt.io/cluster-preference-name"
      }
    }

    /// Whether its objects belong to a namespace.
    var isNamespaced: Bool { self == .instancetype || self == .preference }
  }

  /// What a machine's reference leads to.
  enum Reference {
    /// The machine names none.
    case none
    /// Its spec.
    case found(ObjectNode)
    /// It is not here; its kind and name, or `nil` for one that a volume names.
    case missing(String?)
  }

  /// Where objects of the group are served.
  package static let group = "instancetype.kubevirt.io"
  /// How the API addresses them.
  package static let resources = Kind.allCases.map(\.resource)

  private struct Key: Hashable {
    var kind: Kind
    var namespace: String
    var name: String
  }

  private var specifications: [Key: ObjectNode] = [:]
  /// Whether the cluster has no others.
  let isComplete: Bool

  /// None.
  ///
  /// - Parameter isComplete: whether the cluster has no others than those that are added.
  package init(isComplete: Bool = false) {
    self.isComplete = isComplete
  }

  /// Whether a document is one of the kinds.
  package static func accepts(_ document: ManifestDocument) -> Bool {
    Kind(rawValue: document.kind) != nil && document.group == group
  }

  /// Adds an object of the kinds; another is left out, and so is one of wrong types.
  package mutating func add(_ document: ManifestDocument) {
    guard Self.accepts(document), let kind = Kind(rawValue: document.kind) else { return }
    let object = DecodedObject(
      document.root, kind: kind.rawValue, specification: kind.specification)
    guard object.typeCauses.isEmpty, let specification = object.root["spec"] else { return }
    let key = Key(
      kind: kind, namespace: kind.isNamespaced ? document.namespace : "", name: document.name)
    specifications[key] = specifications[key] ?? specification
  }

  /// Reports what a cluster says against an object of the kinds.
  package static func check(_ document: ManifestDocument, log: ProblemLog) {
    guard accepts(document), let kind = Kind(rawValue: document.kind) else { return }
    document.checkAPIVersion(
      served: ["v1beta1", "v1", "v1alpha2", "v1alpha1"].map { "\(group)/\($0)" }, log: log)
    let object = DecodedObject(
      document.root, kind: kind.rawValue, specification: kind.specification)
    for cause in object.unknownFields + object.typeCauses { document.report(cause, log: log) }
  }

  /// The instance type that a machine names; without a kind it is one of the cluster
  /// (pkg/instancetype/find).
  func instancetype(_ matcher: APIValue, namespace: String) -> Reference {
    find(matcher, namespace, among: [.instancetype, .clusterInstancetype])
  }

  /// The preference that a machine names.
  func preference(_ matcher: APIValue, namespace: String) -> Reference {
    find(matcher, namespace, among: [.preference, .clusterPreference])
  }

  /// The kind that a machine's field names: `instancetype` or `preference`.
  static func kind(_ matcher: APIValue, among kinds: [Kind]) -> Kind? {
    let written = matcher["kind"].string
    // The API takes the plural names too, in any case.
    return kinds.first {
      [$0.rawValue.lowercased(), $0.rawValue.lowercased() + "s"].contains(written.lowercased())
    } ?? (written.isEmpty ? kinds.last : nil)
  }

  private func find(_ matcher: APIValue, _ namespace: String, among kinds: [Kind]) -> Reference {
    guard matcher.exists else { return .none }
    let name = matcher["name"].string
    if name.isEmpty { return .missing(nil) }
    guard let kind = Self.kind(matcher, among: kinds) else {
      return .missing("\(matcher["kind"].string)/\(name)")
    }
    let key = Key(kind: kind, namespace: kind.isNamespaced ? namespace : "", name: name)
    return specifications[key].map(Reference.found) ?? .missing("\(kind.rawValue)/\(name)")
  }
}

extension ManifestDocument {
  /// Reports a cause at its place.
  func report(_ cause: Cause, log: ProblemLog) {
    log.report(cause.severity, at: location(of: cause.place), field: cause.field, cause.message)
  }
}
