extension Domain {
  /// A serial port or a console (`<serial>`, `<console>`).
  public struct CharacterDevice: Codable, Hashable, Sendable {
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

    /// A port whose host end is a unix socket on which QEMU listens.
    public init(unixSocket path: String, log: Log? = nil, port: Int = 0) {
      type = "unix"
      source = Source(mode: "bind", path: path)
      self.log = log
      target = Target(type: nil, port: port)
      alias = nil
    }

    /// The host's end (`<source>`).
    public struct Source: Codable, Hashable, Sendable {
      /// `bind` where QEMU listens, `connect` where it dials.
      public var mode: String?
      /// The path.
      public var path: String?

      /// A host end.
      public init(mode: String?, path: String?) {
        self.mode = mode
        self.path = path
      }
    }

    /// The log (`<log>`).
    public struct Log: Codable, Hashable, Sendable {
      /// The file.
      public var file: String
      /// Whether an existing file is kept.
      public var append: OnOff?

      /// A log.
      public init(file: String, append: OnOff? = nil) {
        self.file = file
        self.append = append
      }
    }

    /// The guest's end (`<target>`).
    public struct Target: Codable, Hashable, Sendable {
      /// `isa-serial`, `serial`, `virtio`, …
      public var type: String?
      /// The port's number.
      public var port: Int?

      /// A guest end.
      public init(type: String?, port: Int?) {
        self.type = type
        self.port = port
      }
    }
  }

  /// A graphical server (`<graphics>`).
  public struct Graphics: Codable, Hashable, Sendable {
    /// `vnc`.
    public var type: String
    /// Where it listens.
    public var listen: Listen?

    /// A VNC server on a unix socket.
    public init(vncSocket path: String) {
      type = "vnc"
      listen = Listen(type: "socket", socket: path)
    }

    /// Where a server listens (`<listen>`).
    public struct Listen: Codable, Hashable, Sendable {
      /// `socket`, `address`, `none`.
      public var type: String
      /// The socket's path.
      public var socket: String?
    }
  }

  /// A video adapter (`<video>`).
  public struct Video: Codable, Hashable, Sendable {
    /// The model.
    public var model: Model

    /// An adapter of a model: `virtio`, `vga`, `bochs`, `none`.
    public init(model: String) {
      self.model = Model(type: model)
    }

    /// The model (`<model>`).
    public struct Model: Codable, Hashable, Sendable {
      /// Its name.
      public var type: String
    }
  }

  /// The memory balloon (`<memballoon>`).
  public struct MemoryBalloon: Codable, Hashable, Sendable {
    /// `virtio` or `none`.
    public var model: String

    /// A balloon.
    public init(model: String) {
      self.model = model
    }
  }

  /// A random number generator (`<rng>`); OVMF of 2024-05 and later does not offer network boot
  /// without one, or a CPU with RDRAND.
  public struct RandomNumberGenerator: Codable, Hashable, Sendable {
    /// `virtio`.
    public var model: String
    /// The source of randomness.
    public var backend: Backend

    /// A virtio generator fed from a device of the host.
    public init(device: String = "/dev/urandom") {
      model = "virtio"
      backend = Backend(model: "random", device: device)
    }

    /// The source (`<backend>`).
    public struct Backend: Codable, Hashable, Sendable {
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
