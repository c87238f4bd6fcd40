import Testing

@testable import Diagnosis

extension SituationTests {
  /// Captures that end, or were put together, where it suits nobody.
  static let cut: [Situation] = [
    Situation("an OFFER, and the capture ends while a slow firmware chooses", nil, near: "PXL004") {
      $0.ask(1)
      $0.answer(2)
      $0.noise(after: 6)
    },
    Situation("an OFFER, and nothing more for long", "PXL004") {
      $0.ask(1)
      $0.answer(2)
      $0.noise(after: 20)
    },
    Situation("every block twice, cut while it goes on", nil, near: "PXL031") {
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
    Situation("lost blocks, cut while one is waited for", nil, near: "PXL008", "PXL031") {
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
    Situation("wrong checksums where the sender captures, cut after the ACK", nil, near: "PXL017") {
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
    Situation("no web server at first, and it begins to answer at the cut", nil, near: "PXL038") {
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
  ]
}
