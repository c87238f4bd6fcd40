import Objects

/// A program that a lab depends on, and whether it runs.
package struct LabPart: OwnKind {
  package static let resource = GroupResource("parts", group: "pxelab.dev")
  package static let kindName = "Part"
  /// The namespace of a lab's own objects.
  package static let namespace = "pxelab"
  /// The pod network among those that depend on a program; no attachment can have the name.
  package static let podNetwork = "the pod network"

  package var metadata: ObjectMetadata
  /// What it is.
  package var spec: Spec
  /// How it is.
  package var status: Status?

  /// What the program is.
  package struct Spec: Codable, Sendable, Hashable {
    /// What people call it: `dnsmasq of pxe-net-conf`.
    package var title: String
    /// The node that it runs on.
    package var node: String?
    /// The networks that depend on it: attachments, or ``LabPart/podNetwork``; `nil` when all do.
    package var networks: [String]?
    /// Whether it is a node itself, with whose end all that runs on it ends.
    package var isNode: Bool?

    /// A program.
    package init(title: String, node: String?, networks: [String]? = nil, isNode: Bool? = nil) {
      self.title = title
      self.node = node
      self.networks = networks
      self.isNode = isNode
    }
  }

  /// How the program is.
  package enum State: String, Codable, Sendable, Hashable {
    /// It is being started for the first time.
    case starting
    /// It runs.
    case running
    /// It runs and does not answer.
    case hung
    /// It has ended and is to be started again.
    case restarting
    /// It has ended, and will not be started again.
    case failed
    /// It is a node whose power was taken away.
    case off
  }

  /// How the program is.
  package struct Status: Codable, Sendable, Hashable {
    /// How it is.
    package var state: State
    /// Since when (RFC 3339).
    package var since: String
    /// How often it was started again.
    package var restarts: Int
    /// What is wrong with it, or how it ended the last time, with its last words.
    package var message: String?

    /// A status.
    package init(state: State, since: String, restarts: Int = 0, message: String? = nil) {
      self.state = state
      self.since = since
      self.restarts = restarts
      self.message = message
    }
  }

  /// Of a node's program: whether it is there, or has ended by itself or by ``State/off``.
  package var hasEnded: Bool { status?.state == .failed || status?.state == .off }

  /// The name of a program's object: its title with what a name may have.
  package static func name(of title: String) -> String {
    let name = title.lowercased().map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
    }
    return String(name.prefix(200)).split(separator: "-").joined(separator: "-")
  }

  /// A program.
  package init(name: String, spec: Spec, status: Status? = nil) {
    metadata = ObjectMetadata(name: name, namespace: Self.namespace)
    self.spec = spec
    self.status = status
  }
}
