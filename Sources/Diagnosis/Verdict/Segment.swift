import Addresses
import PXEWire

/// What a capture holds besides the machine that is judged. Made once for a capture.
package struct Segment: Sendable {
  /// When the first packet was captured; `nil` in a lab, which is judged while its capture goes on.
  package let begin: Timestamp?
  /// When the last packet was captured; `nil` where the capture went on past all that is judged.
  package private(set) var end: Timestamp?
  /// Captures of which it was put together without sorting, by their times.
  private let periods: [ClosedRange<Timestamp>]
  /// Whether nothing but DHCP and DHCPv6 was captured, as by a filter.
  let hasOnlyDHCP: Bool
  /// Whether any client looks for something to boot.
  package let hasBoot: Bool
  /// What was seen of each VLAN.
  package let traces: [SegmentTrace]
  /// The servers that gave or offered addresses, each with its VLAN.
  let servers: [Evidence.KnownServer]
  /// The last ACKs to different clients, by where they asked.
  private let grants: [Place: [Grant]]

  /// Pairs of tags, outermost first, with which clients were answered.
  private let answeredTags: Set<[UInt16]>

  /// An address that was given.
  struct Grant: Sendable {
    let mac: MACAddress
    let reply: DHCPExchange.Reply
  }

  private struct Place: Hashable {
    let vlan: VLANID?
    let relays: [IPv4Address]
  }

  private struct Server: Hashable {
    let address: IPv4Address
    let vlan: VLANID?
  }

  /// A capture; what is left out is not known.
  package init(
    begin: Timestamp? = nil, end: Timestamp? = nil, periods: [ClosedRange<Timestamp>] = [],
    clients: [MACAddress: ClientTrace] = [:], traces: [SegmentTrace] = [], hasOnlyDHCP: Bool = false
  ) {
    self.hasOnlyDHCP = hasOnlyDHCP
    self.begin = begin
    self.end = end
    self.periods = periods
    self.traces = traces
    hasBoot = clients.values.contains(where: \.looksForBoot)
    var seen: Set<Server> = []
    var servers: [Evidence.KnownServer] = []
    var grants: [Place: [Grant]] = [:]
    for client in clients.values.sorted(by: { $0.mac.rawValue < $1.mac.rawValue }) {
      for exchange in client.exchanges {
        for reply in exchange.offers + exchange.acks where reply.address != nil {
          let server = Server(address: reply.server, vlan: exchange.vlan)
          guard seen.insert(server).inserted else { continue }
          servers.append(
            Evidence.KnownServer(
              address: reply.server, vlan: exchange.vlan, attachment: "", field: ""))
        }
        let place = Place(vlan: exchange.vlan, relays: exchange.relays)
        if let reply = exchange.acks.last(where: { $0.address != nil }) {
          var list = grants[place] ?? []
          list.removeAll { $0.mac == client.mac }
          list.append(Grant(mac: client.mac, reply: reply))
          grants[place] = list.suffix(8)
        }
      }
    }
    self.servers = servers
    self.grants = grants
    answeredTags = Set(
      clients.values.filter { $0.exchanges.contains { !$0.isUnanswered } }
        .flatMap { $0.doubleTags.map { [$0.outer, $0.inner] } })
  }

  /// The same as it was at a moment.
  func until(_ time: Timestamp) -> Segment {
    var earlier = self
    earlier.end = time
    return earlier
  }

  /// Whether it is a file, which may be cut off anywhere.
  var isFile: Bool { begin != nil }

  /// How long the capture went on after a moment, in seconds; without end where that is not known.
  func seconds(after time: Timestamp) -> Double {
    let end = periods.filter { $0.contains(time) }.map(\.upperBound).min() ?? end
    return end.map { max(0, $0.seconds(since: time)) } ?? .infinity
  }

  /// Whether any client was answered whose frames carry two tags: a provider's network is so on purpose.
  func answers(_ tags: ClientTrace.DoubleTag) -> Bool {
    answeredTags.contains([tags.outer, tags.inner])
  }

  /// Some of the addresses given to others who ask where a client asks, oldest first.
  func grants(beside exchange: DHCPExchange, of mac: MACAddress) -> [DHCPExchange.Reply] {
    let place = Place(vlan: exchange.vlan, relays: exchange.relays)
    return (grants[place] ?? []).filter { $0.mac != mac }.map(\.reply)
      .sorted { $0.time < $1.time }
  }
}
