import KubeVirt
import Objects
import Store

extension Store {
  /// The settings of the cluster that the stored objects say: a HyperConverged's, else a KubeVirt's.
  ///
  /// - Parameter assumed: the settings where there is neither.
  package func clusterSettings(assuming assumed: ClusterSettings) -> ClusterSettings {
    ClusterSettings.stored { list($0).items.first?.object.tree } ?? assumed
  }
}

extension ClusterSettings {
  /// The settings that stored objects say: a HyperConverged's, else a KubeVirt's.
  ///
  /// - Parameter first: the first object of a kind.
  package static func stored(_ first: (GroupResource) -> ObjectNode?) -> ClusterSettings? {
    for id in [
      GroupResource("hyperconvergeds", group: "hco.kubevirt.io"),
      GroupResource("kubevirts", group: "kubevirt.io"),
    ] {
      guard let tree = first(id), let document = ManifestDocument(unwritten: tree),
        let settings = ClusterSettings(document, log: ProblemLog(object: document.object))
      else { continue }
      return settings
    }
    return nil
  }
}
