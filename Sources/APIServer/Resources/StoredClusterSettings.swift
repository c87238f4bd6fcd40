import KubeVirt
import Objects
import Reconciliation
import Store

extension Store {
  /// The settings of the cluster that the stored objects say: a HyperConverged's, else a KubeVirt's.
  ///
  /// - Parameter assumed: the settings where there is neither.
  package func clusterSettings(assuming assumed: ClusterSettings) -> ClusterSettings {
    ClusterSettings.stored { list($0).items.map { ($0.key.name, $0.object.tree) } } ?? assumed
  }

  /// The instance types and preferences that there are.
  package var instancetypes: Instancetypes {
    var all = Instancetypes(isComplete: true)
    for resource in Instancetypes.resources {
      for item in list(resource).items {
        if let document = ManifestDocument(unwritten: item.object.tree) { all.add(document) }
      }
    }
    return all
  }

  /// How many nodes there are for machines.
  var workers: Int {
    list(GroupResource("nodes")).items.count {
      $0.object.tree["metadata", "labels", "node-role.kubernetes.io/worker"] != nil
    }
  }
}
