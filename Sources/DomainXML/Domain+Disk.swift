extension Domain {
  /// A disk or a CD-ROM (`<disk>`).
  package struct Disk: Decodable, Hashable, Sendable {
    /// `file` or `block`.
    package var type: String
    /// `disk`, `cdrom` or `lun`.
    package var device: String?
    /// How the image is read and written.
    package var driver: Driver?
    /// The image; an empty CD-ROM drive has none.
    package var source: Source?
    /// The guest's view.
    package var target: Target
    /// What the guest reads as serial number.
    package var serial: String?
    /// Present when the guest can only read.
    package var readonly: Presence?
    /// The place in the boot order.
    package var boot: Boot?
    /// The name.
    package var alias: Alias?
    /// The address.
    package var address: Address?

    /// How an image is read and written (`<driver>`).
    package struct Driver: Decodable, Hashable, Sendable {
      /// Always `qemu`.
      package var name: String?
      /// The image format: `raw`, `qcow2`.
      package var type: String?
      /// The host's caching: `none`, `writeback`, `unsafe`, …
      package var cache: String?
      /// The I/O engine: `threads`, `native`, `io_uring`.
      package var io: String?
      /// What becomes of discards: `unmap`, `ignore`.
      package var discard: String?
    }

    /// Where the image is (`<source>`).
    package struct Source: Decodable, Hashable, Sendable {
      /// The path of a disk of type `file`.
      package var file: String?
      /// The path of a disk of type `block`.
      package var dev: String?
    }

    /// The guest's view of a disk (`<target>`).
    package struct Target: Decodable, Hashable, Sendable {
      /// The logical name: `vda`, `sda`.
      package var dev: String
      /// `virtio`, `sata`, `scsi`, `usb`.
      package var bus: String?
    }
  }

  /// An element that says something by being there (`<readonly/>`).
  package struct Presence: Decodable, Hashable, Sendable {
    /// Presence.
    package init() {}
  }
}

extension Domain.Disk {
  enum CodingKeys: String, CodingKey {
    case type, device, driver, source, target, serial, readonly, boot, alias, address
  }

  /// Decodes `<disk>`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    type = try container.decode(String.self, forKey: .type)
    device = try container.decodeIfPresent(String.self, forKey: .device)
    driver = try container.decodeIfPresent(Driver.self, forKey: .driver)
    source = try container.decodeIfPresent(Source.self, forKey: .source)
    target = try container.decode(Target.self, forKey: .target)
    serial = try container.decodeIfPresent(String.self, forKey: .serial)
    // Not decodeIfPresent: it takes an element without content for nothing.
    readonly = container.contains(.readonly) ? Domain.Presence() : nil
    boot = try container.decodeIfPresent(Domain.Boot.self, forKey: .boot)
    alias = try container.decodeIfPresent(Domain.Alias.self, forKey: .alias)
    address = try container.decodeIfPresent(Domain.Address.self, forKey: .address)
  }
}
