extension Domain {
  /// A serial port or a console (`<serial>`, `<console>`).
  package struct CharacterDevice: Decodable, Hashable, Sendable {
    /// The host's end: `unix`, `pty`, `file`, …
    package var type: String
    /// Details of the host's end.
    package var source: Source?
    /// A file that keeps everything the guest writes.
    package var log: Log?
    /// The guest's end.
    package var target: Target?
    /// The name.
    package var alias: Alias?

    /// The host's end (`<source>`).
    package struct Source: Decodable, Hashable, Sendable {
      /// `bind` where QEMU listens, `connect` where it dials.
      package var mode: String?
      /// The path.
      package var path: String?
    }

    /// The log (`<log>`).
    package struct Log: Decodable, Hashable, Sendable {
      /// The file.
      package var file: String
      /// Whether an existing file is kept.
      package var append: OnOff?
    }

    /// The guest's end (`<target>`).
    package struct Target: Decodable, Hashable, Sendable {
      /// `isa-serial`, `serial`, `virtio`, …
      package var type: String?
      /// The port's number.
      package var port: Int?
    }
  }

  /// A graphical server (`<graphics>`).
  package struct Graphics: Decodable, Hashable, Sendable {
    /// `vnc`.
    package var type: String
    /// Where it listens.
    package var listen: Listen?

    /// Where a server listens (`<listen>`).
    package struct Listen: Decodable, Hashable, Sendable {
      /// `socket`, `address`, `none`.
      package var type: String
      /// The socket's path.
      package var socket: String?
    }
  }

  /// A video adapter (`<video>`).
  package struct Video: Decodable, Hashable, Sendable {
    /// The model.
    package var model: Model

    /// The model (`<model>`).
    package struct Model: Decodable, Hashable, Sendable {
      /// Its name.
      package var type: String
    }
  }

  /// The memory balloon (`<memballoon>`).
  package struct MemoryBalloon: Decodable, Hashable, Sendable {
    /// `virtio` or `none`.
    package var model: String
  }

  /// A random number generator (`<rng>`); OVMF of 2024-05 and later does not offer network boot
  /// without one, or a CPU with RDRAND.
  package struct RandomNumberGenerator: Decodable, Hashable, Sendable {
    /// `virtio`.
    package var model: String
    /// The source of randomness.
    package var backend: Backend

    /// The source (`<backend>`).
    package struct Backend: Decodable, Hashable, Sendable {
      /// `random` for a device, `builtin` for QEMU's own.
      package var model: String
      /// The device's path.
      package var device: String?

      enum CodingKeys: String, CodingKey {
        case model
        case device = ""
      }
    }
  }
}
