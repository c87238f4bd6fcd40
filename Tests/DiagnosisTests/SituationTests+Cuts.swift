import Testing

@testable import Diagnosis

extension SituationTests {
  /// Captures that end, or were put together, where it suits nobody.
  static let cut: [Situation] = [
    Situation(
      "an OFFER, and the capture ends while a slow firmware chooses", Situation.unknown,
      near: "PXL004"
    ) {
      $0.ask(1)
      $0.answer(2)
      $0.noise(after: 6)
    },
    Situation("an OFFER, and nothing more for long", "PXL004") {
      $0.ask(1)
      $0.answer(2)
      $0.noise(after: 20)
    },
    Situation("every block twice, cut while it goes on", Situation.unknown, near: "PXL031") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.options([("tsize", "900000")], port: 2001)
      for block in 1...40 {
        for _ in 0..<2 {
          $0.data(block, 512, port: 2001)
          $0.acknowledge(block, port: 2001)
        }
      }
    },
    Situation(
      "lost blocks, cut while one is waited for", Situation.unknown, near: "PXL008", "PXL031"
    ) {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.options([("tsize", "900000")], port: 2001)
      for block in 1...12 {
        $0.data(block, 512, port: 2001)
        $0.acknowledge(block, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      $0.noise(after: 4)
    },
    Situation(
      "wrong checksums where the sender captures, cut after the ACK", Situation.unknown,
      near: "PXL017"
    ) {
      $0.ask(1)
      $0.answer(2, badChecksum: true)
      $0.ask(3, more: [(54, Scene.bytes(UInt64($0.server), 4))])
      $0.answer(5, badChecksum: true)
      $0.noise(after: 2)
    },
    Situation("an ACK with a wrong checksum, asked for again", "PXL017") {
      $0.ask(1)
      $0.answer(2, badChecksum: true)
      for _ in 0..<3 {
        $0.ask(3, more: [(54, Scene.bytes(UInt64($0.server), 4))])
        $0.answer(5, badChecksum: true)
        $0.wait(4)
      }
    },
    Situation(
      "no web server at first, and it begins to answer at the cut", Situation.unknown,
      near: "PXL038"
    ) {
      leaseHTTP(&$0)
      $0.connect(4001)
      $0.reset(4001)
      $0.connect(4002)
      $0.accept(4002)
      $0.ask(path: "/boot.efi", 4002)
    },
    Situation("two captures in one file, the earlier one last and cut", nil, near: "PXL008") {
      $0.clock = 300
      $0.boot("hello.efi")
      $0.clock = 10
      $0.lease(xid: 7, file: "hello.efi")
      $0.get("hello.efi", port: 3001)
      $0.options([("tsize", "900000")], port: 3001)
      for block in 1...4 {
        $0.data(block, 512, port: 3001)
        $0.acknowledge(block, port: 3001)
      }
    },
    Situation("two captures in one file, a stall in the earlier one", "PXL008") {
      $0.clock = 300
      $0.client = 0xde00_0000_00df
      $0.lease(xid: 7, file: "hello.efi")
      $0.get("hello.efi", port: 3001)
      $0.options([("tsize", "900000")], port: 3001)
      for block in 1...4 {
        $0.data(block, 512, port: 3001)
        $0.acknowledge(block, port: 3001)
      }
      $0.noise(after: 30)
      $0.clock = 10
      $0.client = 0xde00_0000_00de
      $0.boot("hello.efi")
    },
    Situation("the capture lacks block 1, so what the file is stays open", nil, near: "PXL020") {
      $0.lease(file: "netboot")
      $0.get("netboot", port: 2001)
      $0.options([("tsize", "1200")], port: 2001)
      $0.data(2, 512, port: 2001)
      $0.acknowledge(2, port: 2001)
      $0.data(3, 176, port: 2001)
      $0.acknowledge(3, port: 2001)
      $0.noise(after: 3)
    },
    Situation("the capture lacks the last acknowledgment", nil, near: "PXL008") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.options([("tsize", "600")], port: 2001)
      $0.data(1, 512, port: 2001)
      $0.acknowledge(1, port: 2001)
      $0.data(2, 88, port: 2001)
      $0.noise(after: 20)
    },
    Situation("the last acknowledgment stands before its block", nil, near: "PXL008") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.options([("tsize", "600")], port: 2001)
      $0.data(1, 512, port: 2001)
      $0.acknowledge(1, port: 2001)
      $0.acknowledge(2, port: 2001)
      $0.data(2, 88, port: 2001)
      $0.noise(after: 20)
    },
    Situation(
      "a question for the size whose end was not captured, and the file", Situation.unknown,
      near: "PXL032"
    ) {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001, options: [("tsize", "0"), ("blksize", "1468")])
      $0.options([("tsize", "900000"), ("blksize", "1468")], port: 2001)
      $0.get("hello.efi", port: 2002, options: [("blksize", "1468")])
      $0.options([("blksize", "1468")], port: 2002)
      for block in 1...20 {
        $0.data(block, 1468, port: 2002)
        $0.acknowledge(block, port: 2002)
      }
    },
    Situation(
      "only broadcasts are captured, and two programs ask for the router", nil, near: "PXL006"
    ) {
      $0.lease(file: "hello.efi")
      $0.keepsServer = false
      $0.arp($0.server)
      $0.wait(2)
      $0.arp($0.server)
      $0.noise(after: 30)
    },
    Situation("copies of another interface stand after the answers", nil, near: "PXL038") {
      leaseHTTP(&$0)
      $0.connect(4001)
      $0.accept(4001)
      $0.ask(path: "/boot.efi", 4001)
      let request = $0.packets.suffix(2)
      $0.respond(4001, length: 20000)
      $0.wait(0.01)
      $0.repeatPackets(request)
      $0.noise(after: 30)
    },
    Situation("a URL is asked for by TFTP, and the capture has no DHCP", "PXL022") {
      $0.get("http://192.168.100.1/hello.efi", port: 2001)
      $0.refuse(1, "File not found", port: 2001)
    },
    Situation("only what the client sends, which takes offers", nil, near: "PXL003") {
      $0.keepsServer = false
      for xid in UInt32(1)...2 {
        $0.lease(xid: xid)
        $0.wait(8)
      }
      for _ in 0..<3 {
        $0.ask(1, xid: 3)
        $0.wait(4)
      }
    },
    Situation(
      "begun after the program, and its configuration is all that comes", nil, near: "PXL033"
    ) {
      $0.lease(file: "grubx64.efi")
      $0.load("grub/grub.cfg", port: 2001)
      $0.noise(after: 120)
    },
    Situation("a priority tag around the VLAN's", "PXL003") {
      $0.tags = [0, 100]
      for second in [4.0, 8, 16] {
        $0.ask(1)
        $0.wait(second)
      }
    },
    Situation("two tags on purpose, and one client that is ignored", "PXL027") {
      $0.tags = [9, 7]
      $0.boot("hello.efi")
      $0.client = 0xde00_0000_00df
      for second in [4.0, 8, 16] {
        $0.ask(1, xid: 9)
        $0.wait(second)
      }
    },
    Situation("one ARP request, seen on three interfaces", nil, near: "PXL006") {
      $0.lease(file: "hello.efi")
      $0.copies = 3
      $0.arp($0.server, answered: false)
      $0.noise(after: 10)
    },
    Situation("the capture lacks the head of the response", nil, near: "PXL038") {
      leaseHTTP(&$0)
      $0.connect(4001)
      $0.accept(4001)
      $0.ask(path: "/boot.efi", 4001)
      for _ in 0..<20 {
        $0.say([UInt8](repeating: 5, count: 1400), 4001, fromClient: false)
      }
      $0.reset(4001, byClient: true)
      $0.noise(after: 30)
    },
    Situation(
      "a block is lost, and the capture ends before it is sent again", Situation.unknown,
      near: "PXL008"
    ) {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.options([("tsize", "900000")], port: 2001)
      for block in 1...12 {
        $0.data(block, 512, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      $0.noise(after: 5.5)
    },
  ]
}
