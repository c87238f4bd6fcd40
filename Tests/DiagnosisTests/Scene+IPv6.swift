import Addresses
import PXEWire

@testable import Diagnosis

/// DHCPv6 (RFC 8415, RFC 5970).
extension Scene {
  /// The last octet of a link-local address, and its MAC address.
  private static let serverHost: UInt8 = 1
  private static let clientHost: UInt8 = 0xde

  /// A client's message: 1 SOLICIT, 3 REQUEST.
  mutating func askV6(
    _ type: UInt8, transaction: UInt32 = 1, vendor: String? = Scene.pxe, architecture: UInt8 = 7
  ) {
    guard let vendor else {
      let body =
        Self.option6(1, [0, 3, 0, 1] + Self.bytes(client, 6))
        + Self.option6(3, [UInt8](repeating: 1, count: 12)) + Self.option6(6, [0, 23])
      udp6(
        from: (Self.clientHost, 546), to: nil, 547, sender: client, receiver: 0x3333_0001_0002,
        [type] + Self.bytes(UInt64(transaction), 3) + body)
      return
    }
    let name = Self.bytes(343, 4) + Self.bytes(UInt64(vendor.utf8.count), 2) + Array(vendor.utf8)
    let identity = Self.option6(1, [0, 3, 0, 1] + Self.bytes(client, 6))
    let body =
      identity + Self.option6(61, [0, architecture]) + Self.option6(16, name)
      + Self.option6(3, [UInt8](repeating: 1, count: 12)) + Self.option6(6, [0, 59])
    udp6(
      from: (Self.clientHost, 546), to: nil, 547, sender: client, receiver: 0x3333_0001_0002,
      [type] + Self.bytes(UInt64(transaction), 3) + body)
  }

  /// A server's message: 2 ADVERTISE, 7 REPLY. Without an address it has the status NoAddrsAvail.
  mutating func answerV6(
    _ type: UInt8, transaction: UInt32 = 1, url: String?, hasAddress: Bool = true,
    status: Bool = true, more: [(UInt16, [UInt8])] = []
  ) {
    let address: [UInt8] = [0xfd, 0x77] + [UInt8](repeating: 0, count: 13) + [9]
    let lease = Self.option6(5, address + [0, 0, 0x0e, 0x10, 0, 0, 0x1c, 0x20])
    var body = Self.option6(1, [0, 3, 0, 1] + Self.bytes(client, 6))
    body += Self.option6(2, [0, 3, 0, 1] + Self.bytes(serverMAC, 6))
    if hasAddress { body += Self.option6(3, [UInt8](repeating: 1, count: 12) + lease) }
    if !hasAddress, status { body += Self.option6(13, [0, 2]) }
    if let url { body += Self.option6(59, Array(url.utf8)) }
    for (code, data) in more { body += Self.option6(code, data) }
    udp6(
      from: (Self.serverHost, 547), to: Self.clientHost, 546, sender: serverMAC,
      receiver: client, [type] + Self.bytes(UInt64(transaction), 3) + body)
  }

  /// SOLICIT, ADVERTISE, REQUEST, REPLY.
  mutating func leaseV6(
    url: String?, vendor: String = Scene.pxe, architecture: UInt8 = 7, confirms: String?? = .none,
    more: [(UInt16, [UInt8])] = []
  ) {
    askV6(1, vendor: vendor, architecture: architecture)
    answerV6(2, url: url, more: more)
    askV6(3, transaction: 2, vendor: vendor, architecture: architecture)
    answerV6(7, transaction: 2, url: confirms ?? url, more: more)
  }

  /// A router's advertisement (RFC 4861 section 4.2) of fd77::/64, whose addresses hosts make.
  mutating func advertiseRouter(isManaged: Bool, hasOther: Bool) {
    let flags: UInt8 = (isManaged ? 0x80 : 0) | (hasOther ? 0x40 : 0)
    let prefix: [UInt8] = [3, 4, 64, 0xc0] + [UInt8](repeating: 0xff, count: 8) + [0, 0, 0, 0]
    let body =
      [134, 0, 0, 0, 64, flags, 7, 8] + [UInt8](repeating: 0, count: 8) + prefix
      + [0xfd, 0x77] + [UInt8](repeating: 0, count: 14)
    let from: [UInt8] = [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [Self.serverHost]
    let to: [UInt8] = [0xff, 0x02] + [UInt8](repeating: 0, count: 13) + [1]
    let length = Self.bytes(UInt64(body.count), 4)
    let sum = ~Self.sum(from + to + length + [0, 0, 0, 58] + body)
    var message = body
    message[2] = UInt8(sum >> 8)
    message[3] = UInt8(sum & 0xff)
    let header: [UInt8] = [0x60, 0, 0, 0] + length.suffix(2) + [58, 255] + from + to
    frame(0x86dd, from: serverMAC, to: 0x3333_0000_0001, header + message)
  }

  private static func option6(_ code: UInt16, _ data: [UInt8]) -> [UInt8] {
    bytes(UInt64(code), 2) + bytes(UInt64(data.count), 2) + data
  }

  private mutating func udp6(
    from source: (UInt8, UInt16), to receiverHost: UInt8?, _ port: UInt16, sender: UInt64,
    receiver: UInt64, _ payload: [UInt8]
  ) {
    let local: (UInt8) -> [UInt8] = { [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [$0] }
    let group: [UInt8] = [0xff, 0x02] + [UInt8](repeating: 0, count: 11) + [1, 0, 2]
    let from = local(source.0)
    let to = receiverHost.map(local) ?? group
    let length = UInt64(8 + payload.count)
    var datagram = Self.bytes(UInt64(source.1), 2) + Self.bytes(UInt64(port), 2)
    datagram += Self.bytes(length, 2) + [0, 0] + payload
    let sum = ~Self.sum(from + to + Self.bytes(length, 4) + [0, 0, 0, 17] + datagram)
    datagram[6] = UInt8(sum >> 8)
    datagram[7] = UInt8(sum & 0xff)
    let header: [UInt8] = [0x60, 0, 0, 0] + Self.bytes(length, 2) + [17, 64] + from + to
    frame(0x86dd, from: sender, to: receiver, header + datagram)
  }
}
