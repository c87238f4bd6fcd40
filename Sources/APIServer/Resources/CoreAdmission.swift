import KubeVirt
import Objects
import Scheduling
import Store

/// What the API server makes of nodes and pods that clients write (kubernetes, pkg/apis/core/validation
/// and plugin/pkg/admission).
enum CoreAdmission {
  /// Nodes: their labels, taints, amounts and networks are judged at each write.
  static let node: Admission = { request async throws(StatusError) in
    let decoding = try decoded(request)
    return try judged(decoding.object, decoding.unknownFields, request)
  }

  /// Writes of a node's status: what is wanted of the node stays as it is, and the status is judged with it.
  static let nodeStatus: Admission = { request async throws(StatusError) in
    let decoding = try decoded(request)
    var node = decoding.object
    node["spec"] = request.previous?["spec"]
    return try judged(node, decoding.unknownFields, request)
  }

  private static func judged(
    _ node: ObjectNode, _ unknownFields: [String], _ request: AdmissionRequest
  ) throws(StatusError) -> AdmittedObject {
    let admitted: ObjectNode
    do throws(Refusal) {
      admitted = try NodeAdmission.admit(node)
    } catch {
      throw status(error, request)
    }
    let changes = nodeChanges(from: request.previous, to: admitted)
    guard changes.isEmpty else {
      throw .invalid(request.key.name, kind: "Node", group: "", changes)
    }
    return AdmittedObject(admitted, unknownFields: unknownFields)
  }

  /// What of a node never changes once it is there.
  private static func nodeChanges(
    from previous: ObjectNode?, to node: ObjectNode
  ) -> [StatusError.Cause] {
    guard let previous else { return [] }
    return [("providerID", "providerID"), ("podCIDR", "podCIDRs")].compactMap { field, shown in
      let before = previous["spec", field]?.string ?? ""
      guard !before.isEmpty, node["spec", field]?.string != before else { return nil }
      return StatusError.Cause(
        field: "spec.\(shown)",
        message: "Forbidden: node updates may not change \(field) except from \"\" to valid",
        reason: "FieldValueForbidden")
    }
  }

  /// Pods: what is left open is filled in, then they are judged, and counted against the quotas of their
  /// namespace.
  ///
  /// - Parameter surroundings: the priority classes, and what the quotas of a namespace say.
  static func pod(
    _ surroundings: @escaping @Sendable (_ namespace: String) async -> PodSurroundings
  ) -> Admission {
    { request async throws(StatusError) in
      let decoding = try decoded(request)
      guard request.previous == nil else {
        return AdmittedObject(decoding.object, unknownFields: decoding.unknownFields)
      }
      let written = PodForm.filled(decoding.object)
      let around = await surroundings(request.key.namespace)
      do throws(Refusal) {
        let admitted = try PodAdmission(priorityClasses: around.priorityClasses).admit(written)
        try around.quotas.admit(admitted.object)
        return AdmittedObject(
          admitted.object, written: written, unknownFields: decoding.unknownFields,
          warnings: admitted.warnings)
      } catch {
        throw status(error, request)
      }
    }
  }

  /// A pod's status: its conditions say of what they do not tell that they do not.
  static let podStatus: Admission = { request in
    var pod = request.object
    pod["status", "conditions"]?.editItems { _, condition in
      var isChanged = false
      for field in ["lastProbeTime", "lastTransitionTime"] where condition[field] == nil {
        condition[field] = .null
        isChanged = true
      }
      return isChanged
    }
    return AdmittedObject(pod)
  }

  private static func decoded(
    _ request: AdmissionRequest
  ) throws(StatusError) -> CoreDecoding {
    let decoding = CoreDecoding(request.object, as: request.kind)
    if let error = decoding.typeError {
      throw .badRequest(
        "\(request.kind) in version \"\(request.version)\" cannot be handled as a "
          + "\(request.kind): \(error)")
    }
    try request.checkUnknownFields(decoding.unknownFields)
    return decoding
  }

  private static func status(_ refusal: Refusal, _ request: AdmissionRequest) -> StatusError {
    let resource = request.key.resource.resource
    guard !refusal.errors.isEmpty else {
      return StatusError(
        403, "Forbidden", refusal.message,
        StatusError.Details(name: request.key.name, kind: resource))
    }
    return StatusError(
      422, "Invalid", refusal.message,
      StatusError.Details(
        name: request.key.name, kind: request.kind,
        causes: refusal.errors.prefix(causeLimit).map { error in
          StatusError.Cause(
            field: error.path, message: String(error.text.dropFirst("\(error.path): ".count)),
            reason: error.kind.rawValue)
        }))
  }
}

/// What a pod meets in its namespace.
struct PodSurroundings: Sendable {
  let priorityClasses: [PriorityClass]
  let quotas: QuotaAdmission
}

extension Store {
  /// What the quotas of a namespace say of how many objects of a kind there may be; `nil` for nothing.
  func objectCount(of resource: GroupResource, in namespace: String) -> ObjectCount? {
    guard !namespace.isEmpty else { return nil }
    return ObjectCount(
      of: resource, by: list(.resourceQuotas, namespace: namespace).items.map(\.object.tree))
  }

  /// What pods of a namespace meet.
  func podSurroundings(in namespace: String) -> PodSurroundings {
    let quotas = list(.resourceQuotas, namespace: namespace).items.map(\.object.tree)
    // Of namespaces without quotas nothing is counted.
    let pods =
      quotas.isEmpty
      ? [] : list(GroupResource("pods"), namespace: namespace).items.map(\.object.tree)
    let classes = list(GroupResource("priorityclasses", group: "scheduling.k8s.io")).items
    return PodSurroundings(
      priorityClasses: classes.map { PriorityClass($0.object.tree) },
      quotas: QuotaAdmission(quotas, pods: pods))
  }
}
