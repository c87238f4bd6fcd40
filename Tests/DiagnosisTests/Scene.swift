import Addresses
import PXEWire

@testable import Diagnosis

/// A capture made up packet by packet, for situations that are rare to meet on a wire.
struct Scene {
  /// The packets, with the seconds since the capture's beginning.
  private(set) var packets: [(time: Double, bytes: [UInt8])] = []
  /// Now.
  var clock = 0.0

  var client: UInt64 = 0xde00_0000_00de
  var address: UInt32 = 0xc0a8_6432
  var server: UInt32 = 0xc0a8_6401
  var serverMAC: UInt64 = 0x0200_0000_0001
  /// Who sends the server's TFTP packets, where that is not the server.
  var answerer: UInt32?
  /// The tags of every frame, outermost first.
  var tags: [UInt16] = []
  /// Which packets are kept.
  var keepsClient = true
  var keepsServer = true
  /// How many bytes of each packet are kept.
  var snapshot = 65535
  /// How often each packet is captured.
  var copies = 1
  private var identification: UInt16 = 1
  /// Where the server's side of each TCP connection is, by the client's port.
  var sequences: [UInt16: (client: UInt32, server: UInt32)] = [:]

  static let pxe = "PXEClient:Arch:00007:UNDI:003016"
  static let http = "HTTPClient:Arch:00016:UNDI:003016"
  static let broadcast: UInt64 = 0xffff_ffff_ffff
  /// A relay agent's address on its server's side.
  static let relayMAC: UInt64 = 0x0200_0000_00fe

  mutating func wait(_ seconds: Double) { clock += seconds }

  /// Packets once more, as another interface has them.
  mutating func repeatPackets(_ some: some Sequence<(time: Double, bytes: [UInt8])>) {
    for packet in some { packets.append((clock, packet.bytes)) }
  }

  /// Puts others in the place of the packets from one on.
  mutating func replacePackets(
    from start: Int, _ others: ((time: Double, bytes: [UInt8])) -> [(time: Double, bytes: [UInt8])]
  ) {
    packets = packets[..<start] + packets[start...].flatMap(others)
  }

  /// Puts the packets into the order of their times.
  mutating func sortPackets() { packets.sort { $0.time < $1.time } }

  /// What the networks inside tunnels show.
  func inside() -> [WireTracker] { followed().tunnelled }

  /// The diagnosis of the capture.
  func report(knowledge: Knowledge = Knowledge()) -> DiagnosisReport {
    followed().report(knowledge: knowledge)
  }

  /// What the capture shows of the client.
  func trace() -> ClientTrace? {
    followed().tracker.trace(of: MACAddress(rawValue: client))
  }

  private func followed() -> CaptureFollower {
    var follower = CaptureFollower()
    for (index, packet) in packets.enumerated() {
      follower.take(
        try? Frame(decoding: packet.bytes), at: Timestamp(seconds: packet.time), number: index + 1)
    }
    return follower
  }

  // MARK: Layers

  mutating func frame(
    _ type: UInt16, from source: UInt64, to destination: UInt64, _ body: [UInt8]
  ) {
    let isServer = source != client && source != Self.relayMAC
    guard isServer ? keepsServer : keepsClient else { return }
    var bytes = Self.bytes(destination, 6) + Self.bytes(source, 6)
    for tag in tags { bytes += [0x81, 0x00] + Self.bytes(UInt64(tag), 2) }
    bytes += Self.bytes(UInt64(type), 2)
    bytes += body
    for copy in 0..<copies {
      packets.append((clock + Double(copy) * 0.0001, Array(bytes.prefix(snapshot))))
    }
    clock += 0.001
  }

  mutating func ip(
    _ number: UInt8, from source: UInt32, to destination: UInt32, sender: UInt64, receiver: UInt64,
    _ body: [UInt8]
  ) {
    var header: [UInt8] = [0x45, 0]
    header += Self.bytes(UInt64(20 + body.count), 2)
    header += Self.bytes(UInt64(identification), 2)
    header += [0, 0, 64, number, 0, 0] as [UInt8]
    header += Self.bytes(UInt64(source), 4) + Self.bytes(UInt64(destination), 4)
    identification &+= 1
    let sum = ~Self.sum(header)
    header[10] = UInt8(sum >> 8)
    header[11] = UInt8(sum & 0xff)
    frame(0x0800, from: sender, to: receiver, header + body)
  }

  mutating func udp(
    from source: (UInt32, UInt16), to destination: (UInt32, UInt16), sender: UInt64,
    receiver: UInt64, _ payload: [UInt8], badChecksum: Bool = false
  ) {
    let length = UInt64(8 + payload.count)
    var bytes = Self.bytes(UInt64(source.1), 2) + Self.bytes(UInt64(destination.1), 2)
    bytes += Self.bytes(length, 2)
    bytes += [0, 0] as [UInt8]
    bytes += payload
    var pseudo = Self.bytes(UInt64(source.0), 4)
    pseudo += Self.bytes(UInt64(destination.0), 4)
    pseudo += [0, 17] as [UInt8]
    pseudo += Self.bytes(length, 2)
    var sum = ~Self.sum(pseudo + bytes)
    if badChecksum { sum ^= 0x5a5a }
    bytes[6] = UInt8(sum >> 8)
    bytes[7] = UInt8(sum & 0xff)
    ip(17, from: source.0, to: destination.0, sender: sender, receiver: receiver, bytes)
  }

  // MARK: ARP and ICMP

  mutating func arp(_ target: UInt32, answered: Bool = true) {
    frame(0x0806, from: client, to: Self.broadcast, arpBody(1, client, address, 0, target))
    guard answered else { return }
    frame(0x0806, from: serverMAC, to: client, arpBody(2, serverMAC, target, client, address))
  }

  private func arpBody(
    _ operation: UInt64, _ sender: UInt64, _ senderAddress: UInt32, _ target: UInt64,
    _ targetAddress: UInt32
  ) -> [UInt8] {
    var bytes: [UInt8] = [0, 1, 8, 0, 6, 4]
    bytes += Self.bytes(operation, 2)
    bytes += Self.bytes(sender, 6)
    bytes += Self.bytes(UInt64(senderAddress), 4)
    bytes += Self.bytes(target, 6)
    bytes += Self.bytes(UInt64(targetAddress), 4)
    return bytes
  }

  /// Somebody else's traffic, which shows that the capture goes on.
  mutating func noise(after seconds: Double) {
    wait(seconds)
    frame(
      0x0806, from: 0x0200_0000_0099, to: Self.broadcast,
      arpBody(1, 0x0200_0000_0099, 0xc0a8_64c8, 0, 0xc0a8_64c9))
  }

  /// An error about the client's last request to a port.
  mutating func unreachable(code: UInt8, port: UInt16, from reporter: UInt32? = nil) {
    var quoted: [UInt8] = [0x45, 0, 0, 40, 0, 1, 0, 0, 64, 17, 0, 0]
    quoted += Self.bytes(UInt64(address), 4) + Self.bytes(UInt64(server), 4)
    quoted += Self.bytes(2000, 2) + Self.bytes(UInt64(port), 2) + [0, 20, 0, 0]
    var body: [UInt8] = [3, code, 0, 0, 0, 0, 0, 0] + quoted
    let sum = ~Self.sum(body)
    body[2] = UInt8(sum >> 8)
    body[3] = UInt8(sum & 0xff)
    ip(1, from: reporter ?? server, to: address, sender: serverMAC, receiver: client, body)
  }

  /// The client's word that nobody waits at a port for what the server sends.
  mutating func refusePort(_ port: UInt16) {
    let sender = answerer ?? server
    var quoted: [UInt8] = [0x45, 0, 0, 40, 0, 1, 0, 0, 64, 17, 0, 0]
    quoted += Self.bytes(UInt64(sender), 4) + Self.bytes(UInt64(address), 4)
    quoted += Self.bytes(3000, 2) + Self.bytes(UInt64(port), 2) + [0, 20, 0, 0]
    var body: [UInt8] = [3, 3, 0, 0, 0, 0, 0, 0] + quoted
    let sum = ~Self.sum(body)
    body[2] = UInt8(sum >> 8)
    body[3] = UInt8(sum & 0xff)
    ip(1, from: address, to: sender, sender: client, receiver: serverMAC, body)
  }

  // MARK: DHCP

  mutating func ask(
    _ type: UInt8, xid: UInt32 = 1, architecture: UInt16? = 7, vendor: String? = Scene.pxe,
    user: String? = nil, port: UInt16 = 67, to: UInt32 = 0xffff_ffff, relay: UInt32? = nil,
    more: [(UInt8, [UInt8])] = []
  ) {
    var options: [(UInt8, [UInt8])] = [(53, [type])]
    if let architecture { options.append((93, Self.bytes(UInt64(architecture), 2))) }
    if let vendor { options.append((60, Array(vendor.utf8))) }
    if let user { options.append((77, Array(user.utf8))) }
    let message = dhcp(1, xid, yours: 0, next: 0, file: nil, relay: relay, options + more)
    if let relay {
      let sender = Self.relayMAC
      udp(
        from: (relay, 67), to: (server, 67), sender: sender, receiver: serverMAC, message)
      return
    }
    udp(
      from: (to == 0xffff_ffff ? 0 : address, 68), to: (to, port), sender: client,
      receiver: to == 0xffff_ffff ? Self.broadcast : serverMAC, message)
  }

  mutating func answer(
    _ type: UInt8, xid: UInt32 = 1, file: String? = "boot.efi", gives: UInt32? = 0xc0a8_6432,
    next: UInt32? = nil, vendor: String? = nil, mask: UInt32 = 0xffff_ff00,
    badChecksum: Bool = false, relay: UInt32? = nil, more: [(UInt8, [UInt8])] = []
  ) {
    var options: [(UInt8, [UInt8])] = [(53, [type]), (54, Self.bytes(UInt64(server), 4))]
    if gives != nil { options.append((1, Self.bytes(UInt64(mask), 4))) }
    if let vendor { options.append((60, Array(vendor.utf8))) }
    let message = dhcp(
      2, xid, yours: type == 6 ? 0 : gives ?? 0, next: next ?? server, file: file, relay: relay,
      options + more)
    if let relay {
      udp(
        from: (server, 67), to: (relay, 67), sender: serverMAC, receiver: Self.relayMAC, message)
      return
    }
    udp(
      from: (server, 67), to: (0xffff_ffff, 68), sender: serverMAC, receiver: Self.broadcast,
      message, badChecksum: badChecksum)
  }

  func dhcp(
    _ operation: UInt8, _ xid: UInt32, yours: UInt32, next: UInt32, file: String?,
    relay: UInt32?, _ options: [(UInt8, [UInt8])], isBroadcast: Bool = true,
    serverName: String = ""
  ) -> [UInt8] {
    var bytes: [UInt8] = [operation, 1, 6, 0]
    bytes += Self.bytes(UInt64(xid), 4)
    bytes += [0, 0, isBroadcast ? 0x80 : 0, 0] as [UInt8]
    bytes += [0, 0, 0, 0] + Self.bytes(UInt64(yours), 4) + Self.bytes(UInt64(next), 4)
    bytes += Self.bytes(UInt64(relay ?? 0), 4) + Self.bytes(client, 6)
    bytes += [UInt8](repeating: 0, count: 10) + Array(serverName.utf8)
    bytes += [UInt8](repeating: 0, count: 64 - serverName.utf8.count)
    var name = Array((file ?? "").utf8)
    name += [UInt8](repeating: 0, count: 128 - name.count)
    bytes += name + [99, 130, 83, 99]
    for (code, data) in options { bytes += [code, UInt8(data.count)] + data }
    return bytes + [255]
  }

  /// DISCOVER, OFFER, REQUEST, ACK.
  mutating func lease(
    xid: UInt32 = 1, file: String? = "boot.efi", next: UInt32? = nil, architecture: UInt16? = 7,
    vendor: String? = Scene.pxe, user: String? = nil, answer class: String? = nil,
    more: [(UInt8, [UInt8])] = []
  ) {
    let chosen = (UInt8(54), Self.bytes(UInt64(server), 4))
    ask(1, xid: xid, architecture: architecture, vendor: vendor, user: user)
    answer(2, xid: xid, file: file, gives: address, next: next, vendor: `class`, more: more)
    ask(3, xid: xid, architecture: architecture, vendor: vendor, user: user, more: [chosen])
    answer(5, xid: xid, file: file, gives: address, next: next, vendor: `class`, more: more)
  }

  // MARK: TFTP

  mutating func get(_ file: String, port: UInt16, options: [(String, String)] = [("tsize", "0")]) {
    var payload: [UInt8] = [0, 1]
    for word in [file, "octet"] { payload += Self.text(word) }
    for option in options { payload += Self.text(option.0) + Self.text(option.1) }
    tftp(payload, port, to: 69)
  }

  mutating func options(_ options: [(String, String)], port: UInt16) {
    var payload: [UInt8] = [0, 6]
    for option in options { payload += Self.text(option.0) + Self.text(option.1) }
    tftp(payload, port)
  }

  /// A block; the first is, unless it is said what it begins with, that of an x64 UEFI program.
  mutating func data(
    _ block: Int, _ count: Int, port: UInt16, begins: [UInt8] = Scene.program()
  ) {
    var payload: [UInt8] = [0, 3]
    payload += Self.bytes(UInt64(block & 0xffff), 2)
    let start = (block == 1 ? begins : []).prefix(count)
    payload += start + [UInt8](repeating: UInt8(block & 0xff), count: count - start.count)
    tftp(payload, port)
  }

  mutating func acknowledge(_ block: Int, port: UInt16) {
    let head: [UInt8] = [0, 4]
    tftp(head + Self.bytes(UInt64(block & 0xffff), 2), port, to: 3000)
  }

  mutating func refuse(_ code: UInt8, _ text: String, port: UInt16) {
    let head: [UInt8] = [0, 5, 0, code]
    tftp(head + Self.text(text), port)
  }

  mutating func abort(_ code: UInt8, _ text: String, port: UInt16) {
    let head: [UInt8] = [0, 5, 0, code]
    tftp(head + Self.text(text), port, to: 3000)
  }

  /// A whole transfer, of a program if the name says so.
  mutating func load(
    _ file: String, port: UInt16, bytes: Int = 1200, size: Int? = nil, again: Int = 0,
    begins: [UInt8]? = nil
  ) {
    let machine: UInt16? = file.hasSuffix(".efi") ? file.contains("aa64") ? 0xaa64 : 0x8664 : nil
    let begins = begins ?? machine.map { Self.program(machine: $0) } ?? []
    get(file, port: port)
    options([("tsize", "\(size ?? bytes)")], port: port)
    acknowledge(0, port: port)
    for block in 1...(bytes / 512 + 1) {
      for _ in 0...again {
        data(block, min(512, bytes - (block - 1) * 512), port: port, begins: begins)
        wait(0.01)
        acknowledge(block, port: port)
      }
    }
  }

  /// The way of firmware to a program that is loaded.
  mutating func boot(_ file: String = "shimx64.efi", begins: [UInt8]? = nil) {
    lease(file: file)
    arp(server)
    load(file, port: 2001, begins: begins)
  }

  /// The start of a PE program (PE format section 3), as far as its COFF header.
  static func program(machine: UInt16 = 0x8664) -> [UInt8] {
    var bytes = Array("MZ".utf8) + [UInt8](repeating: 0, count: 58)
    bytes += [0x80, 0, 0, 0] + [UInt8](repeating: 0, count: 64)
    bytes += Array("PE".utf8) + [0, 0, UInt8(machine & 0xff), UInt8(machine >> 8)]
    return bytes
  }

  private mutating func tftp(_ payload: [UInt8], _ port: UInt16, to: UInt16? = nil) {
    if let to {
      udp(
        from: (address, port), to: (server, to), sender: client, receiver: serverMAC, payload)
    } else {
      udp(
        from: (answerer ?? server, 3000), to: (address, port), sender: serverMAC, receiver: client,
        payload)
    }
  }

  // MARK: Bytes

  /// A text and the zero octet that ends it; U+00FF is the octet 0xff.
  static func text(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } + [0]
  }

  static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64((count - 1 - $0) * 8)) }
  }

  static func sum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      sum += UInt32(bytes[index]) << 8
      if index + 1 < bytes.count { sum += UInt32(bytes[index + 1]) }
    }
    while sum > 0xffff { sum = (sum >> 16) + (sum & 0xffff) }
    return UInt16(sum)
  }
}
