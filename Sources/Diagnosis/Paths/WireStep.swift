import Addresses
import PXEWire

/// What a client asks on its way to its boot program, in the order in which it asks as a rule. Each time
/// that it asks the same is one step.
package enum WireStep: Hashable, Sendable {
  /// A message of DHCP by its name, `BOOTP request` for one without.
  case lease(String)
  /// A message of DHCPv6 by its name.
  case leaseV6(String)
  /// IPv6 routers.
  case router
  /// The MAC address of an address.
  case neighbor(IPAddress)
  /// The address of a name.
  case name(String)
  /// A file by TFTP.
  case file(String)
  /// A TCP connection to a server's port.
  case connection(IPAddress, port: UInt16)
  /// Something over such a connection: by HTTP, TLS or iSCSI.
  case request(IPAddress, port: UInt16)
  /// Nothing: an ICMP error about a packet of the client's to an address came.
  case failure(String, about: IPAddress)

  /// The question, for a sentence.
  package var question: String {
    switch self {
    case .lease(let message), .leaseV6(let message): message
    case .router: "router solicitation"
    case .neighbor(.v4(let address)): "ARP request for \(address)"
    case .neighbor(.v6(let address)): "neighbour solicitation for \(address)"
    case .name(let name): "DNS question for \(name)"
    case .file(let file): "TFTP request for \(file)"
    case .connection(let server, let port): "SYN to \(Self.endpoint(server, port))"
    case .request(let server, let port): "request to \(Self.endpoint(server, port))"
    case .failure(let meaning, let address): "ICMP error \(meaning) about \(address)"
    }
  }

  /// What answers it, for a sentence.
  package var answer: String {
    switch self {
    case .lease("DISCOVER"): "OFFER"
    case .lease("BOOTP request"): "BOOTP reply"
    case .lease: "ACK"
    case .leaseV6("SOLICIT"): "ADVERTISE"
    case .leaseV6: "REPLY"
    case .router: "router advertisement"
    case .neighbor(.v4): "ARP reply"
    case .neighbor(.v6): "neighbour advertisement"
    case .connection: "SYN-ACK"
    case .name, .file, .request, .failure: "answer"
    }
  }

  /// Whether a fault at that stage may be that this step does not get further.
  func bears(on stage: FaultStage) -> Bool {
    switch (stage, self) {
    case (.discover, .lease), (.discover, .leaseV6), (.discover, .router): true
    case (.offer, .lease), (.offer, .leaseV6): true
    case (.lease, .lease), (.lease, .leaseV6), (.lease, .router): true
    case (.server, .lease), (.server, .leaseV6), (.server, .router): false
    case (.server, _): true
    case (.transfer, .file), (.transfer, .connection), (.transfer, .request): true
    case (.transfer, .failure), (.transfer, .neighbor): true
    default: false
    }
  }

  private static func endpoint(_ server: IPAddress, _ port: UInt16) -> String {
    server.v6 == nil ? "\(server):\(port)" : "[\(server)]:\(port)"
  }
}
