import Objects

/// A kind of object that the server serves, and what is done with its objects before they are
/// stored. The server itself knows no kind.
package struct ResourceDefinition: Sendable {
  /// A field that lists and watches may be narrowed by.
  package struct SelectableField: Sendable {
    /// Its name in fieldSelector: `spec.nodeName`.
    package var name: String
    /// Where its value is.
    package var path: [String]
    /// The value where the object has none.
    package var fallback: String

    /// A field.
    ///
    /// - Parameter path: the steps of `name` by default.
    package init(_ name: String, path: [String]? = nil, fallback: String = "") {
      self.name = name
      self.path = path ?? name.split(separator: ".").map(String.init)
      self.fallback = fallback
    }
  }

  /// How it is spelled.
  package var resource: APIResource
  /// Whether an update needs no resourceVersion, as for kinds of the core group.
  package var updatesUnconditionally: Bool
  /// Whether it is one of a server's own types: then the path says its kind, and merges know its lists.
  package var isTyped: Bool
  /// An object in a version (`hco.kubevirt.io/v1`), for kinds whose versions differ in more than their
  /// names; then ``admission`` brings what is sent into the one that is stored.
  package var conversion: Conversion?
  /// The fields beside metadata.name and metadata.namespace that selectors may name.
  package var selectableFields: [SelectableField]
  /// What lists are printed with.
  package var columns: [PrinterColumn]
  /// The same for versions that have other columns.
  package var columnsOfVersions: [String: [PrinterColumn]] = [:]
  /// What is known of the objects' fields, by version (OpenAPI 3.0, Schema Object).
  package var schemas: [String: ObjectNode] = [:]
  /// Where the subresource scale finds its numbers; `nil` of kinds without it.
  package var scale: ScalePaths?
  /// The kind as which objects are stored, of one that shows another's objects in another form.
  package var storedAs: GroupResource?
  /// Whether ``admission`` says the status of an object that is made, and clients do not.
  package var makesStatus = false
  /// The CustomResourceDefinition that has made it.
  var origin: Origin?
  /// Whether a CustomResourceDefinition has made it.
  package var isCustom: Bool { origin != nil }
  /// What versions have of their own, where they differ.
  var variants: [String: Variant] = [:]
  /// Whether that definition goes.
  package var isTerminating = false
  /// A finalizer that objects get when they are to go.
  package var deletionFinalizer: String?
  /// Answers an object that is a question, and is not stored; `nil` for kinds that are.
  package var review: Review?
  /// Where the objects of a namespace are made one after another, since each is judged by the others.
  var turns: NamespaceTurns?
  /// The same for objects that are counted against a quota.
  let countingTurns = NamespaceTurns()
  /// Prunes, fills in and judges an object.
  package var admission: Admission
  /// The same for writes of the status alone; `nil` where a status is taken as it is.
  package var statusAdmission: Admission?

  /// The kind under which the store has the objects.
  var stored: GroupResource { storedAs ?? resource.id }

  /// What lists in a version are printed with.
  func columns(_ version: String) -> [PrinterColumn] { columnsOfVersions[version] ?? columns }

  /// What clients may do with its objects. Namespaces go one by one.
  var verbs: [String] {
    if isReview { return ["create"] }
    return resource.id == GroupResource("namespaces")
      ? ServedResources.storedVerbs.filter { $0 != "deletecollection" }
      : ServedResources.storedVerbs
  }

  /// Whether objects in a list say what they are, as custom resources do.
  var saysKindsInLists: Bool { !isTyped }

  /// Whether clients see how often what is wanted of an object has changed: of most core kinds they do not.
  var hasGeneration: Bool {
    guard isTyped else { return true }
    return ["apps", "policy", "apiextensions.k8s.io"].contains(resource.id.group)
      || Self.counted.contains(resource.id.resource)
  }

  private static let counted: Set<String> = [
    "deviceclasses", "pods", "priorityclasses", "replicationcontrollers", "resourceslices",
  ]

  /// Whether its objects are questions.
  var isReview: Bool { review != nil }

  /// A kind of object; without admission every object is stored as it is.
  package init(
    _ resource: APIResource, updatesUnconditionally: Bool? = nil, conversion: Conversion? = nil,
    selectableFields: [SelectableField] = [], columns: [PrinterColumn]? = nil,
    review: Review? = nil,
    admission: @escaping Admission = { AdmittedObject($0.object) }
  ) {
    self.resource = resource
    let group = resource.id.group
    self.updatesUnconditionally =
      updatesUnconditionally ?? (group.isEmpty || group.hasSuffix(".k8s.io"))
    isTyped = self.updatesUnconditionally
    self.conversion = conversion
    self.selectableFields = selectableFields
    self.columns =
      columns ?? CoreColumns.byKind[resource.id] ?? CustomColumns.columns(of: resource.id)
    self.review = review
    self.admission = admission
  }
}

extension ResourceDefinition {
  /// The state of a CustomResourceDefinition from which a kind was made.
  struct Origin: Sendable, Equatable {
    /// The definition's UID.
    let uid: String
    /// Another one for each state in which it makes another kind.
    let state: Int
  }

  /// What one version has.
  struct Variant: Sendable {
    let hasStatus: Bool
    let scale: ScalePaths?
    let selectableFields: [SelectableField]
  }

  /// The kind as it is in a version.
  func inVersion(_ version: String) -> ResourceDefinition {
    guard let variant = variants[version] else { return self }
    var definition = self
    definition.resource.hasStatus = variant.hasStatus
    definition.scale = variant.scale
    definition.selectableFields = variant.selectableFields
    return definition
  }
}

/// An object as it is in another version, told by its `apiVersion`.
package typealias Conversion = @Sendable (ObjectNode, _ apiVersion: String) -> ObjectNode

/// Answers an object that is a question or an order, by its namespace and the request's query.
package typealias Review =
  @Sendable (_ namespace: String, ObjectNode, RequestQuery) async throws(StatusError) -> ObjectNode

/// Prunes an object, fills in what it leaves out, and judges it.
package typealias Admission =
  @Sendable (AdmissionRequest) async throws(StatusError) -> AdmittedObject

/// An object on its way into the store.
package struct AdmissionRequest: Sendable {
  /// The object's identity.
  package var key: ObjectKey
  /// The object as the client wants it.
  package var object: ObjectNode
  /// The object as it is; `nil` when it is to be made.
  package var previous: ObjectNode?
  var kind: String
  var version: String
  var validation: FieldValidation

  /// To be called with the paths of fields that the API does not know, before the object is judged.
  ///
  /// - Throws: ``StatusError`` when the client wants none.
  package func checkUnknownFields(_ paths: [String]) throws(StatusError) {
    guard validation == .strict, !paths.isEmpty else { return }
    let unknown = paths.prefix(100).map(FieldValidation.text)
    throw .badRequest(
      "\(kind) in version \"\(version)\" cannot be handled as a \(kind): strict decoding error: "
        + unknown.joined(separator: ", "))
  }
}

/// What admission leaves of an object.
package struct AdmittedObject: Sendable {
  /// The object to be stored.
  package var object: ObjectNode
  /// The object as the client has it set, with what the API's types fill in and without what webhooks do:
  /// this is what is noted as the client's (`managedFields`). `nil` where it is what is stored.
  package var written: ObjectNode?
  /// The paths of fields that were dropped because the API does not know them.
  package var unknownFields: [String]
  /// What the client is told beside.
  package var warnings: [String]

  /// An admitted object.
  package init(
    _ object: ObjectNode, written: ObjectNode? = nil, unknownFields: [String] = [],
    warnings: [String] = []
  ) {
    self.object = object
    self.written = written
    self.unknownFields = unknownFields
    self.warnings = warnings
  }
}
