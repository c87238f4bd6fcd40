extension Domain {
  /// The CPU that the guest sees (`<cpu>`).
  package struct CPU: Decodable, Hashable, Sendable {
    /// `custom`, `host-model`, `host-passthrough` or `maximum`.
    package var mode: String?
    /// How a custom model is matched: `exact`, `minimum`, `strict`.
    package var match: String?
    /// How libvirt checks the CPU before starting: `none`, `partial`, `full`.
    package var check: String?
    /// The model of mode `custom`.
    package var model: Model?
    /// Sockets, cores and threads.
    package var topology: Topology?
    /// Features added to or taken from the model.
    package var feature: [Feature]

    /// A named CPU model.
    package struct Model: Decodable, Hashable, Sendable {
      /// Whether libvirt may take a near model: `allow` or `forbid`.
      package var fallback: String?
      /// The name.
      package var name: String

      enum CodingKeys: String, CodingKey {
        case fallback
        case name = ""
      }
    }

    /// A CPU feature with what to do about it.
    package struct Feature: Decodable, Hashable, Sendable {
      /// `force`, `require`, `optional`, `disable` or `forbid`.
      package var policy: String?
      /// The name, such as `mpx`.
      package var name: String
    }

    /// How the virtual CPUs are laid out; the product is the number of CPUs.
    package struct Topology: Decodable, Hashable, Sendable {
      /// Sockets.
      package var sockets: Int
      /// Dies in a socket.
      package var dies: Int?
      /// Cores in a socket.
      package var cores: Int
      /// Threads in a core.
      package var threads: Int
    }
  }
}
