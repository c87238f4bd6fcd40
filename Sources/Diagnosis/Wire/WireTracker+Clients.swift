import Addresses
import PXEWire

extension WireTracker {
  /// Notes that a host speaks with another over IPv4 from an address of its own.
  mutating func noteConversation(_ packet: IPv4Packet, of frame: Frame) {
    // An address of 169.254.0.0/16 is what a host takes that was given none (RFC 3927).
    guard packet.source != .any, packet.source.rawValue >> 16 != 0xa9fe,
      !frame.destination.isMulticast
    else { return }
    change(frame.source) { $0.sendsOverIPv4 = true }
    change(frame.destination) { $0.receivesOverIPv4 = true }
  }

  /// Counts a frame with its sender and its receiver.
  mutating func count(_ frame: Frame, at time: Timestamp, number: Int) {
    change(frame.destination) { $0.framesReceived += 1 }
    guard !frame.source.isMulticast, !frame.source.isUnspecified else { return }
    if clients.index(forKey: frame.source) == nil {
      guard idleClients < idleCapacity, clients.count < capacity else {
        untrackedFrames += 1
        return
      }
      idleClients += 1
      clients[frame.source] = ClientTrace(mac: frame.source, firstSeen: time)
    }
    change(frame.source) { trace in
      trace.take(Int(frame.vlan?.rawValue ?? 0), at: time)
      if frame.tags.count > 1 {
        trace.take(frame.tags, PacketReference(frame: number, time: time))
      }
    }
  }

  /// Changes a client's trace where it is, if the client is followed: a trace is large to move.
  @discardableResult
  mutating func change<Result>(
    _ mac: MACAddress, _ body: (inout ClientTrace) -> Result
  ) -> Result? {
    guard let place = clients.index(forKey: mac) else { return nil }
    return body(&clients.values[place])
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
    concerned = mac
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
  mutating func adopt(_ frame: Frame, earlier: VLANID?) {
    guard let vlan = frame.vlan ?? earlier, frame.vlan == nil || earlier == nil else { return }
    clients[frame.source]?.adopt(vlan, isCounted: earlier == nil)
    if frame.destination != .broadcast {
      clients[frame.destination]?.adoptInTransfers(vlan)
      clients[frame.destination]?.adoptInExchanges(vlan)
    }
  }
}
