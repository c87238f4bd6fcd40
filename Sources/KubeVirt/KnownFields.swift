/// The fields of KubeVirt's API (staging/src/kubevirt.io/api/core/v1/schema.go and types.go,
/// v1.9), so that a misspelt one can be told from one that has no part in booting.
enum KnownFields {
  static let virtualMachine: Set<String> = [
    "running", "runStrategy", "instancetype", "preference", "template", "dataVolumeTemplates",
    "updateVolumesStrategy",
  ]
  static let template: Set<String> = ["metadata", "spec"]
  static let machine: Set<String> = [
    "priorityClassName", "domain", "nodeSelector", "affinity", "schedulerName",
    "serviceAccountName", "tolerations", "topologySpreadConstraints", "evictionStrategy",
    "startStrategy",
    "terminationGracePeriodSeconds", "volumes", "livenessProbe", "readinessProbe", "hostname",
    "subdomain", "networks", "dnsPolicy", "dnsConfig", "accessCredentials", "architecture",
    "resourceClaims", "utilityVolumes",
  ]
  static let domain: Set<String> = [
    "resources", "cpu", "memory", "machine", "firmware", "clock", "features", "devices",
    "ioThreadsPolicy", "ioThreads", "chassis", "launchSecurity", "rebootPolicy",
  ]
  static let devices: Set<String> = [
    "useVirtioTransitional", "disableHotplug", "disks", "watchdog", "interfaces", "inputs",
    "autoattachPodInterface", "autoattachGraphicsDevice", "autoattachSerialConsole",
    "logSerialConsole", "autoattachMemBalloon", "autoattachInputDevice", "autoattachVSOCK", "rng",
    "blockMultiQueue", "networkInterfaceMultiqueue", "gpus", "downwardMetrics", "panicDevices",
    "filesystems", "hostDevices", "clientPassthrough", "sound", "tpm", "video",
  ]
  static let bindings: [String] = [
    "bridge", "slirp", "masquerade", "sriov", "macvtap", "passt", "passtBinding",
  ]
  static let interface: Set<String> = Set(bindings).union([
    "name", "model", "binding", "ports", "portRanges", "macAddress", "bootOrder", "pciAddress",
    "dhcpOptions", "tag", "acpiIndex", "state",
  ])
  static let dhcpOptions: Set<String> = [
    "bootFileName", "tftpServerName", "ntpServers", "privateOptions",
  ]
  static let network: Set<String> = ["name", "pod", "multus", "resourceClaim"]
  static let multus: Set<String> = ["networkName", "default"]
  static let disk: Set<String> = [
    "name", "bootOrder", "serial", "dedicatedIOThread", "cache", "io", "tag", "blockSize",
    "shareable", "errorPolicy", "changedBlockTracking", "disk", "lun", "cdrom",
  ]
  static let diskTarget: Set<String> = ["bus", "readonly", "pciAddress", "reservation", "tray"]
  static let volumeSources: [String] = [
    "hostDisk", "persistentVolumeClaim", "cloudInitNoCloud", "cloudInitConfigDrive", "sysprep",
    "containerDisk", "ephemeral", "emptyDisk", "dataVolume", "configMap", "secret", "downwardAPI",
    "serviceAccount", "downwardMetrics", "memoryDump", "containerPath",
  ]
  static let firmware: Set<String> = ["uuid", "bootloader", "serial", "kernelBoot", "acpi"]
  static let bootloader: Set<String> = ["bios", "efi"]
  static let bios: Set<String> = ["useSerial"]
  static let efi: Set<String> = ["secureBoot", "persistent"]
  static let kernelBoot: Set<String> = ["kernelArgs", "container"]
  static let features: Set<String> = [
    "acpi", "apic", "hypervPassthrough", "hyperv", "smm", "kvm", "pvspinlock",
  ]
  static let featureState: Set<String> = ["enabled"]
  static let cpu: Set<String> = [
    "cores", "sockets", "maxSockets", "threads", "model", "features", "dedicatedCpuPlacement",
    "numa", "isolateEmulatorThread", "realtime",
  ]
  static let cpuFeature: Set<String> = ["name", "policy"]
  static let memory: Set<String> = ["hugepages", "guest", "maxGuest", "reservedOverhead"]
  static let hugepages: Set<String> = ["pageSize"]
  static let resources: Set<String> = ["requests", "limits", "overcommitGuestOverhead"]
  static let machineType: Set<String> = ["type"]
}
