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

  /// The model as written; `nil` leaves it to the cluster.
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

/// A CPU model and why it is this one.
package struct CPUModelChoice: Hashable, Sendable {
  /// What the domain gets.
  package enum Model: Hashable, Sendable {
    /// The host's model, as libvirt names it.
    case hostModel
    /// The host's CPU as it is.
    case hostPassthrough
    /// A model of libvirt's CPU map; the name is case-sensitive.
    case named(String)
  }

  /// Who said so.
  package enum Source: String, Codable, Hashable, Sendable {
    /// The machine's `cpu.model`.
    case machine
    /// The HyperConverged's `defaultCPUModel`.
    case cluster
    /// Nobody: KubeVirt's own default.
    case `default`
  }

  /// What the domain gets.
  package var model: Model
  /// Who said so.
  package var source: Source

  /// The model by precedence: the machine's, the cluster's default, host-model.
  package init(machine: String?, cluster: String?) {
    func model(_ name: String) -> Model {
      switch name {
      case "host-model": .hostModel
      case "host-passthrough": .hostPassthrough
      default: .named(name)
      }
    }
    if let machine, !machine.isEmpty {
      self.model = model(machine)
      source = .machine
    } else if let cluster, !cluster.isEmpty {
      self.model = model(cluster)
      source = .cluster
    } else {
      self.model = .hostModel
      source = .default
    }
  }
}
