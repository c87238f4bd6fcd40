import LabManifest

/// What of a lab is planned: all of it, or what one agent carries out.
package enum NodeRole: Hashable, Sendable {
  /// All of it, wherever and whether machines run: what commands look at.
  case lab
  /// The only node of a lab: its machines, its network and what is served.
  case only(String)
  /// One of several nodes: its machines, and its bridges with an uplink each.
  case node(String)
  /// What is between several nodes: a switch for each network, what is served there, and the uplinks
  /// to the host.
  case fabric

  /// What the fabric's agent is called, where a node has its name.
  package static let fabricName = LabNode.fabricName
  /// The network namespace of the fabric, by which a node's uplinks are put there.
  package static let fabricNamespace = "pxelab_fabric"

  /// The role of an agent by its name and how many nodes the lab has.
  package init(agent name: String, nodes: Int) {
    self = nodes == 1 ? .only(name) : name == Self.fabricName ? .fabric : .node(name)
  }

  /// What the agent that carries it out is called; `nil` of ``lab``.
  package var agent: String? {
    switch self {
    case .lab: nil
    case .only(let name), .node(let name): name
    case .fabric: Self.fabricName
    }
  }

  /// Whether machines run there.
  package var hasMachines: Bool { self != .fabric }
  /// Whether boot servers and the host's interfaces are there.
  package var serves: Bool {
    if case .node = self { false } else { true }
  }
  /// What people call a program of the agent's: where there are several agents, with the agent's name.
  package func title(of program: String) -> String {
    guard isPart, let agent else { return program }
    return "\(program) of \(agent)"
  }
  /// What people call a bridge of that name there: where there are several agents, with whose it is.
  package func title(ofBridge name: String) -> String {
    switch self {
    case .lab, .only: name
    case .node(let node): "\(node)'s \(name)"
    case .fabric: "the fabric's \(name)"
    }
  }
  /// What is before a name that all nodes would make of the same thing.
  var prefix: String {
    if case .node(let name) = self { "\(name)/" } else { "" }
  }
  /// Whether it is one of several agents, whose programs are told apart by its name.
  package var isPart: Bool {
    switch self {
    case .lab, .only: false
    case .node, .fabric: true
    }
  }
}
