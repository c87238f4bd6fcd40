extension Domain {
  /// A disk or a CD-ROM (`<disk>`).
  public struct Disk: Decodable, Hashable, Sendable {
    /// `file` or `block`.
    public var type: String
    /// `disk`, `cdrom` or `lun`.
    public var device: String?
    /// How the image is read and written.
    public var driver: Driver?
    /// The image; an empty CD-ROM drive has none.
    public var source: Source?
    /// The guest's view.
    public var target: Target
    /// What the guest reads as serial number.
    public var serial: String?
    /// Present when the guest can only read.
    public var readonly: Presence?
    /// The place in the boot order.
    public var boot: Boot?
    /// The name.
    public var alias: Alias?
    /// The address.
    public var address: Address?

    /// How an image is read and written (`<driver>`).
    public struct Driver: Decodable, Hashable, Sendable {
      /// Always `qemu`.
      public var name: String?
      /// The image format: `raw`, `qcow2`.
      public var type: String?
      /// The host's caching: `none`, `writeback`, `unsafe`, …
      public var cache: String?
      /// The I/O engine: `threads`, `native`, `io_uring`.
      public var io: String?
      /// What becomes of discards: `unmap`, `ignore`.
      public var discard: String?
    }

    /// Where the image is (`<source>`).
    public struct Source: Decodable, Hashable, Sendable {
      /// The path of a disk of type `file`.
      public var file: String?
      /// The path of a disk of type `block`.
      public var dev: String?
    }

    /// The guest's view of a disk (`<target>`).
    public struct Target: Decodable, Hashable, Sendable {
      /// The logical name: `vda`, `sda`.
      public var dev: String
      /// `virtio`, `sata`, `scsi`, `usb`.
      public var bus: String?
    }
  }

  /// An element that says something by being there (`<readonly/>`).
  public struct Presence: Decodable, Hashable, Sendable {
    /// Presence.
    public init() {}
  }
}

extension Domain.Disk {
  enum CodingKeys: String, CodingKey {
    case type, device, driver, source, target, serial, readonly, boot, alias, address
  }

  /// Decodes `<disk>`.
  public init(from decoder: any Decoder) throws {
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
