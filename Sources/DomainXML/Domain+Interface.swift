import Addresses

extension Domain {
  /// A network interface (`<interface>`).
  public struct Interface: Decodable, Hashable, Sendable {
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

    /// `<mac>`.
    public struct Hardware: Decodable, Hashable, Sendable {
      /// The address.
      public var address: MACAddress
    }

    /// The host's end (`<target>`).
    public struct Target: Decodable, Hashable, Sendable {
      /// The device's name.
      public var dev: String
      /// `no` when the device exists already and outlives the domain (libvirt 5.7 and later).
      public var managed: YesNo?
    }

    /// The model of the adapter (`<model>`).
    public struct Model: Decodable, Hashable, Sendable {
      /// `virtio`, `virtio-non-transitional`, `e1000e`, …
      public var type: String
    }

    /// The back end (`<driver>`).
    public struct Driver: Decodable, Hashable, Sendable {
      /// `vhost` or `qemu`.
      public var name: String?
      /// The number of queue pairs.
      public var queues: Int?
    }

    /// The link (`<link>`).
    public struct Link: Decodable, Hashable, Sendable {
      /// `up` or `down`.
      public var state: String
    }

    /// The MTU (`<mtu>`).
    public struct MTU: Decodable, Hashable, Sendable {
      /// The size in bytes.
      public var size: Int
    }

    /// The option ROM (`<rom>`).
    public struct ROM: Decodable, Hashable, Sendable {
      /// Whether the guest sees one.
      public var enabled: YesNo?
      /// A file in place of QEMU's own; the empty string is no ROM while UEFI still boots from it.
      public var file: String?
    }

    /// ACPI properties (`<acpi>`).
    public struct ACPI: Decodable, Hashable, Sendable {
      /// The `_DSM` index, from which the guest makes the name `enoN`.
      public var index: Int
    }
  }
}
