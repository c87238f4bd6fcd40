import KubeVirt
import Objects

/// The result of a recorded case about a launcher pod, as it is computed here.
struct RecordedLauncher {
  private static let uid = "11111111-2222-3333-4444-555555555555"

  private let item: APIValue

  init(_ item: APIValue) { self.item = item }

  func differences() -> [Recording.Difference] {
    guard let recorded = item["result"].node else { return [] }
    return RecordedComparison(recorded, result()).differences(
      name: item["name"].string, release: "")
  }

  private func result() -> ObjectNode {
    let machine = item["vm"].exists ? item["vm"] : item["vmi"]
    guard let tree = machine.node else { return .mapping() }
    let settings = clusterSettings()
    guard
      let object = MachineObject(ManifestDocument(object: tree), cluster: settings, from: .client)
    else { return .mapping() }
    var result = ObjectNode.mapping()
    let schema = object.typeRefusals
    let webhook = object.webhookRefusals
    if !schema.isEmpty { result["schemaRefused"] = .text(schema.joined(separator: ", ")) }
    if !webhook.isEmpty {
      result["webhookRefused"] = .sequence(
        webhook.map { .text("FieldValueInvalid \($0.field): \($0.message)") })
    }
    guard schema.isEmpty, webhook.isEmpty else { return result }
    do throws(LauncherPod.RenderingError) {
      result["pod"] = Self.tree(
        try LauncherPod(instance(of: object), in: surroundings(settings)))
    } catch {
      result["renderError"] = .text(error.description)
    }
    return result
  }

  private func clusterSettings() -> ClusterSettings {
    var cluster: ObjectNode = [
      "apiVersion": "kubevirt.io/v1", "kind": "KubeVirt", "metadata": ["name": "kubevirt"],
    ]
    cluster["spec", "configuration"] = item["kubevirtConfiguration"].node ?? .mapping()
    return ClusterSettings(ManifestDocument(object: cluster), log: ProblemLog(object: ""))
      ?? ClusterSettings()
  }

  /// The instance that the API server has.
  private func instance(of object: MachineObject) -> ObjectNode {
    var instance = object.instanceObject
    instance["metadata", "uid"] = .text(Self.uid)
    return instance
  }

  private func surroundings(_ cluster: ClusterSettings) -> LauncherPod.Surroundings {
    var resources: [String: String?] = [:]
    for entry in item["nadResourceNames"].node?.entries ?? [] {
      let name = APIValue(entry.value).string
      resources["default/\(entry.key)"] = .some(name.isEmpty ? nil : name)
    }
    return LauncherPod.Surroundings(
      cluster: cluster, networkResources: resources, injectsNetworkResources: false,
      hasBackendStorage: false)
  }

  private static func tree(_ pod: LauncherPod) -> ObjectNode {
    func mapping(_ entries: [(String, ObjectNode)]) -> ObjectNode {
      ObjectNode(.mapping(entries.map { ObjectNode.Entry(key: $0.0, value: $0.1) }))
    }
    let spec = APIValue(pod.spec)
    let containers = pod.allContainers
    var tree: ObjectNode = [
      "generateName": .text(pod.generateName),
      "labels": mapping(pod.labels.map { ($0.key, .text($0.value)) }),
      "nodeSelector": mapping(pod.nodeSelector.map { ($0.key, .text($0.value)) }),
      "containers": mapping(containers.others.map { ($0.name, $0.resources.tree) }),
      "memoryOverheadBytes": .integer(Int(pod.overhead.value)),
    ]
    if !containers.initial.isEmpty {
      tree["initContainers"] = mapping(
        containers.initial.map {
          ($0.isSidecar ? "\($0.name) (restartPolicy Always)" : $0.name, $0.resources.tree)
        })
    }
    for field in ["affinity", "tolerations", "topologySpreadConstraints", "priorityClassName"] {
      tree[field] = spec[field].node
    }
    let scheduler = spec["schedulerName"].string
    if scheduler != "default-scheduler" { tree["schedulerName"] = .text(scheduler) }
    return tree
  }
}
