import Objects

extension ObjectRequest {
  /// The object in the request's body, of the request's kind, name and namespace.
  ///
  /// - Parameter current: the object as it is; `nil` when it is to be made.
  /// - Throws: ``StatusError`` for another.
  func checked(_ object: ObjectNode, against current: ObjectNode?) throws(StatusError) -> ObjectNode
  {
    var object = object
    guard object.isMapping else {
      throw .badRequest("the object provided is unrecognized: it is no mapping")
    }
    let version = resource.apiVersion(target.version)
    if definition.isTyped {
      // Of core kinds the path says what is meant.
      if object["kind"]?.string?.isEmpty != false { object["kind"] = .text(resource.kind) }
      if object["apiVersion"]?.string?.isEmpty != false { object["apiVersion"] = .text(version) }
    }
    guard let kind = object["kind"]?.string, !kind.isEmpty else {
      let text = String(decoding: object.canonicalJSON.prefix(100), as: UTF8.self)
      throw .badRequest(
        "the object provided is unrecognized (must be of type \(resource.kind)): "
          + "Object 'Kind' is missing in '\(text)' ({})")
    }
    guard kind == resource.kind else {
      throw .badRequest(
        "the object provided is unrecognized (must be of type \(resource.kind)): "
          + "its kind is \(kind.debugDescription)")
    }
    let written = object["apiVersion"]?.string ?? ""
    guard written == version else {
      throw .badRequest(
        "the API version in the data (\(written)) does not match the expected API version "
          + "(\(version))")
    }
    if let metadata = object["metadata"], !metadata.isMapping {
      throw .badRequest("metadata is no mapping")
    }
    try checkIdentity(of: &object)
    try checkMetadata(of: object, isNew: current == nil)
    // Who has set which field the server notes.
    object["metadata", "managedFields"] = nil
    if definition.conversion == nil {
      object["apiVersion"] = .text(resource.apiVersion(resource.storageVersion))
    }
    return object
  }

  private func checkIdentity(of object: inout ObjectNode) throws(StatusError) {
    let namespace = object["metadata", "namespace"]?.string ?? ""
    if resource.isNamespaced, !namespace.isEmpty, namespace != target.namespace {
      throw .badRequest(
        "the namespace of the provided object does not match the namespace sent on the request")
    }
    guard !target.name.isEmpty else { return }
    let name = object["metadata", "name"]?.string ?? ""
    guard name == target.name || name.isEmpty else {
      throw .badRequest(
        "the name of the object (\(name)) does not match the name on the URL (\(target.name))")
    }
    object["metadata", "name"] = .text(target.name)
  }

  func checkMetadata(of object: ObjectNode, isNew: Bool) throws(StatusError) {
    var causes: [StatusError.Cause] = []
    let name = object["metadata", "name"]?.string ?? ""
    if isNew {
      let prefix = object["metadata", "generateName"]?.string ?? ""
      if name.isEmpty, prefix.isEmpty {
        causes.append(
          StatusError.Cause(
            field: "metadata.name", message: "Required value: name or generateName is required",
            reason: "FieldValueRequired"))
      } else if let objection = ObjectNames.objection(to: name.isEmpty ? prefix + "x" : name) {
        causes.append(
          StatusError.Cause(
            field: name.isEmpty ? "metadata.generateName" : "metadata.name",
            message: "Invalid value: \"\(name.isEmpty ? prefix : name)\": \(objection)"))
      }
    }
    for field in ["labels", "annotations"] {
      for entry in object["metadata", field]?.entries ?? [] where entry.value.string == nil {
        causes.append(
          StatusError.Cause(
            field: "metadata.\(field).\(entry.key)",
            message: "Invalid value: \"\(entry.value.jsonKind)\": must be of type string"))
      }
      if let value = object["metadata", field], !value.isMapping, !value.isNull {
        causes.append(
          StatusError.Cause(
            field: "metadata.\(field)",
            message: "Invalid value: \"\(value.jsonKind)\": must be of type object"))
      }
    }
    guard causes.isEmpty else {
      throw .invalid(
        name, kind: resource.kind, group: resource.id.group, Array(causes.prefix(100)))
    }
  }
}
