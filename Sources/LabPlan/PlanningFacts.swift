import Firmware

/// What the planner is told about this machine: everything that it does not find in manifests.
public struct PlanningFacts: Sendable {
  /// A netboot image as a server needs to know it.
  public struct Image: Sendable {
    /// The NBP by client architecture (DHCP option 93).
    public var bootFiles: [Int: String]
    /// The script for clients that are iPXE already.
    public var iPXEBootFile: String?
    /// The files' sizes in bytes.
    public var fileSizes: [String: Int]

    /// An image.
    public init(
      bootFiles: [Int: String], iPXEBootFile: String? = nil, fileSizes: [String: Int]
    ) {
      self.bootFiles = bootFiles
      self.iPXEBootFile = iPXEBootFile
      self.fileSizes = fileSizes
    }
  }

  /// The folder of all labs' state.
  public var stateDirectory: String
  /// The engine that carries frames.
  public var engine: Reasoned<DataplaneEngine>
  /// What runs the guests' code: `kvm` or `tcg`.
  public var acceleration: Reasoned<String>
  /// Whether the caller is root and needs no user namespace.
  public var isRoot: Bool
  /// The firmware descriptors of this machine.
  public var firmwares: [FirmwareDescriptorFile]
  /// The images by name.
  public var images: [String: Image]
  /// The folder of the manifests, against which relative paths in them are resolved and in which
  /// servers of the user's own run; absolute.
  public var manifestFolder: String
  /// The interfaces of the host's that shall join the lab's bridges.
  public var uplinks = UplinkRequest()
  /// The cards that virtual functions are from, each as `RESOURCE=CARD`.
  public var virtualFunctionCards: [String] = []
  /// The virtual functions of this machine; `nil` where nobody asked for any.
  public var virtualFunctions: VirtualFunctionInventory?
  /// The local disk images by what they stand for: a container disk's image, a DataVolume's URL, a
  /// claim's name.
  public var diskImages: [String: DiskImage]

  /// The facts.
  public init(
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
