import ExternalCommand

/// What a lab's launch tells the supervisor that it starts inside the sandbox.
package struct SupervisedLab: Equatable, Sendable {
  /// The folder of all labs' state.
  package var state: String
  /// The folder of what pxelab keeps to be faster, libvirt's knowledge of QEMU among it.
  package var cache: String
  /// The lab's name.
  package var lab: String
  /// The nodes' names, in the lab's order.
  package var nodes: [String]
  /// Whether guests run by KVM, else by QEMU's TCG.
  package var usesKVM: Bool
  /// Whether QEMU runs as a user of the lab's own (``EmulatorUser``).
  package var hasOwnUser: Bool

  /// The role of pxelab-lab, its first argument.
  package static let role = "supervise"
  private static let kvm = "--kvm"
  private static let ownUser = "--own-user"

  /// A lab with these folders and nodes.
  package init(
    state: String, cache: String, lab: String, nodes: [String], usesKVM: Bool, hasOwnUser: Bool
  ) {
    self.state = state
    self.cache = cache
    self.lab = lab
    self.nodes = nodes
    self.usesKVM = usesKVM
    self.hasOwnUser = hasOwnUser
  }

  /// What ``arguments`` say behind the role; `nil` for arguments of another form.
  package init?(_ arguments: [String]) {
    let flags = arguments.prefix { [Self.kvm, Self.ownUser].contains($0) }
    let words = arguments.dropFirst(flags.count)
    guard words.count > 3, !words.contains(where: { $0.hasPrefix("-") }) else { return nil }
    let first = words.startIndex
    self.init(
      state: words[first], cache: words[first + 1], lab: words[first + 2],
      nodes: Array(words[(first + 3)...]), usesKVM: flags.contains(Self.kvm),
      hasOwnUser: flags.contains(Self.ownUser))
  }

  /// The command line behind the program.
  package var arguments: [String] {
    [Self.role] + (usesKVM ? [Self.kvm] : []) + (hasOwnUser ? [Self.ownUser] : [])
      + [state, cache, lab] + nodes
  }
}

extension LabPlan {
  /// Starts the lab: its sandbox, with the supervisor inside.
  ///
  /// - Parameters:
  ///   - daemon: the path of pxelab-lab.
  ///   - state: the folder of all labs' state.
  ///   - cache: the folder of what pxelab keeps to be faster.
  package func launch(_ daemon: String, state: String, cache: String) -> Command {
    let supervised = SupervisedLab(
      state: state, cache: cache, lab: lab, nodes: nodes,
      usesKVM: acceleration.choice == "kvm", hasOwnUser: sandbox.emulatorUser != nil)
    return sandbox.launch(daemon, supervised.arguments)
  }
}
