import KubeVirt

/// How evenly pods are to be spread (core/v1, TopologySpreadConstraint).
struct TopologySpreadConstraint: Hashable, Sendable {
  let maxSkew: Int
  let topologyKey: String
  /// Whether pods stay away (DoNotSchedule), and do not only prefer others.
  let isRequired: Bool
  let selector: LabelSelector
  let minDomains: Int
  /// Whether nodes that the pod's own affinity rules out do not count.
  let honorsAffinity: Bool
  /// Whether nodes with taints that the pod does not tolerate do not count.
  let honorsTaints: Bool

  init(_ value: APIValue) {
    maxSkew = Int(Int32(clamping: value["maxSkew"].integer))
    topologyKey = value["topologyKey"].string
    isRequired = value["whenUnsatisfiable"].string == "DoNotSchedule"
    selector = LabelSelector(value["labelSelector"])
    minDomains = value["minDomains"].exists ? value["minDomains"].integer : 1
    honorsAffinity = value["nodeAffinityPolicy"].string != "Ignore"
    honorsTaints = value["nodeTaintsPolicy"].string == "Honor"
  }

  /// Whether a node's pods count (matchNodeInclusionPolicies).
  ///
  /// - Parameter isAsked: whether the pod asks for the node.
  func includes(_ node: Node, isAsked: Bool, for pod: Pod) -> Bool {
    if honorsAffinity, !isAsked { return false }
    if honorsTaints, node.taints.contains(where: { $0.keepsAway && !pod.tolerations.tolerate($0) })
    {
      return false
    }
    return true
  }
}
