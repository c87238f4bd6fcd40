import Addresses
import PXEWire

/// An ARP request without a reply, or a neighbour solicitation without an advertisement (RFC 4861
/// section 4.3).
package struct AddressQuestion<Address: Codable & Hashable & Sendable>: Codable, Hashable, Sendable
{
  /// The address asked for.
  package let address: Address
  /// The VLAN asked on.
  package let vlan: VLANID?
  /// The first time.
  package private(set) var since: Timestamp
  /// The number of that frame in the capture.
  package private(set) var frame: Int
  /// How often, without a longer pause.
  package private(set) var count: Int
  /// When it was asked for last.
  private var last = Timestamp(nanoseconds: 0)
  var reported: Bool = false

  private enum CodingKeys: String, CodingKey { case address, vlan, since, frame, count }

  /// Seconds without a request after which the next is a new one.
  private static var pause: Double { 10 }
  /// Seconds within which the same request is a copy of another interface.
  private static var copyInterval: Double { 0.05 }

  init(_ address: Address, vlan: VLANID?, _ packet: PacketReference) {
    self.address = address
    self.vlan = vlan
    since = packet.time
    frame = packet.frame
    count = 1
    last = packet.time
  }

  /// It is asked for again: by the same program, or after a pause by another, whose answer may have
  /// been outside of the capture.
  mutating func ask(again packet: PacketReference) {
    if packet.time.seconds(since: last) > Self.pause {
      since = packet.time
      frame = packet.frame
      count = 0
    }
    if packet.time.seconds(since: last) > Self.copyInterval { count += 1 }
    last = packet.time
  }
}
