import Addresses
import PXEWire

/// Which addresses the DHCP servers of each place gave, when, and to whom.
struct ServerActivity: Sendable {
  /// An address that was offered or given.
  struct Answer: Sendable {
    let mac: MACAddress
    /// The machine's UUID (option 97), if its client states it.
    let machineUUID: String?
    let isOffer: Bool
    /// When its client was seen last.
    let lastSeen: Timestamp
    let reply: DHCPExchange.Reply
  }

  private struct Place: Hashable {
    let vlan: VLANID?
    let relays: [IPv4Address]
  }

  private struct Holding: Hashable {
    let vlan: VLANID?
    let address: IPv4Address
  }

  /// Seconds before a client's first question, and after its last, within which an answer to another
  /// shows that the server was up all the time.
  private static let margin = 10.0

  /// The addresses given, of each place in the order of time.
  private var grants: [Place: [Answer]] = [:]
  /// The offers and grants of each address, the first of each client, up to 64.
  private var holders: [Holding: [Answer]] = [:]

  init(_ clients: [MACAddress: ClientTrace]) {
    for client in clients.values.sorted(by: { $0.mac.rawValue < $1.mac.rawValue }) {
      for exchange in client.exchanges where !exchange.isBootServerDiscovery {
        let place = Place(vlan: exchange.vlan, relays: exchange.relays)
        let offers = exchange.offers.map { (true, $0) }
        for (isOffer, reply) in offers + exchange.acks.map({ (false, $0) }) {
          guard let address = reply.address else { continue }
          let answer = Answer(
            mac: client.mac, machineUUID: exchange.machineUUID, isOffer: isOffer,
            lastSeen: client.lastSeen, reply: reply)
          if !isOffer { grants[place, default: []].append(answer) }
          let holding = Holding(vlan: exchange.vlan, address: address)
          let known = holders[holding] ?? []
          let isKnown = known.contains { $0.mac == client.mac && $0.isOffer == isOffer }
          if !isKnown, known.count < Limits.facts { holders[holding] = known + [answer] }
        }
      }
    }
    for place in grants.keys { grants[place]?.sort { $0.reply.time < $1.reply.time } }
  }

  /// The last addresses given to others who ask where a client asks, oldest first, while it asked: one
  /// for each of them.
  func grants(
    beside exchange: DHCPExchange, of mac: MACAddress, from begin: Timestamp, to end: Timestamp
  ) -> [DHCPExchange.Reply] {
    let all = grants[Place(vlan: exchange.vlan, relays: exchange.relays)] ?? []
    let start = Self.count(all) { begin.seconds(since: $0) > Self.margin }
    let stop = Self.count(all) { $0.seconds(since: end) <= Self.margin }
    let isOther = { (answer: Answer) in answer.mac != mac }
    let during = start < stop ? all[start..<stop].suffix(Limits.facts).filter(isOther) : []
    guard during.isEmpty else { return Self.last(during) }
    // A server that gives addresses before and after was there in between.
    let after = all[max(start, stop)...].prefix(Limits.facts).filter(isOther).map(\.reply.server)
    return Self.last(
      all[..<start].suffix(Limits.facts).filter { isOther($0) && after.contains($0.reply.server) })
  }

  /// The last address given to another before a client asked, else the first one after it did.
  func nearestGrant(
    beside exchange: DHCPExchange, of mac: MACAddress, from begin: Timestamp, to end: Timestamp
  ) -> DHCPExchange.Reply? {
    let all = grants[Place(vlan: exchange.vlan, relays: exchange.relays)] ?? []
    let start = Self.count(all) { $0 < begin }
    let stop = Self.count(all) { $0 <= end }
    let before = all[..<start].suffix(Limits.facts).last { $0.mac != mac }
    return (before ?? all[stop...].prefix(Limits.facts).first { $0.mac != mac })?.reply
  }

  /// How many of the answers, which are in the order of time, are before a moment.
  private static func count(_ answers: [Answer], _ isBefore: (Timestamp) -> Bool) -> Int {
    var (low, high) = (0, answers.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(answers[middle].reply.time) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The last answer to each client, of the last eight.
  private static func last(_ answers: [Answer]) -> [DHCPExchange.Reply] {
    var seen: Set<MACAddress> = []
    let latest = answers.reversed().filter { seen.insert($0.mac).inserted }
    return latest.prefix(8).reversed().map(\.reply)
  }

  /// To whom else an address was offered or given before a moment, oldest first.
  func holders(
    of address: IPv4Address, beside mac: MACAddress, on vlan: VLANID?, before time: Timestamp
  ) -> [Answer] {
    (holders[Holding(vlan: vlan, address: address)] ?? [])
      .filter { $0.mac != mac && $0.reply.time <= time }
      .sorted { $0.reply.time < $1.reply.time }
  }
}
