import KubeVirt
import Objects

/// The object that a cluster's settings come from: its HyperConverged, else its KubeVirt, which
/// the HyperConverged's operator would write.
struct ClusterSource {
  var settings: ClusterSettings
  var document: ManifestDocument
  var log: ProblemLog

  /// The one of two whose settings hold; the other is told so.
  static func prevailing(_ present: ClusterSource?, _ added: ClusterSource) -> ClusterSource {
    guard let present else { return added }
    if present.isKubeVirt, !added.isKubeVirt {
      present.yield(to: added)
      return added
    }
    added.yield(to: present)
    return present
  }

  private var isKubeVirt: Bool { document.kind == "KubeVirt" }

  /// Says that another object's settings hold.
  func yield(to other: ClusterSource) {
    if isKubeVirt, !other.isKubeVirt {
      log.report(
        .warning, at: document.location, field: "kind",
        "these settings are not looked at: those of the HyperConverged at"
          + " \(other.document.location) hold, whose operator writes the cluster's KubeVirt")
    } else {
      log.report(
        .error, at: document.location, field: "kind",
        "a cluster has one \(document.kind); another is at \(other.document.location)")
    }
  }
}
