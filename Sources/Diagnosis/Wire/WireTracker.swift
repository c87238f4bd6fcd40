import Addresses
import PXEWire

/// Follows every client on the wire from its frames: DHCP exchanges, TFTP transfers, ARP.
public struct WireTracker: Sendable {
  /// What was seen of each source address.
  public private(set) var clients: [MACAddress: ClientTrace] = [:]
  /// Seconds without progress after which an open transfer counts as stalled.
  public let stallTime: Double
  /// Seconds after which a repeated ARP request counts as unanswered.
  public let arpTime: Double

  private var echo = FrameEcho()
  /// Where the transfer with a client's transfer ID stands in its trace.
  var transferIndex: [TransferID: (mac: MACAddress, index: Int)] = [:]
  /// File sizes that servers stated, by server and file.
  var knownSizes: [SizeKey: Int] = [:]

  struct TransferID: Hashable, Sendable {
    let client: IPAddress
    let port: UInt16
  }

  struct SizeKey: Hashable, Sendable {
    let server: IPAddress
    let file: String
  }

  /// A tracker that has seen nothing.
  public init(stallTime: Double = 5, arpTime: Double = 2) {
    self.stallTime = stallTime
    self.arpTime = arpTime
  }

  /// What was seen of one address; `nil` if no frame came from it.
  public func trace(of mac: MACAddress) -> ClientTrace? { clients[mac] }

  /// Takes a frame in, in the order of capture, and returns what it brought about.
  public mutating func observe(_ frame: Frame, at time: Timestamp, number: Int) -> [WireEvent] {
    if let earlier = echo.earlierVLAN(of: frame, at: time) {
      adopt(frame, earlier: earlier)
      return []
    }
    count(frame, at: time)
    var events: [WireEvent] = []
    if time >= nextSweep {
      events = advance(to: time)
      nextSweep = Timestamp(nanoseconds: time.nanoseconds &+ Self.sweepInterval)
    }
    let context = Context(frame: frame, time: time, number: number)
    switch frame.payload {
    case .arp(let packet):
      observe(packet, context)
    case .ipv4(let packet):
      switch packet.payload {
      case .udp(let datagram):
        events += observe(datagram, in: packet, context)
      case .icmp(let message):
        events += observe(message, in: packet, context)
      case .fragment, .other, .malformed:
        break
      }
    case .other, .malformed:
      break
    }
    return events
  }

  /// Lets time pass without a frame and returns what its passing brought about: stalled transfers
  /// and unanswered ARP requests. Call it at the end of a capture, and now and then while live.
  public mutating func advance(to time: Timestamp) -> [WireEvent] {
    var events: [WireEvent] = []
    for mac in open {
      guard var trace = clients[mac] else { continue }
      for index in trace.transfers.indices {
        let transfer = trace.transfers[index]
        guard transfer.isOpen, !trace.stalled.contains(index),
          time.seconds(since: transfer.lastProgress) >= stallTime
        else { continue }
        trace.stalled.insert(index)
        events.append(
          WireEvent(
            kind: .tftpStalled, time: time, frame: 0, mac: mac, vlan: transfer.vlan,
            text: "TFTP \(transfer.file) stalled at \(Self.progress(of: transfer)), "
              + "no packet for \(Quantity.seconds(stallTime))",
            dhcp: nil, tftp: transfer.detail))
      }
      for index in trace.unansweredARP.indices {
        let request = trace.unansweredARP[index]
        guard !request.reported, time.seconds(since: request.since) >= arpTime,
          trace.bootServers.contains(.v4(request.address))
        else { continue }
        trace.unansweredARP[index].reported = true
        events.append(
          WireEvent(
            kind: .arpUnanswered, time: time, frame: 0, mac: mac, vlan: request.vlan,
            text: "ARP for \(request.address) has no answer\(Self.place(request.vlan)), "
              + "asked \(request.count) times", dhcp: nil, tftp: nil))
      }
      clients[mac] = trace
      if !trace.hasOpenWork { open.remove(mac) }
    }
    return events
  }

  /// The clients with a transfer or an ARP request that time may still tell about.
  private var open: Set<MACAddress> = []
  /// When to look at them again.
  private var nextSweep = Timestamp(nanoseconds: .min)
  /// A fifth of a second, so that a busy wire does not mean a look per frame.
  private static let sweepInterval: Int64 = 200_000_000

  struct Context {
    let frame: Frame
    let time: Timestamp
    let number: Int
    var vlan: VLANID? { frame.vlan }
    var packet: PacketReference { PacketReference(frame: number, time: time) }
  }

  private mutating func count(_ frame: Frame, at time: Timestamp) {
    let key = Int(frame.vlan?.rawValue ?? 0)
    clients[frame.source, default: ClientTrace(mac: frame.source, firstSeen: time)]
      .take(key, at: time)
  }

  /// Changes a client's trace, making it if needed.
  mutating func update<Result>(
    _ mac: MACAddress, at time: Timestamp, _ change: (inout ClientTrace) -> Result
  ) -> Result {
    let result = change(&clients[mac, default: ClientTrace(mac: mac, firstSeen: time)])
    open.insert(mac)
    return result
  }

  /// A frame seen before without a tag shows itself with one: what was noted gets its VLAN.
  private mutating func adopt(_ frame: Frame, earlier: VLANID?) {
    guard earlier == nil, let vlan = frame.vlan else { return }
    clients[frame.source]?.adopt(vlan)
    if frame.destination != .broadcast { clients[frame.destination]?.adoptInTransfers(vlan) }
  }

  private mutating func observe(_ packet: ARPPacket, _ context: Context) {
    if packet.isReply {
      clients[packet.targetMAC]?.unansweredARP.removeAll { $0.address == packet.senderAddress }
    } else if packet.isRequest, !packet.isProbeOrAnnouncement {
      update(packet.senderMAC, at: context.time) { trace in
        trace.ask(packet.targetAddress, vlan: context.vlan, context.packet)
      }
    }
  }

  private mutating func observe(
    _ datagram: UDPDatagram, in packet: IPv4Packet, _ context: Context
  ) -> [WireEvent] {
    switch (datagram.sourcePort, datagram.destinationPort) {
    case (_, 67), (67, 68), (_, 4011), (4011, _):
      observeDHCP(datagram, in: packet, context)
    default:
      observeTFTP(datagram, in: packet, context)
    }
  }

  private mutating func observe(
    _ message: ICMPMessage, in packet: IPv4Packet, _ context: Context
  ) -> [WireEvent] {
    guard let meaning = message.meaning, let original = message.original,
      clients[context.frame.destination]?.exchanges.isEmpty == false
    else { return [] }
    let port = original.destinationPort.map { " port \($0)" } ?? ""
    return [
      WireEvent(
        kind: .icmpUnreachable, time: context.time, frame: context.number,
        mac: context.frame.destination, vlan: context.vlan,
        text: "ICMP \(meaning): \(original.destination)\(port), says \(packet.source)",
        dhcp: nil, tftp: nil)
    ]
  }

  /// ` on VLAN 100`, or ` untagged`.
  static func place(_ vlan: VLANID?) -> String {
    guard let vlan else { return " untagged" }
    return " on VLAN \(vlan)"
  }
}
