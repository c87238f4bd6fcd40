import Firmware

/// What the planner is told about this machine: everything that it does not find in manifests.
package struct PlanningFacts: Codable, Sendable, Hashable {
  /// A netboot image as a server needs to know it.
  package struct Image: Codable, Sendable, Hashable {
    /// The NBP by client architecture (DHCP option 93).
    package var bootFiles: [Int: String]
    /// The script for clients that are iPXE already.
    package var iPXEBootFile: String?
    /// The files' sizes in bytes.
    package var fileSizes: [String: Int]

    /// An image.
    package init(
      bootFiles: [Int: String], iPXEBootFile: String? = nil, fileSizes: [String: Int]
    ) {
      self.bootFiles = bootFiles
      self.iPXEBootFile = iPXEBootFile
      self.fileSizes = fileSizes
    }
  }

  /// The folder of all labs' state.
  package var stateDirectory: String
  /// The engine that carries frames.
  package var engine: Reasoned<DataplaneEngine>
  /// What runs the guests' code: `kvm` or `tcg`.
  package var acceleration: Reasoned<String>
  /// Whether the caller is root and needs no user namespace.
  package var isRoot: Bool
  /// Whether that root may become any user, so that QEMU can run as one of its own.
  package var hasEveryUser = false
  /// The firmware descriptors of this machine.
  package var firmwares: [FirmwareDescriptorFile]
  /// The images by name.
  package var images: [String: Image]
  /// The folder of the manifests, against which relative paths in them are resolved and in which
  /// servers of the user's own run; absolute.
  package var manifestFolder: String
  /// The release of this machine's kernel, as uname(2) has it.
  package var kernel: String?
  /// What this machine's system calls itself (os-release(5), `PRETTY_NAME`).
  package var operatingSystem: String?
  /// The names of the nodes that are made with the lab.
  package var nodes: [String] = []
  /// The interfaces of the host's that shall join the lab's bridges.
  package var uplinks = UplinkRequest()
  /// The cards that virtual functions are from, each as `RESOURCE=CARD`.
  package var virtualFunctionCards: [String] = []
  /// The virtual functions of this machine; `nil` where nobody asked for any.
  package var virtualFunctions: VirtualFunctionInventory?
  /// The local disk images by what they stand for: a container disk's image, a DataVolume's URL, a
  /// claim's name.
  package var diskImages: [String: DiskImage]

  /// The facts.
  package init(
    stateDirectory: String, engine: Reasoned<DataplaneEngine>, acceleration: Reasoned<String>,
    isRoot: Bool, firmwares: [FirmwareDescriptorFile], images: [String: Image],
    manifestFolder: String = "/", diskImages: [String: DiskImage] = [:]
  ) {
    self.stateDirectory = stateDirectory
    self.engine = engine
    self.acceleration = acceleration
    self.isRoot = isRoot
    self.firmwares = firmwares
    self.images = images
    self.manifestFolder = manifestFolder
    self.diskImages = diskImages
  }
}
