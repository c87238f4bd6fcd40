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

  /// Whether each whole percent of a transfer is an event.
  let tellsProgress: Bool
  /// 0 for the network whose frames were captured as they are, else the number of one inside tunnels.
  let network: Int
  /// What all networks of a capture have together.
  var shared = Shared()
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
  private var idleClients = 0

  /// What all networks of a capture have together: it goes from tracker to tracker.
  struct Shared: Sendable {
    /// The last frames, of whichever network.
    var echo = FrameEcho()
    /// Exchanges, transfers and questions that are kept.
    fileprivate var records = 0
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
  /// - Parameter tellsProgress: whether each whole percent of a transfer is an event.
  package init(stallTime: Double = 5, arpTime: Double = 2, tellsProgress: Bool = true) {
    self.stallTime = stallTime
    self.arpTime = arpTime
    self.tellsProgress = tellsProgress
    network = 0
  }

  /// A tracker of a network inside tunnels, with its number.
  init(network: Int, like outside: WireTracker) {
    stallTime = outside.stallTime
    arpTime = outside.arpTime
    tellsProgress = outside.tellsProgress
    self.network = network
  }

  /// How many clients, and how many entries of each table, are held.
  var capacity: Int { network == 0 ? Limits.clients : Limits.clientsInTunnels }
  private var idleCapacity: Int {
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

  /// Notes that a host speaks with another over IPv4 from an address of its own.
  private mutating func noteConversation(_ packet: IPv4Packet, of frame: Frame) {
    // An address of 169.254.0.0/16 is what a host takes that was given none (RFC 3927).
    guard packet.source != .any, packet.source.rawValue >> 16 != 0xa9fe,
      !frame.destination.isMulticast
    else { return }
    clients[frame.source]?.sendsOverIPv4 = true
    clients[frame.destination]?.receivesOverIPv4 = true
  }

  private mutating func count(_ frame: Frame, at time: Timestamp, number: Int) {
    // A trace is large: it is changed where it is.
    if let receiver = clients.index(forKey: frame.destination) {
      clients.values[receiver].framesReceived += 1
    }
    guard !frame.source.isMulticast, !frame.source.isUnspecified else { return }
    if clients.index(forKey: frame.source) == nil {
      guard idleClients < idleCapacity, clients.count < capacity else {
        untrackedFrames += 1
        return
      }
      idleClients += 1
      clients[frame.source] = ClientTrace(mac: frame.source, firstSeen: time)
    }
    guard let sender = clients.index(forKey: frame.source) else { return }
    clients.values[sender].take(Int(frame.vlan?.rawValue ?? 0), at: time)
    if frame.tags.count > 1 {
      clients.values[sender].take(frame.tags, PacketReference(frame: number, time: time))
    }
  }

  /// Changes a client's trace, making it if needed; `nil` when there are too many clients.
  @discardableResult
  mutating func update<Result>(
    _ mac: MACAddress, at time: Timestamp, _ change: (inout ClientTrace) -> Result
  ) -> Result? {
    if clients.index(forKey: mac) == nil {
      guard clients.count < capacity else {
        untrackedFrames += 1
        return nil
      }
      clients[mac] = ClientTrace(mac: mac, firstSeen: time)
      idleClients += 1
    }
    guard let place = clients.index(forKey: mac) else { return nil }
    if clients.values[place].isIdle {
      clients.values[place].isIdle = false
      idleClients -= 1
    }
    open.insert(mac)
    return change(&clients.values[place])
  }

  /// Whether another exchange, transfer or question may be kept; counts it.
  mutating func admit() -> Bool {
    guard shared.records < Limits.records else { return false }
    shared.records += 1
    return true
  }

  /// Who a client's address belongs to: whom a server gave it, else the sender of the frame.
  func owner(of address: IPAddress, else mac: MACAddress) -> MACAddress {
    guard let owner = owners[address], owner != mac, case .v4(let address) = address,
      let sender = clients[mac]
    else { return owners[address] ?? mac }
    // An address that was given to two machines is each one's own.
    let isSendersToo = sender.exchanges.contains { exchange in
      exchange.acks.contains { $0.address == address }
    }
    return isSendersToo ? mac : owner
  }

  /// A frame seen before without a tag shows itself with one: what was noted gets its VLAN.
  private mutating func adopt(_ frame: Frame, earlier: VLANID?) {
    guard let vlan = frame.vlan ?? earlier, frame.vlan == nil || earlier == nil else { return }
    clients[frame.source]?.adopt(vlan, isCounted: earlier == nil)
    if frame.destination != .broadcast {
      clients[frame.destination]?.adoptInTransfers(vlan)
      clients[frame.destination]?.adoptInExchanges(vlan)
    }
  }

  /// ` on VLAN 100`, or ` untagged`.
  static func place(_ vlan: VLANID?) -> String {
    guard let vlan else { return " untagged" }
    return " on VLAN \(vlan)"
  }
}
