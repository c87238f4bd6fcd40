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
    case .vxlan: return Self.udp(4789, [8, 0, 0, 0, 0, 0, id, 0], frame, back)
    case .vxlanOverIPv6:
      let datagram = Self.datagram(4789, [8, 0, 0, 0, 0, 0, id, 0], frame)
      var header: [UInt8] = [0x60, 0, 0, 0] + Scene.bytes(UInt64(datagram.count), 2)
      header += [17, 64] + Self.address(back ? 2 : 1) + Self.address(back ? 1 : 2)
      return Self.ethernet(0x86dd, header + datagram, back)
    case .geneve:
      return Self.udp(6081, [1, 0, 0x65, 0x58, 0, 0, id, 0, 1, 2, 3, 0], frame, back)
    case .gre: return Self.ip(47, [0, 0, 0x65, 0x58] + frame, back)
    case .greKey: return Self.ip(47, [0x20, 0, 0x65, 0x58, 0, 0, 0, id] + frame, back)
    case .nvgre:
      let subnet = Scene.bytes(UInt64(5000 + Int(id)), 3)
      let key = subnet + [UInt8(frame.count & 0xff)]
      return Self.ip(47, [0x20, 0, 0x65, 0x58] + key + frame, back)
    // A mirror sends both ways to one end.
    case .erspan1: return Self.ip(47, [0, 0, 0x88, 0xbe] + frame, false)
    case .erspan2:
      let header: [UInt8] = [0x10, 0, 0x18, id, 0, 0, 0, 1]
      return Self.ip(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1] + header + frame, false)
    case .erspan3:
      let header: [UInt8] = [0x20, 0, 0, id, 0, 0, 0, 0, 0, 0, 0, 0]
      return Self.ip(47, [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1] + header + frame, false)
    // Each way has a label of its own.
    case .mpls: return Self.ethernet(0x8847, Self.labels(back ? id + 1 : id) + frame, back)
    case .mplsControlWord:
      let header = Self.labels(back ? id + 1 : id) + [0, 0, 0, 9]
      return Self.ethernet(0x8847, header + frame, back)
    case .tzsp: return Self.udp(37008, [1, 0, 0, 1, 10, 1, 7, 1], frame, false)
    case .vxlanInGRE:
      return Carrier.gre.carry(Carrier.vxlan.carry(frame, back: back, id: id), back: back)
    }
  }

  private static func labels(_ last: UInt8) -> [UInt8] {
    let transport: [UInt8] = [0, 1, 0, 64]
    return transport + Scene.bytes(UInt64(last) << 12 | 0x140, 4)
  }

  private static func address(_ host: UInt8) -> [UInt8] {
    [0xfd] + [UInt8](repeating: 0, count: 14) + [host]
  }

  private static func datagram(_ port: UInt16, _ header: [UInt8], _ frame: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0xc0, 1] + Scene.bytes(UInt64(port), 2)
    bytes += Scene.bytes(UInt64(8 + header.count + frame.count), 2)
    bytes += [0, 0]
    return bytes + header + frame
  }

  private static func udp(
    _ port: UInt16, _ header: [UInt8], _ frame: [UInt8], _ back: Bool
  ) -> [UInt8] {
    ip(17, datagram(port, header, frame), back)
  }

  /// An IPv4 packet; of a fragmented one, a part.
  static func ip(
    _ number: UInt8, _ body: [UInt8], _ back: Bool, id: UInt16 = 0, fragment: UInt16 = 0x4000
  ) -> [UInt8] {
    var header: [UInt8] = [0x45, 0]
    header += Scene.bytes(UInt64(20 + body.count), 2)
    header += Scene.bytes(UInt64(id), 2)
    header += Scene.bytes(UInt64(fragment), 2)
    header += [64, number, 0, 0]
    header += [10, 0, 0, back ? 2 : 1]
    header += [10, 0, 0, back ? 1 : 2]
    return ethernet(0x0800, header + body, back)
  }

  private static func ethernet(_ type: UInt16, _ body: [UInt8], _ back: Bool) -> [UInt8] {
    let ends: [[UInt8]] = [[2, 0xaa, 0, 0, 0, 1], [2, 0xaa, 0, 0, 0, 2]]
    return ends[back ? 0 : 1] + ends[back ? 1 : 0] + Scene.bytes(UInt64(type), 2) + body
  }
}

extension Scene {
  /// Puts others in the place of the packets from one on, 20 µs apart: what a frame of the client's, or
  /// of another's, becomes.
  mutating func carry(
    from start: Int = 0, _ carried: (_ bytes: [UInt8], _ isServers: Bool) -> [[UInt8]]
  ) {
    let own = Self.bytes(client, 6)
    replacePackets(from: start) { packet in
      let isServers = !packet.bytes.dropFirst(6).prefix(6).elementsEqual(own)
      return carried(packet.bytes, isServers).enumerated().map { index, bytes in
        (time: packet.time + Double(index) * 0.00002, bytes: bytes)
      }
    }
  }
}
