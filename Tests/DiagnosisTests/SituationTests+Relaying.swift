import Addresses
import PXEWire

@testable import Diagnosis

/// Relay agents with a wrong `giaddr`.
extension SituationTests {
  private static let giaddr: UInt32 = 0xc0a8_64fe
  private static let toGiaddr = Scene.Route(port: 67, address: giaddr, mac: Scene.relayMAC)

  static let relaying: [Situation] = [
    Situation(
      "giaddr is another's, behind the relay agent", "PXL077",
      says: ["192.168.100.254", "10.9.0.1"]
    ) {
      for _ in 0..<3 {
        $0.relay(giaddr: giaddr, from: 0x0a09_0001)
        $0.reply(2, by: toGiaddr, relay: giaddr)
        $0.wait(8)
      }
    },
    Situation("giaddr is another's, seen on both sides", "PXL077", says: ["192.168.100.254"]) {
      for _ in 0..<3 {
        $0.ask(1)
        $0.relay(giaddr: giaddr, from: 0x0a09_0001)
        $0.reply(2, by: toGiaddr, relay: giaddr)
        $0.wait(8)
      }
    },
    Situation("giaddr is of another network than the address", "PXL077", says: ["192.168.100.254"])
    {
      for _ in 0..<3 {
        $0.ask(1)
        $0.relay(giaddr: giaddr, from: giaddr)
        $0.reply(2, gives: 0x0a01_0032, by: toGiaddr, relay: giaddr)
        $0.wait(8)
      }
    },
    Situation("nobody has giaddr", "PXL077", says: ["192.168.100.254", "ARP"]) {
      for _ in 0..<3 {
        $0.ask(1)
        $0.relay(giaddr: giaddr, from: 0x0a09_0001)
        let (client, address) = ($0.client, $0.address)
        ($0.client, $0.address) = ($0.serverMAC, $0.server)
        $0.arp(giaddr, answered: false)
        ($0.client, $0.address) = (client, address)
        $0.wait(8)
      }
    },
    Situation("a router relays from its other address", nil, near: "PXL077") {
      $0.relay(giaddr: giaddr, from: 0x0a09_0001)
      $0.reply(2, by: toGiaddr, relay: giaddr)
      $0.reply(2, relay: giaddr)
      $0.ask(3, more: [Scene.identifier($0.server)])
      $0.reply(5, by: toGiaddr, relay: giaddr)
      $0.reply(5, relay: giaddr)
      $0.load("boot.efi", port: 2001)
    },
  ]
}
