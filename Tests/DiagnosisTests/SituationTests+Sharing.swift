import Addresses
import PXEWire

@testable import Diagnosis

/// One address for two machines, and servers that are not there all the time.
extension SituationTests {
  private static let other: UInt64 = 0xde00_0000_0001

  static let sharing: [Situation] = [
    Situation(
      "an address is offered twice", "PXL005",
      says: ["192.168.100.50", "de:00:00:00:00:01", "offered"]
    ) {
      let client = $0.client
      $0.ask(1)
      $0.answer(2)
      $0.client = other
      $0.ask(1, xid: 2)
      $0.answer(2, xid: 2)
      $0.ask(3, xid: 2, more: [Scene.identifier($0.server)])
      $0.answer(5, xid: 2)
      $0.client = client
      $0.ask(3, more: [Scene.identifier($0.server), (50, [192, 168, 100, 50])])
      $0.answer(6, more: [(56, Array("address in use".utf8))])
      $0.client = other
      $0.load("boot.efi", port: 2001)
      $0.noise(after: 30)
    },
    Situation("a NAK for an address that nobody else was offered", "PXL005") {
      let client = $0.client
      $0.client = other
      $0.address = 0xc0a8_6433
      $0.lease(xid: 2, file: nil, architecture: nil, vendor: nil)
      $0.client = client
      $0.ask(3, more: [Scene.identifier($0.server), (50, [192, 168, 100, 50])])
      $0.answer(6, more: [(56, Array("wrong network".utf8))])
      $0.noise(after: 30)
    },
    Situation("a declined address is another's", "PXL026", says: ["de:00:00:00:00:01"]) {
      let client = $0.client
      $0.client = other
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      $0.client = client
      for xid in UInt32(1)...2 {
        $0.lease(xid: xid)
        $0.ask(4, xid: xid, more: [(50, [192, 168, 100, 50])])
        $0.wait(10)
      }
    },
    Situation("an address is given twice", "PXL026", says: ["192.168.100.50", "de:00:00:00:00:01"])
    {
      let client = $0.client
      $0.client = other
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      $0.client = client
      $0.lease()
      $0.noise(after: 30)
    },
    Situation("an address is given twice, and both load", "PXL026", says: ["de:00:00:00:00:01"]) {
      let client = $0.client
      $0.client = other
      $0.boot("boot.efi")
      $0.client = client
      $0.lease()
      $0.get("boot.efi", port: 2002)
      $0.noise(after: 10)
      $0.client = other
      $0.load("grub.cfg", port: 2003)
      $0.noise(after: 30)
    },
    Situation("an address is given twice, and the boot gets through", nil, near: "PXL026") {
      let client = $0.client
      $0.client = other
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      $0.client = client
      $0.boot("boot.efi")
    },
    Situation("the server comes late", "PXL003", near: "PXL027", says: ["192.168.100.1", "later"]) {
      for second in [4.0, 8, 16] {
        $0.ask(1)
        $0.wait(second)
      }
      $0.wait(20)
      $0.client = other
      $0.boot("boot.efi")
    },
    Situation("the server goes early", "PXL003", near: "PXL027", says: ["192.168.100.1", "before"])
    {
      let client = $0.client
      $0.client = other
      $0.boot("boot.efi")
      $0.wait(60)
      $0.client = client
      for second in [4.0, 8, 16] {
        $0.ask(1)
        $0.wait(second)
      }
    },
    Situation("the server answers others before and after", "PXL027") {
      let client = $0.client
      $0.client = other
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      $0.wait(60)
      $0.client = client
      for second in [4.0, 8, 16] {
        $0.ask(1)
        $0.wait(second)
      }
      $0.wait(30)
      $0.client = 0xde00_0000_0002
      $0.lease(xid: 10, file: nil, architecture: nil, vendor: nil)
    },
    Situation("one server before, another one after", "PXL003", near: "PXL027") {
      let client = $0.client
      $0.client = other
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      $0.wait(60)
      $0.client = client
      for second in [4.0, 8, 16] {
        $0.ask(1)
        $0.wait(second)
      }
      $0.wait(30)
      $0.server = 0xc0a8_6402
      $0.client = 0xde00_0000_0002
      $0.lease(xid: 10, file: nil, architecture: nil, vendor: nil)
    },
  ]
}
