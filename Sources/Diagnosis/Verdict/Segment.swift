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
  package private(set) var hasBoot: Bool
  /// What was seen of each VLAN.
  package let traces: [SegmentTrace]
  /// The tunnel that all of it was inside: `VXLAN, VNI 42`; `nil` where it was captured as it is.
  let tunnel: String?
  /// The servers that gave or offered addresses, each with its VLAN, in other networks of the capture
  /// too.
  private(set) var servers: [Evidence.KnownServer]
  /// Whom the servers gave addresses.
  let activity: ServerActivity
  /// Addresses that somebody asked for by ARP, and for which nobody answered.
  private let silentAddresses: Set<IPv4Address>
  /// Where DHCPv6 gave or offered anybody an address; `nil` stands for untagged.
  private let stateful: Set<VLANID?>

  /// Pairs of tags, outermost first, with which clients were answered.
  private let answeredTags: Set<[UInt16]>

  private struct Server: Hashable {
    let address: IPv4Address
    let vlan: VLANID?
  }

  /// A capture; what is left out is not known.
  package init(
    begin: Timestamp? = nil, end: Timestamp? = nil, periods: [ClosedRange<Timestamp>] = [],
    clients: [MACAddress: ClientTrace] = [:], traces: [SegmentTrace] = [],
    hasOnlyDHCP: Bool = false, tunnel: String? = nil
  ) {
    self.hasOnlyDHCP = hasOnlyDHCP
    self.begin = begin
    self.end = end
    self.periods = periods
    self.traces = traces
    self.tunnel = tunnel
    hasBoot = clients.values.contains(where: \.looksForBoot)
    var seen: Set<Server> = []
    var servers: [Evidence.KnownServer] = []
    for client in clients.values.sorted(by: { $0.mac.rawValue < $1.mac.rawValue }) {
      for exchange in client.exchanges {
        for reply in exchange.offers + exchange.acks where reply.address != nil {
          let server = Server(address: reply.server, vlan: exchange.vlan)
          guard seen.insert(server).inserted else { continue }
          servers.append(
            Evidence.KnownServer(
              address: reply.server, vlan: exchange.vlan, attachment: "", field: "",
              tunnel: tunnel))
        }
      }
    }
    self.servers = servers
    activity = ServerActivity(clients)
    silentAddresses = Set(clients.values.flatMap { $0.unansweredARP.map(\.address) })
    stateful = Set(
      clients.values.flatMap(\.exchangesV6)
        .filter { ($0.advertises + $0.replies).contains { !$0.addresses.isEmpty } }.map(\.vlan))
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

  /// The same with what the capture's other networks bear on it.
  func beside(_ others: some Collection<Segment>) -> Segment {
    var segment = self
    segment.hasBoot = hasBoot || others.contains(where: \.hasBoot)
    segment.servers += others.flatMap(\.servers)
    return segment
  }

  /// Whether it is a file, which may be cut off anywhere.
  var isFile: Bool { begin != nil }

  /// How long the capture went on after a moment, in seconds; without end where that is not known.
  func seconds(after time: Timestamp) -> Double {
    let ends = periods.filter { $0.contains(time) }.map(\.upperBound) + [end].compactMap { $0 }
    return ends.min().map { max(0, $0.seconds(since: time)) } ?? .infinity
  }

  /// Whether two moments are of one capture, in a file that was put together from several.
  func isOneCapture(_ one: Timestamp, _ other: Timestamp) -> Bool {
    periods.isEmpty || periods.contains { $0.contains(one) && $0.contains(other) }
  }

  /// Whether any client was answered whose frames carry two tags: a provider's network is so on purpose.
  func answers(_ tags: ClientTrace.DoubleTag) -> Bool {
    answeredTags.contains([tags.outer, tags.inner])
  }

  /// Whether nobody answered ARP requests for an address.
  func isSilent(_ address: IPv4Address) -> Bool { silentAddresses.contains(address) }

  /// Whether DHCPv6 gave anybody an address there.
  func givesAddressesV6(on vlan: VLANID?) -> Bool { stateful.contains(vlan) }
}
