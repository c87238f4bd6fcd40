extension Domain {
  /// The CPU that the guest sees (`<cpu>`).
  public struct CPU: Decodable, Hashable, Sendable {
    /// `custom`, `host-model`, `host-passthrough` or `maximum`.
    public var mode: String?
    /// How a custom model is matched: `exact`, `minimum`, `strict`.
    public var match: String?
    /// How libvirt checks the CPU before starting: `none`, `partial`, `full`.
    public var check: String?
    /// The model of mode `custom`.
    public var model: Model?
    /// Sockets, cores and threads.
    public var topology: Topology?
    /// Features added to or taken from the model.
    public var feature: [Feature]

    /// A named CPU model.
    public struct Model: Decodable, Hashable, Sendable {
      /// Whether libvirt may take a near model: `allow` or `forbid`.
      public var fallback: String?
      /// The name.
      public var name: String

      enum CodingKeys: String, CodingKey {
        case fallback
        case name = ""
      }
    }

    /// A CPU feature with what to do about it.
    public struct Feature: Decodable, Hashable, Sendable {
      /// `force`, `require`, `optional`, `disable` or `forbid`.
      public var policy: String?
      /// The name, such as `mpx`.
      public var name: String
    }

    /// How the virtual CPUs are laid out; the product is the number of CPUs.
    public struct Topology: Decodable, Hashable, Sendable {
      /// Sockets.
      public var sockets: Int
      /// Dies in a socket.
      public var dies: Int?
      /// Cores in a socket.
      public var cores: Int
      /// Threads in a core.
      public var threads: Int
    }
  }
}
