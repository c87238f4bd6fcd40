extension Domain {
  /// The devices (`<devices>`). libvirt adds what a machine type cannot do without: PCI
  /// controllers, a console for the first serial port, input devices.
  public struct Devices: Decodable, Hashable, Sendable {
    /// The emulator's path; libvirt's own choice where it is absent.
    public var emulator: String?
    /// Disks.
    public var disks: [Disk]
    /// Controllers.
    public var controllers: [Controller]
    /// Network interfaces.
    public var interfaces: [Interface]
    /// Devices of the host, given to the guest.
    public var hostDevices: [HostDevice]
    /// Serial ports.
    public var serials: [CharacterDevice]
    /// Consoles; libvirt mirrors the first serial port here.
    public var consoles: [CharacterDevice]
    /// Graphical servers.
    public var graphics: [Graphics]
    /// Video adapters.
    public var videos: [Video]
    /// The memory balloon.
    public var memballoon: MemoryBalloon?
    /// Random number generators.
    public var rngs: [RandomNumberGenerator]

    enum CodingKeys: String, CodingKey {
      case emulator
      case disks = "disk"
      case controllers = "controller"
      case interfaces = "interface"
      case hostDevices = "hostdev"
      case serials = "serial"
      case consoles = "console"
      case graphics
      case videos = "video"
      case memballoon
      case rngs = "rng"
    }
  }

  /// A device's place in the one boot order of the domain (`<boot order>`).
  public struct Boot: Decodable, Hashable, Sendable {
    /// The place, from 1; no two devices share one.
    public var order: Int
  }

  /// A device's name (`<alias>`); one that a person gives begins with `ua-`.
  public struct Alias: Decodable, Hashable, Sendable {
    /// The name.
    public var name: String
  }

  /// A device's address on its bus (`<address>`). The numbers are text as libvirt writes it:
  /// hexadecimal with `0x` on PCI, decimal on a drive bus.
  public struct Address: Decodable, Hashable, Sendable {
    /// `pci`, `drive`, `usb`, …
    public var type: String
    /// PCI domain.
    public var domain: String?
    /// Controller number, on a drive bus.
    public var controller: String?
    /// Bus.
    public var bus: String?
    /// PCI slot.
    public var slot: String?
    /// PCI function.
    public var function: String?
    /// Target, on a drive bus.
    public var target: String?
    /// Unit, on a drive bus.
    public var unit: String?
    /// Port, on a USB bus; behind hubs one after the other, with dots.
    public var port: String?
  }

  /// A controller (`<controller>`).
  public struct Controller: Decodable, Hashable, Sendable {
    /// `pci`, `usb`, `sata`, `scsi`, `virtio-serial`.
    public var type: String
    /// Its number among those of its type.
    public var index: Int?
    /// Its model: `none` turns USB off.
    public var model: String?
    /// Its address; libvirt gives it one when the domain is defined, but not the root.
    public var address: Address?
  }

  /// A device of the host that the guest is given (`<hostdev>`).
  public struct HostDevice: Decodable, Hashable, Sendable {
    /// The place in the boot order.
    public var boot: Boot?
    /// The name.
    public var alias: Alias?
    /// The address in the guest.
    public var address: Address?
  }
}
