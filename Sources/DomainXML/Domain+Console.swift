extension Domain {
  /// A serial port or a console (`<serial>`, `<console>`).
  public struct CharacterDevice: Decodable, Hashable, Sendable {
    /// The host's end: `unix`, `pty`, `file`, …
    public var type: String
    /// Details of the host's end.
    public var source: Source?
    /// A file that keeps everything the guest writes.
    public var log: Log?
    /// The guest's end.
    public var target: Target?
    /// The name.
    public var alias: Alias?

    /// The host's end (`<source>`).
    public struct Source: Decodable, Hashable, Sendable {
      /// `bind` where QEMU listens, `connect` where it dials.
      public var mode: String?
      /// The path.
      public var path: String?
    }

    /// The log (`<log>`).
    public struct Log: Decodable, Hashable, Sendable {
      /// The file.
      public var file: String
      /// Whether an existing file is kept.
      public var append: OnOff?
    }

    /// The guest's end (`<target>`).
    public struct Target: Decodable, Hashable, Sendable {
      /// `isa-serial`, `serial`, `virtio`, …
      public var type: String?
      /// The port's number.
      public var port: Int?
    }
  }

  /// A graphical server (`<graphics>`).
  public struct Graphics: Decodable, Hashable, Sendable {
    /// `vnc`.
    public var type: String
    /// Where it listens.
    public var listen: Listen?

    /// Where a server listens (`<listen>`).
    public struct Listen: Decodable, Hashable, Sendable {
      /// `socket`, `address`, `none`.
      public var type: String
      /// The socket's path.
      public var socket: String?
    }
  }

  /// A video adapter (`<video>`).
  public struct Video: Decodable, Hashable, Sendable {
    /// The model.
    public var model: Model

    /// The model (`<model>`).
    public struct Model: Decodable, Hashable, Sendable {
      /// Its name.
      public var type: String
    }
  }

  /// The memory balloon (`<memballoon>`).
  public struct MemoryBalloon: Decodable, Hashable, Sendable {
    /// `virtio` or `none`.
    public var model: String
  }

  /// A random number generator (`<rng>`); OVMF of 2024-05 and later does not offer network boot
  /// without one, or a CPU with RDRAND.
  public struct RandomNumberGenerator: Decodable, Hashable, Sendable {
    /// `virtio`.
    public var model: String
    /// The source of randomness.
    public var backend: Backend

    /// The source (`<backend>`).
    public struct Backend: Decodable, Hashable, Sendable {
      /// `random` for a device, `builtin` for QEMU's own.
      public var model: String
      /// The device's path.
      public var device: String?

      enum CodingKeys: String, CodingKey {
        case model
        case device = ""
      }
    }
  }
}
