import Addresses

/// Asks the supervisor for a network namespace on an attachment's VLAN: POST /v1/namespaces.
public struct ProgramNamespaceRequest: Codable, Sendable, Hashable {
  /// Which address the namespace gets.
  public enum Address: Codable, Sendable, Hashable {
    /// The server's where nothing serves, else a free one of the server's network.
    case chosen
    /// This one.
    case given(IPv4Network)
    /// None: the program asks a DHCP server, or wants none.
    case none
  }

  /// The attachment, as the plan's titles have it.
  public var attachment: String
  /// Another VLAN than the attachment's, 0 for untagged; `nil` for the attachment's.
  public var vlan: Int?
  /// The address.
  public var address: Address
  /// Whether it is the server's own namespace that is asked for, and no new one is made.
  public var ofServer: Bool

  /// A request.
  public init(attachment: String, vlan: Int?, address: Address, ofServer: Bool) {
    self.attachment = attachment
    self.vlan = vlan
    self.address = address
    self.ofServer = ofServer
  }
}

/// A network namespace of the lab in which a program can run.
public struct ProgramNamespace: Codable, Sendable, Hashable {
  /// Its name, as `ip netns` has it in the sandbox.
  public var name: String
  /// What the program's environment says of it.
  public var variables: [String: String]
  /// Whether it goes when the program ends.
  public var isTemporary: Bool

  /// A namespace.
  public init(name: String, variables: [String: String], isTemporary: Bool) {
    self.name = name
    self.variables = variables
    self.isTemporary = isTemporary
  }
}
