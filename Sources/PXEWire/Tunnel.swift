import Addresses

/// A tunnel that a captured packet belongs to: what kind, which of the networks that it keeps apart,
/// and between whom.
package struct Tunnel: Hashable, Sendable {
  /// What kind.
  package let kind: Kind
  /// VNI, VSID, key or session ID, as the kind has it; `nil` where the header has none.
  package let identifier: UInt32?
  /// The MPLS labels, outermost first; empty for the other kinds.
  package let labels: [UInt32]
  /// Its two ends, sender first; `nil` for MPLS, which has no addresses.
  package let ends: Ends?

  /// The addresses of a packet that carries another.
  package struct Ends: Hashable, Sendable {
    /// The sender.
    package let source: IPAddress
    /// The receiver.
    package let destination: IPAddress

    /// The ends of a tunnel.
    package init(source: IPAddress, destination: IPAddress) {
      self.source = source
      self.destination = destination
    }

    /// The same tunnel the other way.
    var reversed: Ends { Ends(source: destination, destination: source) }
  }

  /// The kinds of tunnel that are read.
  package enum Kind: String, Hashable, Sendable {
    /// RFC 7348, with the protocol extension (draft-ietf-nvo3-vxlan-gpe) too.
    case vxlan = "VXLAN"
    /// RFC 8926.
    case geneve = "GENEVE"
    /// RFC 2784 and 2890.
    case gre = "GRE"
    /// RFC 7637: GRE whose key holds a virtual subnet.
    case nvgre = "NVGRE"
    /// IPv4 or IPv6 in IP (RFC 2003, 2473, 4213).
    case ipInIP = "IP in IP"
    /// Labels (RFC 3032) before IP, or before Ethernet as a pseudowire (RFC 4448).
    case mpls = "MPLS"
    /// Mirrored frames behind a plain GRE header.
    case erspan1 = "ERSPAN type I"
    /// draft-foschiano-erspan-03 section 4.
    case erspan2 = "ERSPAN type II"
    /// The same draft, section 5.
    case erspan3 = "ERSPAN type III"
    /// TaZmen Sniffer Protocol, which MikroTik's routers and access points mirror with.
    case tzsp = "TZSP"

    /// Whether it copies frames from somewhere, so that its sessions are no networks.
    var isMirror: Bool {
      switch self {
      case .erspan1, .erspan2, .erspan3, .tzsp: true
      case .vxlan, .geneve, .gre, .nvgre, .ipInIP, .mpls: false
      }
    }
  }

  init(_ kind: Kind, identifier: UInt32? = nil, labels: [UInt32] = [], ends: Ends? = nil) {
    self.kind = kind
    self.identifier = identifier
    self.labels = labels
    self.ends = ends
  }

  /// What tells the networks apart that tunnels carry. Packets of one network share it, whichever
  /// way they go and between whichever hosts.
  package struct Network: Hashable, Sendable {
    private let kind: Kind?
    private let identifier: UInt32?
    private let ends: Set<IPAddress>

    fileprivate init(_ tunnel: Tunnel) {
      // The two ways of a pseudowire have labels of their own, and each mirrored port may have a
      // session of its own: there it is the frames that tell.
      kind = tunnel.kind.isMirror ? nil : tunnel.kind
      identifier = tunnel.kind.isMirror ? nil : tunnel.identifier
      let isBetweenTwo = identifier == nil && !tunnel.kind.isMirror
      ends = isBetweenTwo ? tunnel.ends.map { [$0.source, $0.destination] } ?? [] : []
    }
  }

  /// The network that it carries.
  package var network: Network { Network(self) }

  /// The same tunnel the other way.
  package var reversed: Tunnel {
    Tunnel(kind, identifier: identifier, labels: labels, ends: ends?.reversed)
  }

  /// `VXLAN, VNI 42`.
  package var name: String {
    if !labels.isEmpty {
      let list = labels.map { "\($0)" }.joined(separator: ", ")
      return "\(kind.rawValue), label\(labels.count == 1 ? "" : "s") \(list)"
    }
    guard let identifier else { return kind.rawValue }
    let word =
      switch kind {
      case .vxlan, .geneve: "VNI"
      case .nvgre: "VSID"
      case .erspan1, .erspan2, .erspan3: "session"
      case .gre, .ipInIP, .mpls, .tzsp: "key"
      }
    return "\(kind.rawValue), \(word) \(identifier)"
  }
}

extension Tunnel: CustomStringConvertible {
  /// `VXLAN, VNI 42, 10.0.0.1 to 10.0.0.2`.
  package var description: String {
    ends.map { "\(name), \($0.source) to \($0.destination)" } ?? name
  }
}
