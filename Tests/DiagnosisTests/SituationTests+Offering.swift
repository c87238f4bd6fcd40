import Addresses
import PXEWire

@testable import Diagnosis

/// OFFERs that a client cannot take, and answers that do not fit the question.
extension SituationTests {
  static let offering: [Situation] = [
    Situation("no server identifier", "PXL004", says: ["192.168.100.1", "option 54"]) {
      $0.rounds { $0.reply(2, identifier: .some(nil)) }
    },
    Situation("a server identifier of 0.0.0.0", "PXL004", says: ["option 54", "0.0.0.0"]) {
      $0.rounds { $0.reply(2, identifier: .some(0)) }
    },
    Situation(
      "no server identifier, and the client takes the OFFER all the same", nil, near: "PXL004"
    ) {
      $0.ask(1)
      $0.reply(2, identifier: .some(nil))
      $0.ask(3)
      $0.reply(5, identifier: .some(nil))
      $0.load("boot.efi", port: 2001)
    },
    Situation("no server identifier, and another server's OFFER is taken", nil, near: "PXL004") {
      $0.ask(1)
      $0.reply(2, identifier: .some(nil))
      $0.server = 0xc0a8_6402
      $0.answer(2)
      $0.ask(3, more: [Scene.identifier($0.server)])
      $0.answer(5)
      $0.load("boot.efi", port: 2001)
    },
    Situation("an OFFER to the servers' port", "PXL004", says: ["UDP port 67", "68"]) {
      $0.rounds { $0.reply(2, by: Scene.Route(port: 67)) }
    },
    Situation("an OFFER to a port that nobody knows", "PXL004", says: ["UDP port 1068"]) {
      $0.rounds { $0.reply(2, by: Scene.Route(port: 1068)) }
    },
    Situation("an OFFER from a port that is not the servers'", "PXL004", says: ["UDP port 40067"]) {
      $0.rounds { $0.reply(2, by: Scene.Route(source: 40067)) }
    },
    Situation("OFFERs to a wrong port and then to the right one", nil, near: "PXL004") {
      $0.ask(1)
      $0.reply(2, by: Scene.Route(port: 67))
      $0.answer(2)
      $0.ask(3, more: [Scene.identifier($0.server)])
      $0.answer(5)
      $0.load("boot.efi", port: 2001)
    },
    Situation(
      "unicast against the broadcast flag", "PXL004", says: ["192.168.100.50", "broadcast flag"]
    ) {
      let route = Scene.Route(address: 0xc0a8_6432, mac: $0.client)
      $0.rounds { $0.reply(2, by: route) }
    },
    Situation("unicast against the broadcast flag, which the client hears", nil, near: "PXL004") {
      let route = Scene.Route(address: 0xc0a8_6432, mac: $0.client)
      $0.ask(1)
      $0.reply(2, by: route)
      $0.ask(3, more: [Scene.identifier($0.server)])
      $0.reply(5, by: route)
      $0.load("boot.efi", port: 2001)
    },
    Situation("an OFFER in a frame for another machine", "PXL004", says: ["02:00:00:00:00:77"]) {
      let route = Scene.Route(address: 0xc0a8_6432, mac: 0x0200_0000_0077)
      for _ in 0..<3 {
        $0.askUnicast(1)
        $0.reply(2, by: route)
        $0.wait(8)
      }
    },
    Situation("an OFFER to the network's broadcast address", "PXL004", says: ["192.168.100.255"]) {
      for _ in 0..<3 {
        $0.askUnicast(1)
        $0.reply(2, by: Scene.Route(address: 0xc0a8_64ff))
        $0.wait(8)
      }
    },
    Situation("an OFFER without an address", "PXL004", says: ["no address"]) {
      $0.rounds { $0.reply(2, gives: 0) }
    },
    Situation(
      "another transaction ID", "PXL073", says: ["192.168.100.1", "0x00000300", "0x00000399"]
    ) {
      for second in [4.0, 8, 16, 32] {
        $0.ask(1, xid: 0x300)
        $0.answer(2, xid: 0x399)
        $0.wait(second)
      }
    },
    Situation("another transaction ID each time", "PXL073", says: ["0x00000300", "0x00000901"]) {
      for round in UInt32(0)..<4 {
        $0.ask(1, xid: 0x300 + round)
        $0.answer(2, xid: 0x901 + round)
        $0.wait(8)
      }
    },
    Situation("another transaction ID while others are answered", "PXL073") {
      $0.client = 0xde00_0000_0001
      $0.address = 0xc0a8_6433
      $0.lease(xid: 9, architecture: nil, vendor: nil)
      $0.client = 0xde00_0000_00de
      $0.address = 0xc0a8_6432
      for _ in 0..<3 {
        $0.ask(1, xid: 0x300)
        $0.answer(2, xid: 0x399)
        $0.wait(8)
      }
    },
    Situation("another transaction ID in the ACK", "PXL073", says: ["REQUEST", "0x00000002"]) {
      $0.ask(1)
      $0.answer(2)
      for _ in 0..<4 {
        $0.ask(3, more: [Scene.identifier($0.server)])
        $0.answer(5, xid: 2)
        $0.wait(4)
      }
    },
    Situation("another transaction ID over IPv6", "PXL073", says: ["0x000300", "0x000399"]) {
      for second in [4.0, 8, 16] {
        $0.askV6(1, transaction: 0x300)
        $0.answerV6(2, transaction: 0x399, url: "tftp://[fd77::1]/boot.efi")
        $0.wait(second)
      }
    },
    Situation("a new ID with each DISCOVER, and an OFFER that comes late", nil, near: "PXL073") {
      $0.ask(1, xid: 1)
      $0.wait(1)
      $0.ask(1, xid: 2)
      $0.answer(2, xid: 1)
      $0.wait(1)
      $0.ask(1, xid: 3)
      $0.answer(2, xid: 2)
      $0.answer(2, xid: 3)
      $0.ask(3, xid: 3, more: [Scene.identifier($0.server)])
      $0.answer(5, xid: 3)
      $0.load("boot.efi", port: 2001)
    },
    Situation("an OFFER to a question from before the capture", nil, near: "PXL073") {
      $0.answer(2, xid: 77)
      $0.wait(3)
      $0.ask(1, xid: 78)
      $0.answer(2, xid: 77)
      $0.wait(1)
      $0.answer(2, xid: 78)
      $0.ask(3, xid: 78, more: [Scene.identifier($0.server)])
      $0.answer(5, xid: 78)
      $0.load("boot.efi", port: 2001)
    },
    Situation("BOOTP answers DHCP", "PXL071", says: ["192.168.100.1", "option 53"]) {
      $0.rounds { $0.reply(nil, identifier: .some(nil)) }
    },
    Situation("a client that takes a BOOTP answer", nil, near: "PXL071") {
      $0.ask(1)
      $0.reply(nil, identifier: .some(nil))
      $0.arp($0.server)
      $0.load("boot.efi", port: 2001)
    },
    Situation("a BOOTP client is not answered", "PXL072", says: ["BOOTP", "option 53"]) {
      for second in [4.0, 8, 16] {
        $0.askBOOTP()
        $0.wait(second)
      }
    },
    Situation("a BOOTP client is not answered where DHCP is", "PXL072", says: ["192.168.100.1"]) {
      $0.client = 0xde00_0000_0001
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      $0.client = 0xde00_0000_00de
      for second in [4.0, 8, 16] {
        $0.askBOOTP()
        $0.wait(second)
      }
    },
    Situation("a BOOTP client is answered in the end", nil, near: "PXL072") {
      for _ in 0..<3 {
        $0.askBOOTP()
        $0.wait(4)
      }
      $0.reply(nil, identifier: .some(nil))
      $0.load("boot.efi", port: 2001)
    },
  ]
}
