import KubeVirt
import Objects

extension ResourceDefinition {
  /// What the CRD and the webhooks of a HyperConverged do with one (``HyperConvergedObject``). What a
  /// cluster does with its feature gates otherwise is said.
  ///
  /// - Parameter workers: how many nodes there are for machines.
  static func hyperConvergedAdmission(workers: @escaping @Sendable () async -> Int) -> Admission {
    { request async throws(StatusError) in
      let sent = request.object
      let object = HyperConvergedObject(sent, workers: await workers())
      try request.checkUnknownFields(object.unknownFields)
      do throws(HyperConvergedObject.Refusal) {
        try object.check()
      } catch {
        throw refusal(of: error, name: request.key.name)
      }
      var warnings = request.previous == nil ? object.placeWarnings(request.key) : []
      let gates = object.stored["spec", "featureGates"]
      if gates != request.previous?["spec", "featureGates"],
        let document = ManifestDocument(unwritten: object.stored)
      {
        let log = ProblemLog(object: document.object)
        _ = ClusterSettings(document, log: log)
        warnings += object.gateWarnings
        warnings += log.problems.filter { $0.field.hasPrefix("spec.featureGates") }
          .map { "\($0.field): \($0.message)" }
      }
      return AdmittedObject(
        object.stored, unknownFields: object.unknownFields, warnings: warnings)
    }
  }

  private static func refusal(
    of refusal: HyperConvergedObject.Refusal, name: String
  ) -> StatusError {
    switch refusal {
    case .undecodable:
      // Of the webhook's answer there is a code and no reason.
      return StatusError(
        400, "",
        denial(by: "mutate-hyperconverged-hco.kubevirt.io", "failed to parse the HyperConverged"))
    case .denied(let message):
      return StatusError(403, "Forbidden", denial(by: "validate-hco.kubevirt.io", message))
    case .unsupported(let field, let value, let supported):
      let names = supported.map { "\"\($0)\"" }.joined(separator: ", ")
      return invalid(
        name,
        [
          StatusError.Cause(
            field: field, message: "Unsupported value: \"\(value)\": supported values: \(names)",
            reason: "FieldValueNotSupported")
        ])
    case .mistyped(let values):
      return invalid(
        name,
        values.prefix(causeLimit).map { value in
          StatusError.Cause(
            field: value.field,
            message: "Invalid value: \"\(value.given)\": \(value.field) in body must be of type "
              + "\(value.wanted): \"\(value.given)\"",
            reason: "FieldValueTypeInvalid")
        })
    }
  }

  /// What the schema of a HyperConverged refuses, after which its rules are not looked at.
  private static func invalid(_ name: String, _ causes: [StatusError.Cause]) -> StatusError {
    .invalid(
      name, kind: "HyperConverged", group: "hco.kubevirt.io",
      causes + [
        StatusError.Cause(
          field: "<nil>",
          message: "Invalid value: null: some validation rules were not checked because the "
            + "object was invalid; correct the existing errors to complete validation")
      ])
  }

  /// What KubeVirt's webhook does with its own object (kubevirt, pkg/virt-operator/webhooks): the terms of
  /// certificates are judged.
  static let kubeVirtAdmission: Admission = { request async throws(StatusError) in
    let terms: CertificateTerms
    do throws(CertificateTerms.NoDuration) {
      terms = try CertificateTerms(kubeVirt: request.object)
    } catch {
      throw .badRequest(
        "KubeVirt in version \"v1\" cannot be handled as a KubeVirt: time: invalid duration "
          + "\"\(error.text)\"")
    }
    let selfSigned = request.object["spec", "certificateRotateStrategy", "selfSigned"]
    let old = ["caRotateInterval", "certRotateInterval", "caOverlapInterval"]
    var objections = terms.objectionsOfKubeVirt
    if selfSigned?["ca"] != nil || selfSigned?["server"] != nil,
      old.contains(where: { selfSigned?[$0] != nil })
    {
      objections.insert(
        (
          "spec.certificateRotationStrategy.selfSigned",
          "caRotateInterval, certRotateInterval and caOverlapInterval are deprecated and conflict "
            + "with CertConfig defined rotation parameters"
        ), at: 0)
    }
    guard objections.isEmpty else {
      throw StatusError(
        422, "Invalid",
        denial(
          by: "kubevirt-update-validator.kubevirt.io",
          objections.map(\.message).joined(separator: ", ")),
        StatusError.Details(
          causes: objections.map { StatusError.Cause(field: $0.field, message: $0.message) }))
    }
    return AdmittedObject(request.object)
  }

  private static func denial(by webhook: String, _ message: String) -> String {
    "admission webhook \"\(webhook)\" denied the request: \(message)"
  }
}
