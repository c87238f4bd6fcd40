/// `domain.cpu`.
package struct CPU: Hashable, Sendable {
  /// A CPU feature and what is asked of it.
  package struct Feature: Hashable, Sendable {
    /// The feature's name in libvirt's CPU map, such as `apic`.
    package var name: String
    /// `force`, `require`, `optional`, `disable` or `forbid`; absent means `require`.
    package var policy: String?

    /// A feature.
    package init(name: String, policy: String? = nil) {
      self.name = name
      self.policy = policy
    }
  }

  /// The model's name; `nil` before defaults.
  package var model: String?
  /// Cores per socket.
  package var cores: Int?
  /// Sockets.
  package var sockets: Int?
  /// Threads per core.
  package var threads: Int?
  /// Features in order.
  package var features: [Feature]

  /// A CPU.
  package init(
    model: String? = nil, cores: Int? = nil, sockets: Int? = nil, threads: Int? = nil,
    features: [Feature] = []
  ) {
    self.model = model
    self.cores = cores
    self.sockets = sockets
    self.threads = threads
    self.features = features
  }
}

/// What a domain gets by the name of a CPU model.
package enum CPUModel: Hashable, Sendable {
  /// The host's model, as libvirt names it.
  case hostModel
  /// The host's CPU as it is.
  case hostPassthrough
  /// A model of libvirt's CPU map; the name is case-sensitive.
  case named(String)

  /// What a name stands for (`cpu.model`).
  package init(_ name: String) {
    switch name {
    case "host-model": self = .hostModel
    case "host-passthrough": self = .hostPassthrough
    default: self = .named(name)
    }
  }
}
