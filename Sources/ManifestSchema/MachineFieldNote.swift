import Objects

/// What a schema says of a field of KubeVirt's API beyond its type: what it does to a boot, and
/// the words and bounds that KubeVirt's webhooks take.
struct MachineFieldNote {
  /// Keywords of JSON Schema.
  var keywords: [String: ObjectNode]

  private init(
    _ description: String, words: [String] = [], minimum: Int? = nil, maximum: Int? = nil,
    pattern: String? = nil
  ) {
    keywords = ["description": .text(description)]
    if !words.isEmpty { keywords["enum"] = .sequence(words.map { .text($0) }) }
    if let minimum { keywords["minimum"] = .integer(minimum) }
    if let maximum { keywords["maximum"] = .integer(maximum) }
    if let pattern { keywords["pattern"] = .text(pattern) }
  }

  private static let buses = ["virtio", "sata", "scsi", "usb"]
  private static let pciAddress =
    "^([0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]$"
  private static let macAddress =
    "^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$"

  /// By structure and field.
  static let all: [String: MachineFieldNote] = [
    "VirtualMachineSpec.running": .init("Deprecated: runStrategy says the same and more."),
    "VirtualMachineSpec.runStrategy": .init(
      "When the machine runs. Refused together with running.",
      words: ["Always", "RerunOnFailure", "Manual", "Halted", "Once", "WaitAsReceiver"]),
    "VirtualMachineSpec.template": .init("The machine itself."),
    "VirtualMachineInstanceSpec.startStrategy": .init(
      "Paused holds the machine before its first instruction.", words: ["Paused"]),
    "VirtualMachineInstanceSpec.terminationGracePeriodSeconds": .init(
      "Seconds between the power button and the plug; 180 by default.", minimum: 0),
    "VirtualMachineInstanceSpec.networks": .init(
      "What the interfaces are on, each with the name of its interface."),
    "VirtualMachineInstanceSpec.volumes": .init(
      "What the disks hold, each with the name of its disk."),

    "Bootloader.bios": .init("SeaBIOS, the default."),
    "Bootloader.efi": .init("OVMF: UEFI. Refused together with bios."),
    "BIOS.useSerial": .init("Whether SeaBIOS writes to the serial console."),
    "EFI.secureBoot": .init("Secure Boot, on by default; needs features.smm."),
    "EFI.persistent": .init(
      "Whether EFI variables outlive the machine; a cluster keeps them in its vmStateStorageClass."),
    "Firmware.uuid": .init("The SMBIOS UUID that the guest sees."),
    "Firmware.serial": .init("The SMBIOS serial number that the guest sees."),
    "Firmware.kernelBoot": .init("A kernel that is started without any boot loader."),
    "Features.smm": .init("System Management Mode, which Secure Boot needs: smm: {}."),
    "Features.acpi": .init("ACPI; on by default."),
    "Machine.type": .init("q35 or pc-q35 with a version; other types need the cluster's leave."),

    "Interface.name": .init("The name of one of networks.", pattern: "^[A-Za-z0-9_-]+$"),
    "Interface.model": .init(
      "The NIC; virtio by default.",
      words: ["e1000", "e1000e", "igb", "ne2k_pci", "pcnet", "rtl8139", "virtio"]),
    "Interface.macAddress": .init(
      "The MAC address; assigned when there is none.", pattern: macAddress),
    "Interface.bootOrder": .init(
      "The place in the one boot order over disks and interfaces; 1 is tried first. Devices without"
        + " one are not tried when any has one.", minimum: 1),
    "Interface.pciAddress": .init("The guest's PCI address.", pattern: pciAddress),
    "Interface.acpiIndex": .init("Names the guest's device, eno101 for 101."),
    "Interface.state": .init(
      "The link's state; up by default.", words: ["up", "down", "absent"]),
    "Interface.bridge": .init("On the network's own layer 2: what network boot needs."),
    "Interface.masquerade": .init("Behind NAT; on the pod network only."),
    "Interface.sriov": .init("A virtual function of a NIC."),
    "Interface.dhcpOptions": .init("What the pod's own DHCP server says, on the pod network."),
    "DHCPOptions.bootFileName": .init("DHCP option 67."),
    "DHCPOptions.tftpServerName": .init("DHCP option 66."),
    "DHCPOptions.ntpServers": .init("DHCP option 42: IPv4 addresses."),
    "DHCPPrivateOptions.option": .init(
      "A DHCP option for private use (RFC 3942).", minimum: 224, maximum: 254),
    "Port.port": .init("The port that is passed on.", minimum: 1, maximum: 65_535),
    "Port.protocol": .init("TCP by default.", words: ["TCP", "UDP"]),
    "Network.pod": .init("The pod network."),
    "Network.multus": .init("A NetworkAttachmentDefinition."),
    "MultusNetwork.networkName": .init(
      "The NetworkAttachmentDefinition: name, or namespace/name."),
    "MultusNetwork.default": .init("Whether it takes the place of the pod network."),

    "Disk.name": .init("The name of one of volumes."),
    "Disk.bootOrder": .init(
      "The place in the one boot order over disks and interfaces; 1 is tried first.", minimum: 1),
    "Disk.serial": .init("The serial number that the guest sees.", pattern: "^[A-Za-z0-9_.+-]+$"),
    "Disk.cache": .init("The cache mode.", words: ["none", "writethrough", "writeback"]),
    "Disk.io": .init("How QEMU reads and writes.", words: ["native", "threads", "default"]),
    "Disk.errorPolicy": .init(
      "What an I/O error does.", words: ["stop", "ignore", "report", "enospace"]),
    "DiskTarget.bus": .init("The bus; sata by default.", words: buses),
    "DiskTarget.pciAddress": .init("The guest's PCI address; virtio only.", pattern: pciAddress),
    "LunTarget.bus": .init("The bus; sata by default.", words: buses),
    "CDRomTarget.bus": .init("The bus; sata by default.", words: ["sata", "scsi", "usb"]),
    "CDRomTarget.readonly": .init("True by default."),
    "CDRomTarget.tray": .init("The tray's state; closed by default.", words: ["open", "closed"]),
    "Volume.containerDisk": .init("A disk image in a container image."),
    "Volume.emptyDisk": .init("An empty disk that lives as long as the machine."),
    "Volume.hostDisk": .init("A file on the node; needs the feature gate HostDisk."),
    "Volume.cloudInitNoCloud": .init("A cloud-init seed labelled cidata."),
    "Volume.cloudInitConfigDrive": .init("A cloud-init seed labelled config-2."),
    "Volume.persistentVolumeClaim": .init("A PersistentVolumeClaim by name."),
    "Volume.dataVolume": .init("A DataVolume by name."),
    "HostDisk.type": .init("Whether the file may be made.", words: ["Disk", "DiskOrCreate"]),

    "CPU.model": .init(
      "host-model, host-passthrough, or a model of libvirt's CPU map; case-sensitive. By default the"
        + " cluster's defaultCPUModel, else host-model."),
    "CPU.cores": .init("Cores per socket."),
    "CPU.sockets": .init("Sockets."),
    "CPU.threads": .init("Threads per core."),
    "CPUFeature.name": .init("A feature's name in libvirt's CPU map."),
    "CPUFeature.policy": .init(
      "What is asked of the feature; require by default.",
      words: ["force", "require", "optional", "disable", "forbid"]),
    "Memory.guest": .init("What the guest sees; at most the limit."),
    "Memory.hugepages": .init("Huge pages behind the guest's memory."),
    "Hugepages.pageSize": .init("The size of a page, such as 2Mi or 1Gi."),
    "ResourceRequirements.requests": .init("What the pod asks for: memory, cpu."),
    "ResourceRequirements.limits": .init("What the pod may take: memory, cpu."),
    "Devices.autoattachPodInterface": .init(
      "Whether a machine without interfaces gets one on the pod network; true by default."),
    "Devices.networkInterfaceMultiqueue": .init("Whether interfaces get a queue for each CPU."),
    "Devices.interfaces": .init("NICs, each with the name of its network."),
    "Devices.disks": .init("Disks, CD-ROMs and LUNs, each with the name of its volume."),
    "Devices.rng": .init("A random number generator, which OVMF's network boot needs: rng: {}."),
  ]
}
