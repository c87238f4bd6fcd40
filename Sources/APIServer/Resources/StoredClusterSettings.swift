import KubeVirt
import Objects
import Store

extension Store {
  /// The settings of the cluster that the stored objects say: a HyperConverged's, else a KubeVirt's.
  ///
  /// - Parameter assumed: the settings where there is neither.
  package func clusterSettings(assuming assumed: ClusterSettings) -> ClusterSettings {
    for id in [
      GroupResource("hyperconvergeds", group: "hco.kubevirt.io"),
      GroupResource("kubevirts", group: "kubevirt.io"),
    ] {
      guard let tree = list(id).items.first?.object.tree,
        let document = ManifestDocument(unwritten: tree),
        let settings = ClusterSettings(document, log: ProblemLog(object: document.object))
      else { continue }
      return settings
    }
    return assumed
  }
}
