import Objects

/// A pod's node, said by a scheduler that is not the lab's (kubernetes, pkg/registry/core/pod/storage,
/// BindingREST).
package struct PodBinding: Sendable {
  /// A binding that is refused.
  package struct Refusal: Error, Equatable {
    /// The HTTP status.
    package let code: Int
    /// The word for programs.
    package let reason: String
    /// The sentence for people.
    package let message: String
  }

  /// The pod.
  package let pod: ObjectKey
  /// The node's name.
  package let node: String

  /// Reads a Binding.
  ///
  /// - Parameter name: the pod's name in the path; `nil` where the object alone names it.
  /// - Throws: ``Refusal``.
  package init(_ tree: ObjectNode, namespace: String, name: String?) throws(Refusal) {
    let written = tree["metadata", "name"]?.string ?? ""
    guard name == nil || written == name || written.isEmpty else {
      throw Refusal(
        code: 400, reason: "BadRequest",
        message: "name in URL does not match name in Binding object"
      )
    }
    let kind = tree["target", "kind"]?.string ?? ""
    let node = tree["target", "name"]?.string ?? ""
    guard !node.isEmpty, kind.isEmpty || kind == "Node" || kind == "Minion" else {
      throw Refusal(
        code: 422, reason: "Invalid",
        message: "Binding \"\(name ?? written)\" is invalid: "
          + (node.isEmpty
            ? "target.name: Required value"
            : "target.kind: Unsupported value: \"\(kind)\": supported values: \"Node\", \"<empty>\"")
      )
    }
    pod = ObjectKey(.pods, namespace: namespace, name: name ?? written)
    self.node = node
  }

  /// What binds the pod.
  ///
  /// - Throws: ``Refusal`` for a pod that is bound already or is not there, and, other than a cluster, for
  ///   a node that is not there.
  package func changes(
    in snapshot: any Snapshot, at now: Timestamp
  ) throws(Refusal) -> [Change] {
    guard let object = snapshot.object(pod) else { throw missing(pod) }
    func conflict(_ reason: String) -> Refusal {
      Refusal(
        code: 409, reason: "Conflict",
        message: "Operation cannot be fulfilled on pods/binding \"\(pod.name)\": \(reason)")
    }
    guard !object.isBeingDeleted else {
      throw conflict("pod \(pod.name) is being deleted, cannot be assigned to a host")
    }
    if let present = object.podNode {
      throw conflict("pod \(pod.name) is already assigned to node \"\(present)\"")
    }
    if object["spec", "schedulingGates"]?.items.isEmpty == false {
      throw conflict("pod \(pod.name) has non-empty .spec.schedulingGates")
    }
    let nodeKey = ObjectKey(.nodes, namespace: "", name: node)
    guard snapshot.object(nodeKey) != nil else { throw missing(nodeKey) }
    return Self.changes(pod, object, to: node, at: now)
  }

  /// The changes that make a pod one of a node's.
  static func changes(
    _ key: ObjectKey, _ pod: ObjectNode, to node: String, at now: Timestamp
  ) -> [Change] {
    var bound = pod
    bound["spec", "nodeName"] = .text(node)
    bound.setCondition(Condition(type: "PodScheduled", status: "True", since: now))
    return [.update(key, bound), .updateStatus(key, bound)]
  }

  private func missing(_ key: ObjectKey) -> Refusal {
    Refusal(
      code: 404, reason: "NotFound", message: "\(key.resource) \"\(key.name)\" not found")
  }
}
