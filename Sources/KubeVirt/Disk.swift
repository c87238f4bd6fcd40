/// One of `domain.devices.disks`.
package struct Disk: Hashable, Sendable {
  /// What the guest sees.
  package enum Target: String, Codable, Hashable, Sendable {
    /// A hard disk.
    case disk
    /// A SCSI LUN, passed through.
    case lun
    /// A CD-ROM drive.
    case cdrom
  }

  /// The name, which is that of its volume.
  package var name: String
  /// The targets named; none means `disk`, admission refuses two.
  package var targets: [Target]
  /// The bus: virtio, sata, scsi or usb; sata when absent.
  package var bus: String?
  /// Whether the guest may not write; a CD-ROM is read-only unless it says otherwise.
  package var readOnly: Bool?
  /// The place in the global boot order, from 1.
  package var bootOrder: Int?
  /// The serial number.
  package var serial: String?
  /// The cache mode: none, writethrough or writeback.
  package var cache: String?
  /// The I/O mode: native, threads or default.
  package var io: String?
  /// The guest's PCI address as written.
  package var pciAddress: String?

  /// A disk.
  package init(
    name: String, targets: [Target] = [.disk], bus: String? = nil, readOnly: Bool? = nil,
    bootOrder: Int? = nil, serial: String? = nil, cache: String? = nil, io: String? = nil,
    pciAddress: String? = nil
  ) {
    self.name = name
    self.targets = targets
    self.bus = bus
    self.readOnly = readOnly
    self.bootOrder = bootOrder
    self.serial = serial
    self.cache = cache
    self.io = io
    self.pciAddress = pciAddress
  }

  /// What the guest sees.
  package var target: Target { targets.first ?? .disk }
}

/// One of `volumes`.
package struct Volume: Hashable, Sendable {
  /// Where the data comes from.
  package enum Source: Hashable, Sendable {
    /// A disk image in a container image.
    case containerDisk(image: String)
    /// An empty disk that lives as long as the machine.
    case emptyDisk(capacity: Quantity?)
    /// A file on the node; `type` is `Disk` or `DiskOrCreate`.
    case hostDisk(path: String, type: String, capacity: Quantity?)
    /// A cloud-init seed disk labelled `cidata`.
    case cloudInitNoCloud(CloudInit)
    /// A cloud-init seed disk labelled `config-2`.
    case cloudInitConfigDrive(CloudInit)
    /// A claim by name.
    case persistentVolumeClaim(name: String)
    /// A DataVolume by name.
    case dataVolume(name: String)
    /// A ConfigMap's keys as the files of an ISO 9660 image.
    case configMap(name: String, label: String?)
    /// A Secret's keys as the files of an ISO 9660 image.
    case secret(name: String, label: String?)
    /// Any other source, by its field's name.
    case other(String)
  }

  /// The texts of a cloud-init seed.
  package struct CloudInit: Hashable, Sendable {
    /// The user data, decoded if it was in base64.
    package var userData: String?
    /// The network data, decoded if it was in base64.
    package var networkData: String?
    /// The Secret with the user data, under the key `userdata` or `userData`.
    package var userDataSecret: String?
    /// The Secret with the network data, under the key `networkdata` or `networkData`.
    package var networkDataSecret: String?

    /// A seed.
    package init(
      userData: String? = nil, networkData: String? = nil, userDataSecret: String? = nil,
      networkDataSecret: String? = nil
    ) {
      self.userData = userData
      self.networkData = networkData
      self.userDataSecret = userDataSecret
      self.networkDataSecret = networkDataSecret
    }
  }

  /// The name, which is that of its disk.
  package var name: String
  /// Where the data comes from, the first if several are named; `nil` when none is.
  package var source: Source?
  /// How many sources are named; admission wants exactly one.
  package var sourceCount: Int

  /// A volume with one source, or with none.
  package init(name: String, source: Source?) {
    self.name = name
    self.source = source
    sourceCount = source == nil ? 0 : 1
  }
}
