import KubeVirt
import Objects

extension ResourceDefinition {
  /// What KubeVirt's webhooks do with a VirtualMachine or a VirtualMachineInstance
  /// (pkg/virt-api/webhooks).
  static func machineAdmission(
    settings: @escaping @Sendable () async -> ClusterSettings,
    instancetypes: @escaping @Sendable () async -> Instancetypes
  ) -> Admission {
    { request async throws(StatusError) in
      let types =
        InstanceSizing.isNeeded(for: request.object) ? await instancetypes() : Instancetypes()
      guard let document = ManifestDocument(unwritten: request.object),
        let machine = MachineObject(
          document, cluster: await settings(), instancetypes: types)
      else { return AdmittedObject(request.object) }
      let unknown = machine.unknownFieldPaths
      try request.checkUnknownFields(unknown)
      let isInstance = machine.kind == .virtualMachineInstance
      if let previous = request.previous, previous["spec"] == request.object["spec"] {
        // Status or metadata alone: what was admitted stays admitted, whatever the settings are now.
        var object = machine.stored
        object["spec"] = previous["spec"]
        return AdmittedObject(object, written: machine.decoded, unknownFields: unknown)
      }
      // What is unknown the API server has dropped before a webhook sees the machine.
      let causes = machine.causes.filter {
        !unknown.contains($0.field)
          || $0.severity == .error && !$0.message.hasPrefix("strict decoding error")
      }
      let errors = causes.filter { $0.severity == .error }
      if !errors.isEmpty {
        throw denial(
          errors,
          by: !isInstance
            ? "virtualmachine-validator.kubevirt.io"
            : request.previous == nil
              ? "virtualmachineinstances-create-validator.kubevirt.io"
              : "virtualmachineinstances-update-validator.kubevirt.io")
      }
      if isInstance, let previous = request.previous,
        machine.stored["spec"] != previous["spec"]
      {
        throw denial(
          field: "", "update of VMI object is restricted", reason: "FieldValueNotSupported",
          by: "virtualmachineinstances-update-validator.kubevirt.io")
      }
      return AdmittedObject(
        machine.stored, written: machine.decoded, unknownFields: unknown,
        warnings: causes.filter { $0.severity == .warning }.map(\.message))
    }
  }

  private static func denial(_ causes: [Cause], by webhook: String) -> StatusError {
    let listed = causes.prefix(causeLimit)
    return StatusError(
      422, "Invalid",
      "admission webhook \"\(webhook)\" denied the request: "
        + listed.map(\.message).joined(separator: ", "),
      StatusError.Details(
        causes: listed.map { StatusError.Cause(field: $0.field, message: $0.message) }))
  }

  private static func denial(
    field: String, _ message: String, reason: String, by webhook: String
  ) -> StatusError {
    StatusError(
      422, "Invalid", "admission webhook \"\(webhook)\" denied the request: \(message)",
      StatusError.Details(
        causes: [StatusError.Cause(field: field, message: message, reason: reason)]))
  }
}

extension ManifestDocument {
  /// An object that no file has.
  init?(unwritten tree: ObjectNode) {
    self.init(
      root: ObjectNode(
        tree.content, location: SourceLocation(file: "request", line: 1, column: 1)))
  }
}
