import PXEWire

@testable import Diagnosis

/// A way to carry a scene's frames.
enum Carrier: String, CaseIterable, Sendable {
  case vxlan, vxlanOverIPv6, geneve, gre, greKey, nvgre, erspan1, erspan2, erspan3
  case mpls, mplsControlWord, tzsp, vxlanInGRE

  /// What the evidence must say of it.
  var name: String {
    switch self {
    case .vxlan: "VXLAN, VNI 42, 10.0.0.1 to 10.0.0.2"
    case .vxlanOverIPv6: "VXLAN, VNI 42, fd00::1 to fd00::2"
    case .geneve: "GENEVE, VNI 42, 10.0.0.1 to 10.0.0.2"
    case .gre: "GRE, 10.0.0.1 to 10.0.0.2"
    case .greKey: "GRE, key 42, 10.0.0.1 to 10.0.0.2"
    case .nvgre: "NVGRE, VSID 5042, 10.0.0.1 to 10.0.0.2"
    case .erspan1: "ERSPAN type I, 10.0.0.1 to 10.0.0.2"
    case .erspan2: "ERSPAN type II, session 42, 10.0.0.1 to 10.0.0.2"
    case .erspan3: "ERSPAN type III, session 42, 10.0.0.1 to 10.0.0.2"
    case .mpls, .mplsControlWord: "MPLS, labels 16, 42"
    case .tzsp: "TZSP, 10.0.0.1 to 10.0.0.2"
    case .vxlanInGRE: "VXLAN, VNI 42, 10.0.0.1 to 10.0.0.2, inside GRE, 10.0.0.1 to 10.0.0.2"
    }
  }

  /// A frame inside, from the first end to the second or back.
  func carry(_ frame: [UInt8], back: Bool = false, id: UInt8 = 42) -> [UInt8] {
    switch self {
    case .vxlan: Self.udp(4789, [8, 0, 0, 0, 0, 0, id, 0] + frame, back)
    case .vxlanOverIPv6:
      Self.ethernet(
        0x86dd,
        [0x60, 0, 0, 0] + Scene.bytes(UInt64(16 + frame.count), 2) + [17, 64]
          + Self.address(back ? 2 : 1) + Self.address(back ? 1 : 2)
          + Self.datagram(4789, [8, 0, 0, 0, 0, 0, id, 0] + frame), back)
    case .geneve:
      Self.udp(6081, [1, 0, 0x65, 0x58, 0, 0, id, 0, 1, 2, 3, 0] + frame, back)
    case .gre: Self.ip(47, [0, 0, 0x65, 0x58] + frame, back)
    case .greKey: Self.ip(47, [0x20, 0, 0x65, 0x58, 0, 0, 0, id] + frame, back)
    case .nvgre:
      Self.ip(
        47,
        [0x20, 0, 0x65, 0x58] + Scene.bytes(UInt64(5000 + Int(id)), 3)
          + [UInt8(frame.count & 0xff)] + frame, back)
    // A mirror sends both ways to one end.
    case .erspan1: Self.ip(47, [0, 0, 0x88, 0xbe] + frame, false)
    case .erspan2:
      Self.ip(
        47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0x18, id, 0, 0, 0, 1] + frame, false)
    case .erspan3:
      Self.ip(
        47,
        [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, id, 0, 0, 0, 0, 0, 0, 0, 0] + frame, false)
    // Each way has a label of its own.
    case .mpls: Self.ethernet(0x8847, Self.labels(back ? id + 1 : id) + frame, back)
    case .mplsControlWord:
      Self.ethernet(0x8847, Self.labels(back ? id + 1 : id) + [0, 0, 0, 9] + frame, back)
    case .tzsp: Self.udp(37008, [1, 0, 0, 1, 10, 1, 7, 1] + frame, false)
    case .vxlanInGRE:
      Carrier.gre.carry(Carrier.vxlan.carry(frame, back: back, id: id), back: back)
    }
  }

  private static func labels(_ last: UInt8) -> [UInt8] {
    [0, 1, 0, 64] + Scene.bytes(UInt64(last) << 12 | 0x140, 4)
  }

  private static func address(_ host: UInt8) -> [UInt8] {
    [0xfd] + [UInt8](repeating: 0, count: 14) + [host]
  }

  private static func datagram(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
    [0xc0, 1] + Scene.bytes(UInt64(port), 2) + Scene.bytes(UInt64(8 + payload.count), 2) + [0, 0]
      + payload
  }

  private static func udp(_ port: UInt16, _ payload: [UInt8], _ back: Bool) -> [UInt8] {
    ip(17, datagram(port, payload), back)
  }

  /// An IPv4 packet; of a fragmented one, a part.
  static func ip(
    _ number: UInt8, _ body: [UInt8], _ back: Bool, id: UInt16 = 0, fragment: UInt16 = 0x4000
  ) -> [UInt8] {
    var header = [0x45, 0] + Scene.bytes(UInt64(20 + body.count), 2) + Scene.bytes(UInt64(id), 2)
    header += Scene.bytes(UInt64(fragment), 2) + [64, number, 0, 0]
    header += [10, 0, 0, back ? 2 : 1, 10, 0, 0, back ? 1 : 2]
    return ethernet(0x0800, header + body, back)
  }

  private static func ethernet(_ type: UInt16, _ body: [UInt8], _ back: Bool) -> [UInt8] {
    let ends: [[UInt8]] = [[2, 0xaa, 0, 0, 0, 1], [2, 0xaa, 0, 0, 0, 2]]
    return ends[back ? 0 : 1] + ends[back ? 1 : 0] + Scene.bytes(UInt64(type), 2) + body
  }
}

extension Scene {
  /// Puts every packet of now into tunnels, and so many on.
  mutating func carry(
    from start: Int = 0, _ carried: (_ bytes: [UInt8], _ isServers: Bool) -> [[UInt8]]
  ) {
    let own = Self.bytes(client, 6)
    replacePackets(from: start) { packet in
      let isServers = !packet.bytes.dropFirst(6).prefix(6).elementsEqual(own)
      return carried(packet.bytes, isServers).enumerated().map {
        (packet.time + Double($0.offset) * 0.00002, $0.element)
      }
    }
  }
}
