import Addresses
import PXEWire

/// Follows every client of one network from its frames: DHCP of both versions, TFTP, HTTP, name and
/// address resolution. Its memory is bounded, whatever the frames say. What tunnels carry is another
/// network's: ``TunnelledNetworks`` follows that.
package struct WireTracker: Sendable {
  /// What was seen of each source address, and of each client that a server or relay agent speaks
  /// of.
  package internal(set) var clients: [MACAddress: ClientTrace] = [:]
  /// What was seen of each VLAN; key 0 stands for untagged frames.
  package internal(set) var segments: [Int: SegmentTrace] = [:]
  /// Frames from addresses beyond the number that is followed.
  package internal(set) var untrackedFrames = 0
  /// Frames with a part that does not decode.
  package internal(set) var malformedFrames = 0
  /// Seconds without progress after which an open transfer counts as stalled.
  package let stallTime: Double
  /// Seconds after which a repeated ARP request counts as unanswered.
  package let arpTime: Double

  /// Whether what happens is told as events, each whole percent of a transfer among them. Where nobody
  /// looks at events, most are not even made.
  let tellsEvents: Bool
  /// 0 for the network whose frames were captured as they are, else the number of one inside tunnels.
  let network: Int
  /// What all networks of a capture have together.
  var shared = Shared()
  /// The client that the last packet was about, besides its frame's sender and receiver.
  var concerned: MACAddress?
  /// What the last packet that was taken in carries for a network inside a tunnel.
  var carried: Encapsulation?
  /// The network in which the last frame was seen just before, if that is another.
  var otherNetwork: Int?
  var reassembler = FragmentReassembler()
  /// Where the transfer with a client's transfer ID stands in its trace.
  var transferIndex: [TransferID: (mac: MACAddress, index: Int)] = [:]
  /// What may be transfers whose requests are not in the capture.
  var candidates = TransferCandidates()
  /// File sizes that servers stated, by server and file.
  var knownSizes: [SizeKey: Int] = [:]
  /// TCP connections that may carry HTTP.
  var connections = ConnectionTable()
  /// Who was given an address: the client behind a router is not the sender of its frames.
  var owners: [IPAddress: MACAddress] = [:]
  /// Who speaks under a DUID.
  var identifiedMACs: [DHCPUniqueIdentifier: MACAddress] = [:]
  /// Servers that DHCP named to any client.
  var namedServers: Set<IPAddress> = []
  /// Who answers for an address on a VLAN.
  var claims: [Claim: MACAddress] = [:]
  private var frames = 0
  private var dhcpFrames = 0
  /// Addresses of which nothing but frames was seen.
  var idleClients = 0

  /// What all networks of a capture have together: it goes from tracker to tracker.
  struct Shared: Sendable {
    /// The last frames, of whichever network.
    var echo = FrameEcho()
    /// Exchanges, transfers and questions that are kept.
    var records = 0
  }

  struct TransferID: Hashable, Sendable {
    let client: IPAddress
    let port: UInt16
  }

  struct SizeKey: Hashable, Sendable {
    let server: IPAddress
    let file: String
  }

  struct Claim: Hashable, Sendable {
    let address: IPAddress
    let vlan: VLANID?
  }

  /// A tracker that has seen nothing.
  ///
  /// - Parameter tellsEvents: whether what happens is told as events.
  package init(stallTime: Double = 5, arpTime: Double = 2, tellsEvents: Bool = true) {
    self.stallTime = stallTime
    self.arpTime = arpTime
    self.tellsEvents = tellsEvents
    network = 0
  }

  /// A tracker of a network inside tunnels, with its number.
  init(network: Int, like outside: WireTracker) {
    stallTime = outside.stallTime
    arpTime = outside.arpTime
    tellsEvents = outside.tellsEvents
    self.network = network
  }

  /// How many clients, and how many entries of each table, are held.
  var capacity: Int { network == 0 ? Limits.clients : Limits.clientsInTunnels }
  var idleCapacity: Int {
    network == 0 ? Limits.idleClients : Limits.idleClientsInTunnels
  }

  /// Whether every frame carried DHCP or DHCPv6, as in a capture that was filtered so.
  package var hasOnlyDHCP: Bool { frames > 0 && frames == dhcpFrames }

  /// What was seen of one address; `nil` if no frame came from it and nothing was said of it.
  package func trace(of mac: MACAddress) -> ClientTrace? { clients[mac] }

  /// Takes a frame in, in the order of capture, and returns what it brought about.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - time: when it was captured.
  ///   - number: its number in the capture, from 1.
  ///   - interface: which of several interfaces it was captured on, if that is known: a frame that
  ///     passes two of them is one.
  ///   - tunnels: a number for the tunnels that it came through; 0 for none.
  package mutating func observe(
    _ frame: Frame, at time: Timestamp, number: Int, interface: Int? = nil, tunnels: Int = 0
  ) -> [WireEvent] {
    carried = nil
    otherNetwork = nil
    concerned = nil
    if let earlier = shared.echo.earlierSighting(
      of: frame, at: time, interface: interface, network: network, tunnels: tunnels)
    {
      if earlier.network == network {
        adopt(frame, earlier: earlier.vlan)
      } else {
        otherNetwork = earlier.network
      }
      return []
    }
    frames += 1
    count(frame, at: time, number: number)
    var events: [WireEvent] = []
    if time >= nextSweep {
      events = advance(to: time)
      nextSweep = Timestamp(nanoseconds: time.nanoseconds &+ Self.sweepInterval)
    }
    switch frame.payload {
    case .arp(let packet):
      observe(packet, frame, at: time, number: number)
    case .spanningTree(let unit):
      observe(unit, frame, at: time, number: number)
    case .ipv4(let packet):
      noteConversation(packet, of: frame)
      let context = Context(
        frame: frame, time: time, number: number, source: .v4(packet.source),
        destination: .v4(packet.destination))
      events += observe(
        packet.payload, FragmentReassembler.Fragment(packet, vlan: frame.vlan), context)
    case .ipv6(let packet):
      let context = Context(
        frame: frame, time: time, number: number, source: .v6(packet.source),
        destination: .v6(packet.destination))
      events += observe(
        packet.payload, FragmentReassembler.Fragment(packet, vlan: frame.vlan), context)
    case .encapsulation(let encapsulation):
      carried = encapsulation
    case .malformed:
      malformedFrames += 1
      clients[frame.source]?.malformed += 1
    case .other:
      observeStorage(frame, PacketReference(frame: number, time: time))
    }
    return events
  }

  /// The clients with a transfer or a question that time may still tell about.
  var open: Set<MACAddress> = []
  /// When to look at them again.
  private(set) var nextSweep = Timestamp(nanoseconds: .min)
  /// A fifth of a second, so that a busy wire does not mean a look per frame.
  private static let sweepInterval: Int64 = 200_000_000

  struct Context {
    let frame: Frame
    let time: Timestamp
    let number: Int
    let source: IPAddress
    let destination: IPAddress
    /// How many fragments the datagram came in.
    var fragments = 1
    var vlan: VLANID? { frame.vlan }
    var packet: PacketReference { PacketReference(frame: number, time: time) }
  }

  /// Takes what a packet carries in; of a fragment, the datagram that it completes.
  private mutating func observe(
    _ payload: TransportPayload, _ fragment: FragmentReassembler.Fragment?, _ context: Context
  ) -> [WireEvent] {
    guard let fragment else { return observe(payload, context) }
    switch reassembler.take(fragment, at: context.time, frame: context.number) {
    case .pending:
      return []
    case .whole(let payload, let fragments):
      var context = context
      context.fragments = fragments
      return observe(payload, context)
    case .overlapping(let datagram):
      return giveUp([datagram], at: context.time, vlan: context.vlan)
    }
  }

  private mutating func observe(
    _ payload: TransportPayload, _ context: Context
  ) -> [WireEvent] {
    switch payload {
    case .udp(let datagram):
      switch (datagram.sourcePort, datagram.destinationPort) {
      case (67, _) where datagram.isBootReply, (_, 68) where datagram.isBootReply,
        (_, 67), (67, 68), (_, 4011), (4011, _):
        guard context.source.v4 != nil else { return [] }
        dhcpFrames += 1
        return observeDHCP(datagram, context)
      case (_, 547), (547, _), (_, 546):
        guard context.source.v6 != nil else { return [] }
        dhcpFrames += 1
        return observeDHCPv6(datagram, context)
      case (_, 53), (53, _):
        return observeDNS(datagram, context)
      default:
        carried = Encapsulation(datagram, from: context.source, to: context.destination)
        return carried == nil ? observeTFTP(datagram, context) : []
      }
    case .encapsulation(let encapsulation):
      carried = encapsulation
      return []
    case .tcp(let segment):
      return observeTCP(segment, context)
    case .icmp(let message):
      guard let meaning = message.meaning, let original = message.original else { return [] }
      return observe(meaning, original, mtu: message.mtu, context)
    case .icmpv6(let message):
      if let discovery = message.discovery { return observe(discovery, context) }
      guard let meaning = message.meaning, let original = message.original else { return [] }
      return observe(meaning, original, mtu: message.mtu, context)
    case .malformed:
      malformedFrames += 1
      clients[context.frame.source]?.malformed += 1
      return []
    case .fragment, .other:
      return []
    }
  }

  /// ` on VLAN 100`, or ` untagged`.
  static func place(_ vlan: VLANID?) -> String {
    guard let vlan else { return " untagged" }
    return " on VLAN \(vlan)"
  }
}
