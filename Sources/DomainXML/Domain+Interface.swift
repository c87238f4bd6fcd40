import Addresses

extension Domain {
  /// A network interface (`<interface>`).
  public struct Interface: Codable, Hashable, Sendable {
    /// `ethernet` (a tap that exists already), `user` (QEMU's own NAT, or passt), `bridge`,
    /// `network`, …
    public var type: String
    /// The MAC address; libvirt makes one where it is absent.
    public var mac: Hardware?
    /// The host's end.
    public var target: Target?
    /// The model of the adapter.
    public var model: Model?
    /// The back end's settings.
    public var driver: Driver?
    /// The state of the link; absent means up.
    public var link: Link?
    /// The MTU.
    public var mtu: MTU?
    /// The place in the boot order.
    public var boot: Boot?
    /// The option ROM.
    public var rom: ROM?
    /// The index that names the adapter in the guest.
    public var acpi: ACPI?
    /// The name.
    public var alias: Alias?
    /// The address.
    public var address: Address?

    /// An interface on a tap that exists and that libvirt leaves alone (`managed='no'`).
    public init(
      tap: String, mac: MACAddress, model: String, bootOrder: Int? = nil, alias: String? = nil
    ) {
      self.init(type: "ethernet", mac: mac, model: model, bootOrder: bootOrder, alias: alias)
      target = Target(dev: tap, managed: .no)
    }

    /// An interface of a type. As in KubeVirt, one that has no place in the boot order has no
    /// option ROM either (pkg/virt-launcher/virtwrap/converter).
    public init(
      type: String, mac: MACAddress?, model: String, bootOrder: Int? = nil, alias: String? = nil
    ) {
      self.type = type
      self.mac = mac.map { Hardware(address: $0) }
      self.model = Model(type: model)
      boot = bootOrder.map { Boot(order: $0) }
      rom = bootOrder == nil ? ROM(enabled: .no) : nil
      self.alias = alias.map { Alias(name: $0) }
    }

    /// `<mac>`.
    public struct Hardware: Codable, Hashable, Sendable {
      /// The address.
      public var address: MACAddress

      /// An address.
      public init(address: MACAddress) {
        self.address = address
      }
    }

    /// The host's end (`<target>`).
    public struct Target: Codable, Hashable, Sendable {
      /// The device's name.
      public var dev: String
      /// `no` when the device exists already and outlives the domain (libvirt 5.7 and later).
      public var managed: YesNo?

      /// A host device.
      public init(dev: String, managed: YesNo? = nil) {
        self.dev = dev
        self.managed = managed
      }
    }

    /// The model of the adapter (`<model>`).
    public struct Model: Codable, Hashable, Sendable {
      /// `virtio`, `virtio-non-transitional`, `e1000e`, …
      public var type: String

      /// A model.
      public init(type: String) {
        self.type = type
      }
    }

    /// The back end (`<driver>`).
    public struct Driver: Codable, Hashable, Sendable {
      /// `vhost` or `qemu`.
      public var name: String?
      /// The number of queue pairs.
      public var queues: Int?

      /// A back end.
      public init(name: String?, queues: Int? = nil) {
        self.name = name
        self.queues = queues
      }
    }

    /// The link (`<link>`).
    public struct Link: Codable, Hashable, Sendable {
      /// `up` or `down`.
      public var state: String

      /// A state.
      public init(state: String) {
        self.state = state
      }
    }

    /// The MTU (`<mtu>`).
    public struct MTU: Codable, Hashable, Sendable {
      /// The size in bytes.
      public var size: Int

      /// A size in bytes.
      public init(size: Int) {
        self.size = size
      }
    }

    /// The option ROM (`<rom>`).
    public struct ROM: Codable, Hashable, Sendable {
      /// Whether the guest sees one.
      public var enabled: YesNo?
      /// A file in place of QEMU's own; the empty string is no ROM while UEFI still boots from it.
      public var file: String?

      /// An option ROM.
      public init(enabled: YesNo? = nil, file: String? = nil) {
        self.enabled = enabled
        self.file = file
      }
    }

    /// ACPI properties (`<acpi>`).
    public struct ACPI: Codable, Hashable, Sendable {
      /// The `_DSM` index, from which the guest makes the name `enoN`.
      public var index: Int

      /// An index.
      public init(index: Int) {
        self.index = index
      }
    }
  }
}
