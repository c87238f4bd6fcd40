import Addresses
import PXEWire

@testable import Diagnosis

/// iSCSI (RFC 7143) and ATA over Ethernet.
extension Scene {
  static let target = "iqn.2026-01.example:disk1"

  /// A client's login.
  mutating func login(_ port: UInt16, target: String = Scene.target) {
    let text =
      Array("InitiatorName=iqn.client".utf8) + [0] + Array("TargetName=\(target)".utf8) + [0]
    say(Self.message(0x43, 0x87, text), port, to: 3260, fromClient: true)
  }

  /// The target's answer to a login.
  mutating func answerLogin(_ port: UInt16, status: UInt16 = 0) {
    var bytes = Self.message(0x23, status == 0 ? 0x87 : 0, [])
    bytes[36] = UInt8(status >> 8)
    bytes[37] = UInt8(status & 0xff)
    say(bytes, port, to: 3260, fromClient: false)
  }

  /// Blocks of the disk, asked for and sent.
  mutating func readDisk(_ port: UInt16, blocks: Int = 8) {
    for _ in 0..<blocks {
      say(Self.message(0x01, 0xc1, []), port, to: 3260, fromClient: true)
      say(
        Self.message(0x25, 0x81, [UInt8](repeating: 7, count: 512)), port, to: 3260,
        fromClient: false)
    }
  }

  /// A basic header segment and its data, padded to four octets.
  private static func message(_ opcode: UInt8, _ flags: UInt8, _ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [opcode, flags, 0, 0, 0] + Self.bytes(UInt64(data.count), 3)
    bytes += [UInt8](repeating: 0, count: 40) + data
    return bytes + [UInt8](repeating: 0, count: (4 - data.count % 4) % 4)
  }

  /// A frame of ATA over Ethernet: the client's question or the disk's answer.
  mutating func aoe(fromClient: Bool) {
    let body: [UInt8] = [0x10, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 530)
    frame(
      0x88a2, from: fromClient ? client : serverMAC, to: fromClient ? Self.broadcast : client, body)
  }
}
