import PXEWire

/// The networks inside the tunnels of a capture, each with a tracker of its own: in two of them the
/// same addresses may be different machines'. A network of which frames were also captured elsewhere,
/// as where a node's uplink and the machines' ports are listened to, is one with where they were.
struct TunnelledNetworks: Sendable {
  /// The trackers; the first is that of network 1.
  private(set) var trackers: [WireTracker] = []
  /// Packets of networks beyond the number that is followed, or of deeper tunnels.
  private(set) var untracked = 0
  /// The number of each network, by the tunnels that lead there, outermost first.
  private var numbers: [[Tunnel.Network]: Int] = [:]

  /// What a carried frame led to.
  struct Outcome {
    /// What it brought about.
    var events: [WireEvent] = []
    /// Whether it was of the network outside, or has shown that another is.
    var concernsOutside = false
  }

  /// Follows what the last packet that the tracker outside took in carries, if it does.
  mutating func follow(
    _ outside: inout WireTracker, at time: Timestamp, number: Int, interface: Int?
  ) -> Outcome {
    var outcome = Outcome()
    outcome.concernsOutside = join(0, outside.otherNetwork, &outside)
    var path: [Tunnel] = []
    var carrier = 0
    while let carried = carried(carrier, outside) {
      path.append(carried.tunnel)
      guard path.count <= Limits.nestedTunnels, let home = home(of: path.map(\.network), outside)
      else {
        untracked += 1
        break
      }
      guard let frame = try? carried.frame() else { break }
      let packet = PacketReference(frame: number, time: time)
      var events = change(home, &outside) {
        $0.observe(frame, at: time, number: number, interface: interface, tunnels: path.hashValue)
      }
      let isJoined = join(home, otherNetwork(home, outside), &outside)
      carrier = numbers[path.map(\.network)] ?? home
      let text = TunnelPath(path: path, packet: packet).name
      for index in events.indices { events[index].text += ", inside \(text)" }
      change(carrier, &outside) { $0.note(path, of: frame, packet) }
      outcome.events += events
      outcome.concernsOutside = outcome.concernsOutside || isJoined || carrier == 0
    }
    return outcome
  }

  /// Lets time pass in all of them.
  mutating func advance(to time: Timestamp) -> [WireEvent] {
    var events: [WireEvent] = []
    for index in trackers.indices { events += trackers[index].advance(to: time) }
    return events
  }

  /// The number of the network that tunnels lead to; `nil` when there are too many.
  private mutating func home(of path: [Tunnel.Network], _ outside: WireTracker) -> Int? {
    if let known = numbers[path] { return known }
    guard trackers.count < Limits.networks else { return nil }
    trackers.append(WireTracker(network: trackers.count + 1, like: outside))
    numbers[path] = trackers.count
    return trackers.count
  }

  /// Makes one network of two in which the same frame was seen. Returns whether there are two.
  private mutating func join(
    _ network: Int, _ other: Int?, _ outside: inout WireTracker
  ) -> Bool {
    guard let other, other != network else { return false }
    let kept = min(network, other)
    let given = max(network, other)
    // Frames of before the two became one are remembered for a while.
    guard numbers.values.contains(given) else { return false }
    for (path, number) in numbers where number == given { numbers[path] = kept }
    var tracker = WireTracker(network: given, like: outside)
    swap(&tracker, &trackers[given - 1])
    change(kept, &outside) { $0.absorb(&tracker) }
    swap(&tracker, &trackers[given - 1])
    return kept == 0
  }

  private func carried(_ network: Int, _ outside: WireTracker) -> Encapsulation? {
    network == 0 ? outside.carried : trackers[network - 1].carried
  }

  private func otherNetwork(_ network: Int, _ outside: WireTracker) -> Int? {
    network == 0 ? outside.otherNetwork : trackers[network - 1].otherNetwork
  }

  /// Changes a network's tracker, which has what all share meanwhile.
  private mutating func change<Result>(
    _ network: Int, _ outside: inout WireTracker, _ body: (inout WireTracker) -> Result
  ) -> Result {
    guard network > 0 else { return body(&outside) }
    swap(&outside.shared, &trackers[network - 1].shared)
    defer { swap(&outside.shared, &trackers[network - 1].shared) }
    return body(&trackers[network - 1])
  }
}
