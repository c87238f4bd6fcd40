import KubeVirt
import Objects

/// A pod as the scheduler sees it: admitted, with defaults.
package final class Pod: Sendable {
  /// Name and namespace.
  package let name: String
  package let namespace: String
  /// The pod's labels.
  package let labels: [String: String]
  /// The node that it is on or asks for; empty for none.
  package let nodeName: String
  /// The scheduler that is to place it.
  package let schedulerName: String
  /// Whether gates keep it from being placed.
  package let isGated: Bool
  /// Which pods give way to which.
  package let priority: Int
  /// Whether it is never to make others give way.
  let neverPreempts: Bool
  /// Whether it is on its way out.
  let isTerminating: Bool
  /// When it was started, as it is written; empty when it was not.
  let startTime: String
  let uid: String
  let tolerations: [Toleration]
  let nodeAffinity: RequiredNodeAffinity
  let preferredNodes: [WeightedNodeTerm]
  let requiredAffinity: [AffinityTerm]
  let requiredAntiAffinity: [AffinityTerm]
  let preferredAffinity: [WeightedAffinityTerm]
  let preferredAntiAffinity: [WeightedAffinityTerm]
  let spreadConstraints: [TopologySpreadConstraint]
  /// What it requests of its node.
  package let requests: ResourceAmounts
  /// The same for scores: a container that requests none counts something.
  let countedRequests: ResourceAmounts
  let hostPorts: [HostPort]
  /// The images of its containers, with a tag.
  let images: [String]
  /// PersistentVolumeClaims that it uses, by name.
  let claims: [String]

  /// A pod as the API server has it.
  package init(_ object: ObjectNode) {
    let root = APIValue(object)
    let metadata = root["metadata"]
    let spec = root["spec"]
    name = metadata["name"].string
    let ownNamespace = metadata["namespace"].string
    let namespace = ownNamespace.isEmpty ? ObjectKey.defaultNamespace : ownNamespace
    self.namespace = namespace
    labels = metadata["labels"].texts
    uid = metadata["uid"].string
    isTerminating = metadata["deletionTimestamp"].exists
    nodeName = spec["nodeName"].string
    let scheduler = spec["schedulerName"].string
    schedulerName = scheduler.isEmpty ? "default-scheduler" : scheduler
    isGated = !spec["schedulingGates"].items.isEmpty
    priority = Int(Int32(clamping: spec["priority"].integer))
    neverPreempts = spec["preemptionPolicy"].string == "Never"
    startTime = root["status"]["startTime"].string
    tolerations = spec["tolerations"].items.map(Toleration.init)
    let affinity = spec["affinity"]
    let required = "requiredDuringSchedulingIgnoredDuringExecution"
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
    let terms = affinity["nodeAffinity"][required]
    nodeAffinity = RequiredNodeAffinity(
      selector: spec["nodeSelector"].texts.sorted { $0.key < $1.key }.map {
        RequiredNodeAffinity.Pair(key: $0.key, value: $0.value)
      },
      terms: terms.exists ? terms["nodeSelectorTerms"].items.map(NodeSelectorTerm.init) : nil)
    preferredNodes = affinity["nodeAffinity"][preferred].items.map {
      WeightedNodeTerm(
        weight: Int(Int32(clamping: $0["weight"].integer)), term: NodeSelectorTerm($0["preference"])
      )
    }
    func all(_ kind: String) -> [AffinityTerm] {
      affinity[kind][required].items.map { AffinityTerm($0, namespace: namespace) }
    }
    func weighted(_ kind: String) -> [WeightedAffinityTerm] {
      affinity[kind][preferred].items.map {
        WeightedAffinityTerm(
          weight: Int(Int32(clamping: $0["weight"].integer)),
          term: AffinityTerm($0["podAffinityTerm"], namespace: namespace))
      }
    }
    requiredAffinity = all("podAffinity")
    requiredAntiAffinity = all("podAntiAffinity")
    preferredAffinity = weighted("podAffinity")
    preferredAntiAffinity = weighted("podAntiAffinity")
    spreadConstraints = spec["topologySpreadConstraints"].items.map(TopologySpreadConstraint.init)
    requests = PodRequests(spec).total()
    countedRequests = PodRequests(spec).total(
      missing: ["cpu": 100, "memory": 200 << 20])
    let isHostNetwork = spec["hostNetwork"].boolean ?? false
    let initial = spec["initContainers"].items
    let containers = spec["containers"].items
    let running = containers + initial.filter { $0["restartPolicy"].string == "Always" }
    hostPorts = running.flatMap { $0["ports"].items }.compactMap {
      HostPort($0, isHostNetwork: isHostNetwork)
    }
    images = (initial + containers).map { ImageName.tagged($0["image"].string) }
    claims = spec["volumes"].items.compactMap {
      let claim = $0["persistentVolumeClaim"]
      return claim.exists ? claim["claimName"].string : nil
    }
  }

  /// `namespace/name`.
  package var key: String { "\(namespace)/\(name)" }
}

/// Names of images.
enum ImageName {
  /// A name with a tag: `latest` when it has none.
  static func tagged(_ name: String) -> String {
    let afterFolders = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    return afterFolders.contains(":") ? name : "\(name):latest"
  }
}
