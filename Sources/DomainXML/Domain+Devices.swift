import Addresses

extension Domain {
  /// Disks and CD-ROM drives.
  package var disks: [Disk] { devices("disk").map(Disk.init) }

  /// Network interfaces.
  package var interfaces: [Interface] { devices("interface").map(Interface.init) }

  /// Devices of the host, given to the guest.
  package var hostDevices: [HostDevice] { devices("hostdev").map(HostDevice.init) }

  /// Controllers.
  package var controllers: [Controller] { devices("controller").map(Controller.init) }

  /// Whether there is a serial port.
  package var hasSerialPort: Bool { !devices("serial").isEmpty }

  /// Whether there is a random number generator; OVMF of 2024-05 and later does not offer network
  /// boot without one, or a CPU with RDRAND.
  package var hasRandomNumberGenerator: Bool { !devices("rng").isEmpty }

  private func devices(_ name: String) -> [XMLElement] {
    element.first("devices")?.all(name) ?? []
  }

  /// What all devices have.
  package protocol Device: Hashable, Sendable {
    /// The device's element.
    var element: XMLElement { get }
  }

  /// A disk or a CD-ROM drive (`<disk>`).
  package struct Disk: Device {
    /// The element.
    package let element: XMLElement

    /// Whether it is a CD-ROM drive.
    package var isCDROM: Bool { element[attribute: "device"] == "cdrom" }

    /// The logical name: `vda`, `sda`.
    package var target: String? { element.first("target")?[attribute: "dev"] }

    /// `virtio`, `sata`, `scsi`, `usb`.
    package var bus: String? { element.first("target")?[attribute: "bus"] }
  }

  /// A network interface (`<interface>`).
  package struct Interface: Device {
    /// The element.
    package let element: XMLElement

    /// The MAC address.
    package var mac: MACAddress? {
      element.first("mac")?[attribute: "address"].flatMap(MACAddress.init)
    }

    /// The host's end of it.
    package var target: String? { element.first("target")?[attribute: "dev"] }

    /// The model of the adapter: `virtio`, `virtio-non-transitional`, `e1000e`, …
    package var model: String? { element.first("model")?[attribute: "type"] }

    /// Whether the link is up, which it is where nothing is said.
    package var hasLink: Bool { element.first("link")?[attribute: "state"] != "down" }

    /// Whether the guest sees an option ROM; `nil` where QEMU decides.
    package var hasROM: Bool? {
      element.first("rom")?[attribute: "enabled"].map { $0 == "yes" }
    }
  }

  /// A device of the host that the guest is given (`<hostdev>`).
  package struct HostDevice: Device {
    /// The element.
    package let element: XMLElement
  }

  /// A controller (`<controller>`).
  package struct Controller: Device {
    /// The element.
    package let element: XMLElement

    /// `pci`, `usb`, `sata`, `scsi`, `virtio-serial`.
    package var type: String? { element[attribute: "type"] }

    /// Its number among those of its type.
    package var index: Int? { element[attribute: "index"].flatMap { Int($0) } }
  }

  /// A device's address on its bus (`<address>`).
  package struct Address: Hashable, Sendable {
    let element: XMLElement

    /// `pci`, `drive`, `usb`, …
    package var type: String? { element[attribute: "type"] }

    /// Controller number, on a drive bus.
    package var controller: Int? { number("controller") }

    /// PCI domain.
    package var domain: Int? { number("domain") }

    /// Bus.
    package var bus: Int? { number("bus") }

    /// PCI slot.
    package var slot: Int? { number("slot") }

    /// PCI function.
    package var function: Int? { number("function") }

    /// Target, on a drive bus.
    package var target: Int? { number("target") }

    /// Unit, on a drive bus.
    package var unit: Int? { number("unit") }

    /// Port, on a USB bus; `nil` behind hubs.
    package var port: Int? { number("port") }

    /// A number as libvirt writes it: `0x1f` on PCI, else decimal.
    private func number(_ name: String) -> Int? {
      guard let text = element[attribute: name] else { return nil }
      return text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
    }
  }
}

extension Domain.Device {
  /// The name, which is the identifier in QEMU too; one that a person gives begins with `ua-`.
  package var alias: String? { element.alias }

  /// The place in the one boot order of the domain (`<boot order>`), from 1.
  package var bootOrder: Int? { element.first("boot")?[attribute: "order"].flatMap { Int($0) } }

  /// The address; libvirt gives it one when the domain is defined.
  package var address: Domain.Address? { element.first("address").map(Domain.Address.init) }
}

extension XMLElement {
  /// A device's name (`<alias>`).
  package var alias: String? { first("alias")?[attribute: "name"] }

  /// The name that the manifest gave a device: its alias without KubeVirt's prefix `ua-`.
  package var deviceName: String? {
    guard let alias, alias.hasPrefix("ua-") else { return nil }
    return String(alias.dropFirst(3))
  }
}
