import Addresses
import PXEWire

@testable import Diagnosis

/// Answers of DHCP servers that do something otherwise than usual.
extension Scene {
  /// Where a packet goes.
  struct Route {
    var source: UInt16 = 67
    var port: UInt16 = 68
    var address: UInt32 = 0xffff_ffff
    var mac: UInt64 = Scene.broadcast
  }

  static func identifier(_ server: UInt32) -> (UInt8, [UInt8]) { (54, bytes(UInt64(server), 4)) }

  /// A server's message with these options and no others; without a type it is one of BOOTP.
  mutating func reply(
    _ type: UInt8?, xid: UInt32 = 1, file: String? = "boot.efi", serverName: String = "",
    gives: UInt32 = 0xc0a8_6432, by route: Route = Route(), relay: UInt32? = nil,
    identifier: UInt32?? = .none, more: [(UInt8, [UInt8])] = []
  ) {
    var options: [(UInt8, [UInt8])] = []
    if let type { options.append((53, [type])) }
    if let named = identifier ?? .some(server) { options.append(Self.identifier(named)) }
    options.append((1, [255, 255, 255, 0]))
    udp(
      from: (server, route.source), to: (route.address, route.port), sender: serverMAC,
      receiver: route.mac,
      dhcp(
        2, xid, yours: gives, next: server, file: file, relay: relay, options + more,
        serverName: serverName))
  }

  /// A client's message by BOOTP, without a message type.
  mutating func askBOOTP(xid: UInt32 = 1) {
    udp(
      from: (0, 68), to: (0xffff_ffff, 67), sender: client, receiver: Self.broadcast,
      dhcp(1, xid, yours: 0, next: 0, file: nil, relay: nil, []))
  }

  /// A client's message without the broadcast flag.
  mutating func askUnicast(_ type: UInt8, xid: UInt32 = 1) {
    udp(
      from: (0, 68), to: (0xffff_ffff, 67), sender: client, receiver: Self.broadcast,
      dhcp(
        1, xid, yours: 0, next: 0, file: nil, relay: nil,
        [(53, [type]), (93, [0, 7]), (60, Array(Self.pxe.utf8))], isBroadcast: false))
  }

  /// DISCOVER, and what the server makes of it, three times over half a minute.
  mutating func rounds(
    _ count: Int = 3, architecture: UInt16 = 7, vendor: String = Scene.pxe,
    answer: (inout Scene) -> Void
  ) {
    for _ in 0..<count {
      ask(1, architecture: architecture, vendor: vendor)
      answer(&self)
      wait(8)
    }
  }

  /// DISCOVER, OFFER, REQUEST, ACK with a proxyDHCP server beside, and the question on port 4011.
  mutating func leaseBesideProxy(_ proxy: UInt32 = 0xc0a8_6402) {
    let address = server
    ask(1)
    answer(2, file: nil)
    server = proxy
    answer(2, file: nil, gives: nil, vendor: "PXEClient")
    server = address
    ask(3, more: [Self.identifier(address)])
    answer(5, file: nil)
    ask(3, xid: 2, port: 4011, to: proxy)
    server = proxy
  }

  /// A boot server's ACK from port 4011.
  mutating func answerFromBootServer(
    file: String?, vendor: String? = "PXEClient", xid: UInt32 = 2, more: [(UInt8, [UInt8])] = []
  ) {
    let name = vendor.map { [(UInt8(60), Array($0.utf8))] } ?? []
    udp(
      from: (server, 4011), to: (address, 68), sender: serverMAC, receiver: client,
      dhcp(
        2, xid, yours: 0, next: server, file: file, relay: nil,
        [(53, [5]), Self.identifier(server)] + name + more))
  }

  /// A relay agent's copy of a client's DISCOVER, sent from an address that may not be `giaddr`.
  mutating func relay(xid: UInt32 = 1, giaddr: UInt32, from sender: UInt32) {
    udp(
      from: (sender, 67), to: (server, 67), sender: Self.relayMAC, receiver: serverMAC,
      dhcp(
        1, xid, yours: 0, next: 0, file: nil, relay: giaddr,
        [(53, [1]), (93, [0, 7]), (60, Array(Self.pxe.utf8))]))
  }
}
