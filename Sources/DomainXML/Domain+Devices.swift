extension Domain {
  /// The devices (`<devices>`). libvirt adds what a machine type cannot do without: PCI
  /// controllers, a console for the first serial port, input devices.
  package struct Devices: Decodable, Hashable, Sendable {
    /// The emulator's path; libvirt's own choice where it is absent.
    package var emulator: String?
    /// Disks.
    package var disks: [Disk]
    /// Controllers.
    package var controllers: [Controller]
    /// Network interfaces.
    package var interfaces: [Interface]
    /// Devices of the host, given to the guest.
    package var hostDevices: [HostDevice]
    /// Serial ports.
    package var serials: [CharacterDevice]
    /// Consoles; libvirt mirrors the first serial port here.
    package var consoles: [CharacterDevice]
    /// Graphical servers.
    package var graphics: [Graphics]
    /// Video adapters.
    package var videos: [Video]
    /// The memory balloon.
    package var memballoon: MemoryBalloon?
    /// Random number generators.
    package var rngs: [RandomNumberGenerator]

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
  package struct Boot: Decodable, Hashable, Sendable {
    /// The place, from 1; no two devices share one.
    package var order: Int
  }

  /// A device's name (`<alias>`); one that a person gives begins with `ua-`.
  package struct Alias: Decodable, Hashable, Sendable {
    /// The name.
    package var name: String
  }

  /// A device's address on its bus (`<address>`). The numbers are text as libvirt writes it:
  /// hexadecimal with `0x` on PCI, decimal on a drive bus.
  package struct Address: Decodable, Hashable, Sendable {
    /// `pci`, `drive`, `usb`, …
    package var type: String
    /// PCI domain.
    package var domain: String?
    /// Controller number, on a drive bus.
    package var controller: String?
    /// Bus.
    package var bus: String?
    /// PCI slot.
    package var slot: String?
    /// PCI function.
    package var function: String?
    /// Target, on a drive bus.
    package var target: String?
    /// Unit, on a drive bus.
    package var unit: String?
    /// Port, on a USB bus; behind hubs one after the other, with dots.
    package var port: String?
  }

  /// A controller (`<controller>`).
  package struct Controller: Decodable, Hashable, Sendable {
    /// `pci`, `usb`, `sata`, `scsi`, `virtio-serial`.
    package var type: String
    /// Its number among those of its type.
    package var index: Int?
    /// Its model: `none` turns USB off.
    package var model: String?
    /// Its address; libvirt gives it one when the domain is defined, but not the root.
    package var address: Address?
  }

  /// A device of the host that the guest is given (`<hostdev>`).
  package struct HostDevice: Decodable, Hashable, Sendable {
    /// The place in the boot order.
    package var boot: Boot?
    /// The name.
    package var alias: Alias?
    /// The address in the guest.
    package var address: Address?
  }
}
