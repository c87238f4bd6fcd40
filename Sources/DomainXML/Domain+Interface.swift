import Addresses

extension Domain {
  /// A network interface (`<interface>`).
  package struct Interface: Decodable, Hashable, Sendable {
    /// `ethernet` (a tap that exists already), `user` (QEMU's own NAT, or passt), `bridge`,
    /// `network`, …
    package var type: String
    /// The MAC address; libvirt makes one where it is absent.
    package var mac: Hardware?
    /// The host's end.
    package var target: Target?
    /// The model of the adapter.
    package var model: Model?
    /// The back end's settings.
    package var driver: Driver?
    /// The state of the link; absent means up.
    package var link: Link?
    /// The MTU.
    package var mtu: MTU?
    /// The place in the boot order.
    package var boot: Boot?
    /// The option ROM.
    package var rom: ROM?
    /// The index that names the adapter in the guest.
    package var acpi: ACPI?
    /// The name.
    package var alias: Alias?
    /// The address.
    package var address: Address?

    /// `<mac>`.
    package struct Hardware: Decodable, Hashable, Sendable {
      /// The address.
      package var address: MACAddress
    }

    /// The host's end (`<target>`).
    package struct Target: Decodable, Hashable, Sendable {
      /// The device's name.
      package var dev: String
      /// `no` when the device exists already and outlives the domain (libvirt 5.7 and later).
      package var managed: YesNo?
    }

    /// The model of the adapter (`<model>`).
    package struct Model: Decodable, Hashable, Sendable {
      /// `virtio`, `virtio-non-transitional`, `e1000e`, …
      package var type: String
    }

    /// The back end (`<driver>`).
    package struct Driver: Decodable, Hashable, Sendable {
      /// `vhost` or `qemu`.
      package var name: String?
      /// The number of queue pairs.
      package var queues: Int?
    }

    /// The link (`<link>`).
    package struct Link: Decodable, Hashable, Sendable {
      /// `up` or `down`.
      package var state: String
    }

    /// The MTU (`<mtu>`).
    package struct MTU: Decodable, Hashable, Sendable {
      /// The size in bytes.
      package var size: Int
    }

    /// The option ROM (`<rom>`).
    package struct ROM: Decodable, Hashable, Sendable {
      /// Whether the guest sees one.
      package var enabled: YesNo?
      /// A file in place of QEMU's own; the empty string is no ROM while UEFI still boots from it.
      package var file: String?
    }

    /// ACPI properties (`<acpi>`).
    package struct ACPI: Decodable, Hashable, Sendable {
      /// The `_DSM` index, from which the guest makes the name `enoN`.
      package var index: Int
    }
  }
}
