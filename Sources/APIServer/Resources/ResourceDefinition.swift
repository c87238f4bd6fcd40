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
  /// An object in a version (`hco.kubevirt.io/v1`), for kinds whose versions differ in more than their
  /// names; then ``admission`` brings what is sent into the one that is stored.
  package var conversion: Conversion?
  /// The fields beside metadata.name and metadata.namespace that selectors may name.
  package var selectableFields: [SelectableField]
  /// What lists are printed with.
  package var columns: [PrinterColumn]
  /// Answers an object that is a question, and is not stored; `nil` for kinds that are.
  package var review: Review?
  /// Prunes, fills in and judges an object.
  package var admission: Admission

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
    self.conversion = conversion
    self.selectableFields = selectableFields
    self.columns =
      columns ?? CoreColumns.byKind[resource.id] ?? CustomColumns.columns(of: resource.id)
    self.review = review
    self.admission = admission
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
  /// The paths of fields that were dropped because the API does not know them.
  package var unknownFields: [String]
  /// What the client is told beside.
  package var warnings: [String]

  /// An admitted object.
  package init(_ object: ObjectNode, unknownFields: [String] = [], warnings: [String] = []) {
    self.object = object
    self.unknownFields = unknownFields
    self.warnings = warnings
  }
}
