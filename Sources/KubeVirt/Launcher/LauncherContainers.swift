/// The containers of a launcher pod beside `compute` (pkg/virt-controller/services/template.go and
/// pkg/container-disk).
struct LauncherContainers {
  /// A container and its resources.
  struct Container {
    let name: String
    let resources: ContainerResources
    /// Whether it starts first and stays.
    var isSidecar = false
  }

  private(set) var initial: [Container] = []
  private(set) var others: [Container] = []

  init(_ traits: LauncherTraits, cluster: ClusterSettings) {
    let isGuaranteed = traits.isDedicated || traits.isGuaranteed
    if logsConsole(traits, cluster) {
      initial.append(
        Container(
          name: "guest-console-log",
          resources: ContainerResources(
            limits: ["cpu": "15m", "memory": "60M"], requests: ["cpu": "5m", "memory": "35M"],
            isGuaranteed: isGuaranteed),
          isSidecar: true))
    }
    var disks = traits.spec["volumes"].items.filter { $0["containerDisk"].exists }.map {
      "volume\($0["name"].string)"
    }
    if traits.domain["firmware"]["kernelBoot"]["container"].exists {
      disks.append("volumekernel-boot-volume")
    }
    let small = ContainerResources(
      limits: ["cpu": "10m", "memory": "40M"],
      requests: ["cpu": "1m", "ephemeral-storage": "50M", "memory": "1M"],
      isGuaranteed: isGuaranteed)
    guard !cluster.isOn("ImageVolume") else {
      initial += disks.map { Container(name: $0, resources: small) }
      return
    }
    guard !disks.isEmpty else { return }
    initial.append(
      Container(
        name: "container-disk-binary",
        resources: ContainerResources(
          limits: ["cpu": "100m", "memory": "40M"], requests: ["cpu": "10m", "memory": "1M"],
          isGuaranteed: isGuaranteed)))
    initial += disks.map { Container(name: "\($0)-init", resources: small) }
    others = disks.map { Container(name: $0, resources: small) }
  }

  private func logsConsole(_ traits: LauncherTraits, _ cluster: ClusterSettings) -> Bool {
    if traits.devices["autoattachSerialConsole"].boolean == false { return false }
    return traits.devices["logSerialConsole"].boolean ?? cluster.launcher.logsSerialConsole
  }
}
