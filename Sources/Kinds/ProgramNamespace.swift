import Addresses

/// Asks the supervisor for a network namespace on an attachment's VLAN.
package struct ProgramNamespaceRequest: Codable, Sendable, Hashable {
  /// Which address the namespace gets.
  package enum Address: Codable, Sendable, Hashable {
    /// The server's where nothing serves, else a free one of the server's network.
    case chosen
    /// This one.
    case given(IPv4Network)
    /// None: the program asks a DHCP server, or wants none.
    case none
  }

  /// The attachment, as the plan's titles have it.
  package var attachment: String
  /// Another VLAN than the attachment's, 0 for untagged; `nil` for the attachment's.
  package var vlan: Int?
  /// The address.
  package var address: Address
  /// Whether it is the server's own namespace that is asked for, and no new one is made.
  package var ofServer: Bool
  /// The asker's identity, 16 hexadecimal digits, in the name of a file that it has locked
  /// (`LabPaths.programLock`) and removes when it has made an end of the namespace: where the file is there
  /// and nobody holds it, the asker was killed, and the namespace goes.
  package var holder: String?

  /// A request.
  package init(attachment: String, vlan: Int?, address: Address, ofServer: Bool) {
    self.attachment = attachment
    self.vlan = vlan
    self.address = address
    self.ofServer = ofServer
  }
}

/// A network namespace of the lab in which a program can run.
package struct ProgramNamespace: Codable, Sendable, Hashable {
  /// Its name, as `ip netns` has it in the sandbox.
  package var name: String
  /// What the program's environment says of it.
  package var variables: [String: String]
  /// Whether it goes when the program ends.
  package var isTemporary: Bool

  /// A namespace.
  package init(name: String, variables: [String: String], isTemporary: Bool) {
    self.name = name
    self.variables = variables
    self.isTemporary = isTemporary
  }
}
