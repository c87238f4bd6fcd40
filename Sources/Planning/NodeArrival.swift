import LabManifest

/// What a lab that is up says to a node that somebody makes an object of.
package enum NodeArrival {
  /// Why the node is not started; `nil` where it is.
  ///
  /// - Parameters:
  ///   - nodes: those that there are.
  ///   - hasFabric: whether the lab was made with several.
  package static func refusal(
    of name: String, beside nodes: Set<String>, hasFabric: Bool
  ) -> String? {
    if let objection = LabNode.objection(toNode: name) { return objection }
    guard hasFabric else {
      return
        "the lab was made with one node, and has no network between nodes: `pxelab down` it, and "
        + "`pxelab up` it with all nodes in spec.nodes of lab.yaml"
    }
    guard nodes.count < LabNode.most else {
      return "a lab on one machine has at most \(LabNode.most) nodes"
    }
    return nil
  }

  /// Why a lab that is up cannot get the nodes that its manifests have now; `nil` where it can.
  package static func refusal(of wanted: [String], inPlaceOf present: [String]) -> String? {
    guard wanted != present else { return nil }
    let gone = present.filter { !wanted.contains($0) }
    guard gone.isEmpty else {
      return "nodes leave only with a lab, and these manifests lack \(gone.joined(separator: ", "))"
    }
    guard present.count > 1 else {
      return "a lab made with one node has no network between nodes"
    }
    return nil
  }
}
