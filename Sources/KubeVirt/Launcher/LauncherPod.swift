import Objects

/// The pod of an instance, as virt-controller makes it of the instance's admitted spec
/// (pkg/virt-controller/services/template.go, RenderLaunchManifest).
package struct LauncherPod: Sendable {
  /// Why there is no pod, in virt-controller's words.
  package struct RenderingError: Error, CustomStringConvertible {
    package let description: String
  }

  /// What is around an instance.
  package struct Surroundings: Sendable {
    /// The settings of the cluster.
    package var cluster: ClusterSettings
    /// The resources of network attachments, by `namespace/name`; `nil` for one without.
    package var networkResources: [String: String?]
    /// Whether the resources of attachments are in the pod: virt-controller puts them there where
    /// its gate ExternalNetResourceInjection is off, a webhook of a full installation otherwise.
    package var injectsNetworkResources: Bool
    /// Whether the volume of firmware that keeps its state is there.
    package var hasBackendStorage: Bool

    /// Surroundings in which nothing is missing.
    package init(
      cluster: ClusterSettings, networkResources: [String: String?] = [:],
      injectsNetworkResources: Bool = true, hasBackendStorage: Bool = true
    ) {
      self.cluster = cluster
      self.networkResources = networkResources
      self.injectsNetworkResources = injectsNetworkResources
      self.hasBackendStorage = hasBackendStorage
    }
  }

  /// Seconds that a guest has to power off when its instance does not say, and those that the
  /// launcher has after that.
  private static let gracePeriod = 30
  private static let gracePeriodPadding = 15
  /// What of an instance's spec the pod has as it is.
  private static let carried = [
    "tolerations", "topologySpreadConstraints", "schedulingGates", "priorityClassName",
  ]

  private let metadata: APIValue
  private let traits: LauncherTraits
  private let placement: LauncherPlacement
  private let containers: LauncherContainers
  /// The memory that is not the guest's.
  package let overhead: Quantity
  /// What the container `compute` requests and is limited to.
  package let compute: ContainerResources

  /// The pod of an instance.
  ///
  /// - Parameter instance: the instance as the API server has it.
  package init(_ instance: ObjectNode, in surroundings: Surroundings) throws(RenderingError) {
    let root = APIValue(instance)
    let cluster = surroundings.cluster
    metadata = root["metadata"]
    traits = LauncherTraits(root["spec"])
    if traits.needsBackendStorage, !surroundings.hasBackendStorage {
      throw RenderingError(
        description:
          "can't generate manifest without backend-storage PVC, waiting for the PVC to be created")
    }
    try Self.checkDevices(traits, permitted: cluster.launcher.permittedDevices)
    let networks = try Self.networkResources(traits, metadata, surroundings)
    placement = LauncherPlacement(traits, cluster: cluster)
    containers = LauncherContainers(traits, cluster: cluster)
    overhead = MemoryOverhead.of(traits, ratio: cluster.launcher.overheadRatio)
    compute =
      LauncherResources(
        traits, settings: cluster.launcher, overhead: overhead, networks: networks,
        annotations: Set(metadata["annotations"].keys)
      ).resources
  }

  private static func checkDevices(
    _ traits: LauncherTraits, permitted: Set<String>?
  ) throws(RenderingError) {
    guard let permitted else { return }
    var refused: [String] = []
    for (list, title) in [("gpus", "GPU"), ("hostDevices", "HostDevice")] {
      for device in traits.devices[list].items {
        let name = device["deviceName"].string
        guard !name.isEmpty, !permitted.contains(name) else { continue }
        refused.append(
          "\(title) \(name) is not permitted in permittedHostDevices configuration")
      }
    }
    guard refused.isEmpty else {
      throw RenderingError(description: refused.joined(separator: " "))
    }
  }

  private static func networkResources(
    _ traits: LauncherTraits, _ metadata: APIValue, _ surroundings: Surroundings
  ) throws(RenderingError) -> [String] {
    let isStrict = !surroundings.cluster.isOn("ExternalNetResourceInjection")
    guard isStrict || surroundings.injectsNetworkResources else { return [] }
    let own = metadata["namespace"].string
    var names: [String] = []
    for network in traits.networks where network["multus"].exists {
      let key = ObjectKey(
        .networkAttachmentDefinitions, reference: network["multus"]["networkName"].string,
        from: own.isEmpty ? ObjectKey.defaultNamespace : own)
      guard let resource = surroundings.networkResources[key.description] else {
        guard isStrict else { continue }
        throw RenderingError(
          description: "failed to locate network attachment definition \(key.description)")
      }
      if let resource { names.append(resource) }
    }
    return names
  }

  // MARK: - The parts

  /// What the API server makes the name of.
  package var generateName: String { "virt-launcher-\(metadata["name"].string)-" }

  private var hostname: String {
    let written = traits.spec["hostname"].string
    return written.isEmpty ? Self.hostname(metadata["name"].string) : written
  }

  /// The labels.
  package var labels: [String: String] {
    var labels: [String: String] = [:]
    for entry in metadata["labels"].node?.entries ?? [] {
      labels[entry.key] = entry.value.scalar?.text ?? ""
    }
    labels["kubevirt.io"] = "virt-launcher"
    labels["kubevirt.io/created-by"] = metadata["uid"].string
    labels["vm.kubevirt.io/name"] = hostname
    labels["vmi.kubevirt.io/id"] = Self.identity(metadata["name"].string)
    return labels
  }

  /// The labels that a node must have.
  package var nodeSelector: [String: String] { placement.nodeSelector }
  /// The affinity; `nil` for none.
  package var affinity: ObjectNode? { placement.affinity }

  /// The spec.
  package var spec: ObjectNode {
    let spec = traits.spec
    let scheduler = spec["schedulerName"].string
    var tree: ObjectNode = [
      "hostname": .text(hostname), "restartPolicy": "Never", "enableServiceLinks": false,
      "terminationGracePeriodSeconds": .integer(gracePeriod),
      "schedulerName": .text(scheduler.isEmpty ? "default-scheduler" : scheduler),
      "nodeSelector": Self.mapping(nodeSelector),
      "containers": .sequence(
        [Self.container("compute", compute)]
          + containers.others.map { Self.container($0.name, $0.resources) }),
    ]
    if !containers.initial.isEmpty {
      tree["initContainers"] = .sequence(
        containers.initial.map { container in
          var tree = Self.container(container.name, container.resources)
          if container.isSidecar { tree["restartPolicy"] = "Always" }
          return tree
        })
    }
    tree["affinity"] = affinity
    for field in Self.carried { tree[field] = spec[field].node }
    return tree
  }

  private var gracePeriod: Int {
    let seconds = traits.spec["terminationGracePeriodSeconds"]
    let (sum, overflow) = (seconds.exists ? seconds.integer : Self.gracePeriod)
      .addingReportingOverflow(Self.gracePeriodPadding)
    return overflow ? .max : sum
  }

  /// The containers and their resources, in the order of the pod: those that start first, with
  /// whether they stay, then the others.
  package var allContainers:
    (
      initial: [(name: String, isSidecar: Bool, resources: ContainerResources)],
      others: [(name: String, resources: ContainerResources)]
    )
  {
    (
      containers.initial.map { ($0.name, $0.isSidecar, $0.resources) },
      [("compute", compute)] + containers.others.map { ($0.name, $0.resources) }
    )
  }

  /// The pod's class: `Guaranteed` when processors and memory are limited to what is requested.
  package var qualityOfService: String {
    let isBounded = ["cpu", "memory"].allSatisfy { name in
      compute.limits[name].map { $0.nanos == compute.requests[name]?.nanos } ?? false
    }
    return isBounded ? "Guaranteed" : "Burstable"
  }

  private static func container(_ name: String, _ resources: ContainerResources) -> ObjectNode {
    ["name": .text(name), "image": "virt-launcher", "resources": resources.tree]
  }

  /// A name as a host's: what is before the first dot, at most 63 characters (pkg/util/net/dns).
  private static func hostname(_ name: String) -> String {
    var label = String(name.prefix { $0 != "." }.prefix(63))
    while label.hasSuffix("-") { label.removeLast() }
    return label
  }

  /// A name as the value of a label, which has at most 63 characters; long names are told apart by
  /// SHA-1.
  private static func identity(_ name: String) -> String {
    name.utf8.count > 63 ? "\(name.prefix(54))-\(SHA1.hexadecimal(of: name).prefix(8))" : name
  }

  private static func mapping(_ texts: [String: String]) -> ObjectNode {
    ObjectNode(
      .mapping(
        texts.sorted { $0.key < $1.key }.map {
          ObjectNode.Entry(key: $0.key, value: .text($0.value))
        }))
  }
}
