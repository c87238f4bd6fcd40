import Addresses
import PXEWire

@testable import Diagnosis

/// Transfers at the end of the block numbers, which have 16 bits.
extension SituationTests {
  static let rollovers: [Situation] = [
    Situation("the transfer stops where block numbers end, begun before the capture", "PXL084") {
      rollover(&$0, from: 65500)
      for _ in 0..<6 {
        $0.data(65536, 1024, port: 2001)
        $0.wait(1)
        $0.acknowledge(65535, port: 2001)
        $0.wait(1)
      }
    },
    Situation("the client goes on with block 0 and the server does not", "PXL084") {
      rollover(&$0, from: 65500)
      $0.data(65536, 1024, port: 2001)
      for _ in 0..<6 {
        $0.acknowledge(65536, port: 2001)
        $0.wait(2)
      }
    },
    Situation("the server goes on with block 1", "PXL084") {
      rollover(&$0, from: 65500)
      for _ in 0..<6 {
        $0.data(1, 1024, port: 2001, begins: [])
        $0.wait(1)
        $0.acknowledge(65535, port: 2001)
        $0.wait(1)
      }
    },
    Situation("the server sends nothing after block 65535", "PXL084") {
      rollover(&$0, from: 65500)
      for _ in 0..<6 {
        $0.wait(2)
        $0.acknowledge(65535, port: 2001)
      }
    },
    Situation("the transfer up to block 65535, of which the capture lacks blocks", "PXL084") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.options([("tsize", "40000000")], port: 2001)
      $0.acknowledge(0, port: 2001)
      for block in [1, 2, 3, 4, 20000, 20001, 40000, 40001, 60000, 60001] {
        $0.data(block, 512, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      rollover(&$0, from: 65500, size: 512)
      for _ in 0..<6 {
        $0.data(65536, 512, port: 2001)
        $0.wait(1)
        $0.acknowledge(65535, port: 2001)
        $0.wait(1)
      }
    },
    Situation("a file too small for that stops at block 65535", "PXL008", near: "PXL084") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.options([("tsize", "33553900")], port: 2001)
      $0.acknowledge(0, port: 2001)
      for block in [1, 2, 3, 4, 20000, 20001, 40000, 40001, 60000, 60001] {
        $0.data(block, 512, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      rollover(&$0, from: 65500, size: 512, to: 65534)
      for _ in 0..<6 {
        $0.acknowledge(65534, port: 2001)
        $0.wait(2)
      }
    },
    Situation("a transfer over the end of block numbers", nil, near: "PXL084") {
      rollover(&$0, from: 65500)
      for block in 65536...65560 {
        $0.data(block, block == 65560 ? 100 : 1024, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      $0.noise(after: 20)
    },
    Situation("the capture ends where block numbers do", Situation.unknown, near: "PXL084") {
      rollover(&$0, from: 65500)
      $0.data(65536, 1024, port: 2001)
    },
  ]

  /// Blocks up to 65535, each acknowledged.
  private static func rollover(
    _ scene: inout Scene, from first: Int, size: Int = 1024, to last: Int = 65535
  ) {
    for block in first...last {
      scene.data(block, size, port: 2001, begins: [])
      scene.acknowledge(block, port: 2001)
    }
  }
}
