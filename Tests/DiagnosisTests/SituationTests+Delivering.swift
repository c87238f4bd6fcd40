import Addresses
import PXEWire

@testable import Diagnosis

/// TFTP whose answers do not fit their request.
extension SituationTests {
  private static let other: UInt32 = 0xc0a8_6409

  /// Requests that are answered with options alone.
  private static func unheard(
    _ scene: inout Scene, asked: [(String, String)], stated: [(String, String)],
    ports: [UInt16] = [2001, 2002, 2003], more: (inout Scene, UInt16) -> Void = { _, _ in }
  ) {
    for port in ports {
      scene.get("boot.efi", port: port, options: asked)
      scene.options(stated, port: port)
      more(&scene, port)
      scene.wait(4)
    }
  }

  static let delivering: [Situation] = [
    Situation("the answers come from another address, and the client refuses them", "PXL080") {
      $0.lease()
      $0.answerer = other
      unheard(&$0, asked: [("tsize", "0")], stated: [("tsize", "900000")]) { $0.refusePort($1) }
    },
    Situation("the answers come from another address, and the client only asks again", "PXL080") {
      $0.lease()
      $0.answerer = other
      unheard(
        &$0, asked: [("tsize", "0")], stated: [("tsize", "900000")], ports: [2001, 2001, 2001])
      $0.noise(after: 20)
    },
    Situation("the answer from another address is that the file is missing", "PXL080") {
      $0.lease()
      $0.answerer = other
      for port in UInt16(2001)...2003 {
        $0.get("boot.efi", port: port)
        $0.refuse(1, "File not found", port: port)
        $0.wait(4)
      }
    },
    Situation("blocks from another address", "PXL080") {
      $0.lease()
      $0.answerer = other
      for port in UInt16(2001)...2003 {
        $0.get("boot.efi", port: port, options: [])
        for _ in 0..<3 {
          $0.data(1, 512, port: port)
          $0.refusePort(port)
          $0.wait(2)
        }
      }
    },
    Situation("a client that listens to another address", nil, near: "PXL080") {
      $0.lease(file: "hello.efi")
      $0.answerer = other
      $0.load("hello.efi", port: 2001)
      $0.noise(after: 5)
    },
    Situation("the answers come from another address, until that is mended", nil, near: "PXL080") {
      $0.lease(file: "hello.efi")
      $0.answerer = other
      unheard(&$0, asked: [("tsize", "0")], stated: [("tsize", "900000")]) { $0.refusePort($1) }
      $0.answerer = nil
      $0.load("hello.efi", port: 2010)
    },
    Situation("the client refuses the answers", "PXL081") {
      $0.lease()
      unheard(&$0, asked: [("tsize", "0")], stated: [("tsize", "900000")]) { $0.refusePort($1) }
    },
    Situation("the client refuses the answers, of large blocks", "PXL081") {
      $0.lease()
      unheard(&$0, asked: [("blksize", "1468")], stated: [("blksize", "1468")]) {
        $0.refusePort($1)
      }
      $0.noise(after: 20)
    },
    Situation("the client gives the transfer up in the middle", "PXL081") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.options([("tsize", "90000")], port: 2001)
      for block in 0...3 {
        $0.acknowledge(block, port: 2001)
        $0.data(block + 1, 512, port: 2001)
      }
      for _ in 0..<3 {
        $0.wait(2)
        $0.data(4, 512, port: 2001)
        $0.refusePort(2001)
      }
    },
    Situation("the last block comes again to a client that is done", nil, near: "PXL081") {
      $0.lease(file: "hello.efi")
      $0.load("hello.efi", port: 2001)
      $0.wait(1)
      $0.data(3, 176, port: 2001)
      $0.refusePort(2001)
    },
    Situation("the size is asked for, and its answer comes again", nil, near: "PXL081") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.options([("tsize", "1200")], port: 2001)
      $0.abort(8, "User aborted the transfer", port: 2001)
      $0.options([("tsize", "1200")], port: 2001)
      $0.refusePort(2001)
      $0.load("hello.efi", port: 2002)
    },
    Situation("a larger block than asked for", "PXL082") {
      $0.lease()
      unheard(&$0, asked: [("blksize", "1024")], stated: [("blksize", "1468")])
      $0.noise(after: 20)
    },
    Situation("a larger block than asked for, to one port", "PXL082") {
      $0.lease()
      unheard(
        &$0, asked: [("blksize", "512")], stated: [("blksize", "8192")], ports: [2001, 2001, 2001])
      $0.noise(after: 20)
    },
    Situation("a larger window than asked for, and the client says so", "PXL082") {
      $0.lease()
      unheard(
        &$0, asked: [("blksize", "1468"), ("windowsize", "4")],
        stated: [("blksize", "1468"), ("windowsize", "64")]
      ) { $0.abort(8, "Bad option", port: $1) }
      $0.noise(after: 20)
    },
    Situation("an option that was not asked for", "PXL082") {
      $0.lease()
      unheard(&$0, asked: [("tsize", "0")], stated: [("tsize", "90000"), ("blksize", "1432")])
      $0.noise(after: 20)
    },
    Situation("a smaller block than asked for", nil, near: "PXL082", "PXL083") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001, options: [("BLKSIZE", "1468"), ("tsize", "0")])
      $0.options([("blksize", "512"), ("tsize", "600")], port: 2001)
      $0.acknowledge(0, port: 2001)
      $0.data(1, 512, port: 2001)
      $0.acknowledge(1, port: 2001)
      $0.data(2, 88, port: 2001)
      $0.acknowledge(2, port: 2001)
    },
    Situation("a larger block than asked for, which the client takes", nil, near: "PXL082") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001, options: [("blksize", "512")])
      $0.options([("blksize", "1024")], port: 2001)
      $0.acknowledge(0, port: 2001)
      $0.data(1, 900, port: 2001)
      $0.acknowledge(1, port: 2001)
      $0.noise(after: 5)
    },
    Situation("the request is cut within its options", Situation.unknown, near: "PXL082") {
      $0.lease(file: "hello.efi")
      $0.snapshot = 66
      $0.get("hello.efi", port: 2001, options: [("tsize", "0"), ("blksize", "1468")])
      $0.snapshot = 65535
      $0.options([("tsize", "90000"), ("blksize", "1468")], port: 2001)
      $0.noise(after: 3)
    },
    Situation("longer blocks than agreed", "PXL083") {
      $0.lease()
      unheard(&$0, asked: [("blksize", "1468")], stated: [("blksize", "512")]) { scene, port in
        scene.acknowledge(0, port: port)
        for _ in 0..<3 {
          scene.data(1, 1468, port: port)
          scene.wait(1)
        }
      }
      $0.noise(after: 20)
    },
    Situation("longer blocks than 512, although no size was asked for", "PXL083") {
      $0.lease()
      for port in UInt16(2001)...2003 {
        $0.get("boot.efi", port: port, options: [])
        for _ in 0..<3 {
          $0.data(1, 1024, port: port)
          $0.wait(2)
        }
      }
    },
    Situation("longer blocks than 512, and no OACK to the size that was asked for", "PXL083") {
      $0.lease()
      for port in UInt16(2001)...2003 {
        $0.get("boot.efi", port: port, options: [("blksize", "1468")])
        for _ in 0..<3 {
          $0.data(1, 1468, port: port)
          $0.wait(2)
        }
      }
    },
    Situation("longer blocks than agreed, and the client breaks off", "PXL083") {
      $0.lease()
      $0.get("boot.efi", port: 2001, options: [("tsize", "0")])
      $0.options([("tsize", "90000")], port: 2001)
      $0.acknowledge(0, port: 2001)
      $0.data(1, 1428, port: 2001)
      $0.abort(4, "Block too long", port: 2001)
      $0.noise(after: 20)
    },
    Situation(
      "longer blocks, and the capture lacks the OACK", Situation.unknown, near: "PXL083", "PXL032"
    ) {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001, options: [("blksize", "1468")])
      for block in 1...20 {
        $0.data(block, 1468, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
    },
    Situation("a web page by TFTP", "PXL088") {
      $0.boot("ipxe.efi")
      $0.lease(xid: 2, file: nil, user: "iPXE")
      $0.load("boot.ipxe", port: 2002, begins: Array("<!DOCTYPE html><html>".utf8))
      $0.noise(after: 20)
    },
    Situation("a phone's configuration is missing", nil, near: "PXL007") {
      $0.lease(file: nil, architecture: nil, vendor: "phone")
      $0.get("SEP001122334455.cnf.xml", port: 2001)
      $0.refuse(1, "File not found", port: 2001)
      $0.noise(after: 20)
    },
  ]
}
