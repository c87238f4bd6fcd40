import KubeVirt
import Objects

/// When a pod has to leave the node that it is on (kube-controller-manager, pkg/controller/tainteviction).
package enum TaintEviction {
  /// A taint that a node has.
  package struct Since: Sendable {
    /// The taint.
    package var taint: Taint
    /// Since when, in seconds since 1970.
    package var time: Int

    /// A taint since a time.
    package init(_ taint: Taint, since time: Int) {
      self.taint = taint
      self.time = time
    }

    /// A taint as a node has it.
    ///
    /// - Parameter time: since when, in seconds since 1970.
    package init(_ object: ObjectNode, since time: Int) {
      self.init(Taint(APIValue(object)), since: time)
    }
  }

  /// When a pod has to leave; `nil` when it may stay.
  ///
  /// Of its tolerations the first that fits a taint counts, as in GetMatchingTolerations. The time of a
  /// toleration runs from when both the taint and the pod are on the node.
  ///
  /// - Parameters:
  ///   - pod: the pod.
  ///   - bound: since when it is on the node, in seconds since 1970.
  ///   - taints: the node's.
  /// - Returns: seconds since 1970.
  package static func time(for pod: ObjectNode, bound: Int, taints: [Since]) -> Int? {
    let tolerations = APIValue(pod)["spec"]["tolerations"].items.map(Toleration.init)
    return taints.filter { $0.taint.effect == .noExecute }.compactMap { since -> Int? in
      let start = max(since.time, bound)
      guard let toleration = tolerations.first(where: { $0.tolerates(since.taint) }) else {
        return start
      }
      guard let seconds = toleration.seconds else { return nil }
      // The largest numbers mean for ever.
      let (end, isForEver) = start.addingReportingOverflow(max(0, seconds))
      return isForEver ? nil : end
    }.min()
  }
}
