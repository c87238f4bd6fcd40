import Addresses
import PXEWire
import Testing

@testable import Diagnosis

/// What must be found first in a situation, and what must not be found at all.
struct Situation: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The first finding's id; `nil` when nothing may be found above info; ``unknown`` when nothing but
  /// that the client did not get further.
  let cause: String?
  /// The findings that a healthy situation comes near to.
  let near: [String]
  /// What the title of the first finding has in it: the decisive values.
  let says: [String]
  let play: @Sendable (inout Scene) -> Void

  /// The client did not get further, and nothing shows why.
  static let unknown = "PXL097"

  init(
    _ name: String, _ cause: String?, near: String..., says: [String] = [],
    play: @escaping @Sendable (inout Scene) -> Void
  ) {
    testDescription = name
    self.cause = cause
    self.near = near
    self.says = says
    self.play = play
  }
}

@Suite("Situations")
struct SituationTests {
  @Test("the first finding is the cause, and a boot that got through has none", arguments: all)
  func judge(_ situation: Situation) {
    var scene = Scene()
    situation.play(&scene)
    let report = scene.report()
    let found = report.findings.map { "\($0.id) \($0.severity) \($0.title)" }
    let serious = report.findings.filter { $0.severity > .info }
    if situation.cause == Situation.unknown {
      #expect(serious.map(\.id) == [Situation.unknown], "\(found)")
      #expect(report.hasFailures)
    } else if let cause = situation.cause {
      #expect(report.hasFailures)
      #expect(report.findings.first?.id == cause, "\(found)")
      #expect(report.findings.first?.severity == .error, "\(found)")
      #expect(
        report.findings.allSatisfy { !$0.evidence.isEmpty && !$0.fix.isEmpty }, "\(found)")
      for words in situation.says {
        #expect(report.findings.first?.title.contains(words) == true, "\(words): \(found)")
      }
    } else {
      #expect(serious.isEmpty, "\(found)")
    }
  }

  static let all =
    asking + answering + loading + running + connecting + joining + cut + offering
    + naming + namingV6 + bootServing + relaying + sharing
    + delivering + redirecting + rollovers + disks + secondStages + resets

  private static func discovers(_ scene: inout Scene, _ count: Int = 4) {
    for second in [4.0, 8, 16, 32].prefix(count) {
      scene.ask(1)
      scene.wait(second)
    }
  }

  private static let asking: [Situation] = [
    Situation("nobody answers", "PXL003") { discovers(&$0) },
    Situation("the third try is answered", nil, near: "PXL003") {
      discovers(&$0, 2)
      $0.boot("hello.efi")
    },
    Situation("one DISCOVER, and the capture ends", Situation.unknown, near: "PXL003") {
      $0.ask(1)
    },
    Situation("one DISCOVER, and never another", "PXL003") {
      $0.ask(1)
      $0.noise(after: 60)
    },
    Situation("nothing but noise", nil) {
      for _ in 0..<5 { $0.noise(after: 10) }
    },
    Situation("the answers were not captured, but the client goes on", nil) {
      $0.keepsServer = false
      $0.boot()
      $0.load("grubx64.efi", port: 2002)
    },
    Situation("only the server's side was captured", nil) {
      $0.keepsClient = false
      $0.boot("hello.efi")
      $0.noise(after: 60)
    },
    Situation("a server on another VLAN answers others", "PXL003") {
      $0.tags = [200]
      $0.client = 0xde00_0000_0001
      $0.address = 0xc0a8_6433
      $0.lease(architecture: nil, vendor: nil)
      $0.client = 0xde00_0000_00de
      $0.tags = [100]
      discovers(&$0)
    },
    Situation("the server answers others on this VLAN and not this client", "PXL027") {
      $0.client = 0xde00_0000_0001
      $0.lease(xid: 9)
      $0.client = 0xde00_0000_00de
      discovers(&$0)
    },
    Situation(
      "the server answers others, and this client asked just once", Situation.unknown,
      near: "PXL027"
    ) {
      $0.client = 0xde00_0000_0001
      $0.lease(xid: 9, file: "hello.efi")
      $0.load("hello.efi", port: 2001)
      $0.client = 0xde00_0000_00de
      $0.ask(1)
    },
    Situation("two tags, no answer", "PXL035") {
      $0.tags = [200, 100]
      discovers(&$0)
    },
    Situation("two tags on purpose", nil, near: "PXL035") {
      $0.tags = [200, 100]
      $0.boot("hello.efi")
    },
    Situation("an operating system gets an address and no boot file", nil, near: "PXL024") {
      $0.lease(file: nil, architecture: nil, vendor: "MSFT 5.0")
      $0.noise(after: 60)
    },
    Situation("an operating system gets no address", "PXL003") {
      for _ in 0..<4 {
        $0.ask(1, architecture: nil, vendor: "udhcp 1.35.0")
        $0.wait(3)
      }
    },
    Situation("a printer beside a boot gets no address", nil, near: "PXL003") {
      $0.boot("hello.efi")
      $0.client = 0xde00_0000_0007
      for _ in 0..<4 {
        $0.ask(1, xid: 7, architecture: nil, vendor: "printer")
        $0.wait(3)
      }
    },
    Situation("the system's DHCP is not answered after the boot", nil) {
      $0.boot()
      $0.load("grubx64.efi", port: 2002)
      for _ in 0..<4 {
        $0.ask(1, xid: 5, architecture: nil, vendor: nil)
        $0.wait(5)
      }
    },
    Situation("what iPXE asks is not answered", "PXL090") {
      $0.boot("ipxe.efi")
      for _ in 0..<4 {
        $0.ask(1, xid: 5, user: "iPXE")
        $0.wait(4)
      }
    },
  ]

  private static let answering: [Situation] = [
    Situation("an OFFER is not taken", "PXL004") {
      for _ in 0..<3 {
        $0.ask(1)
        $0.answer(2)
        $0.wait(8)
      }
    },
    Situation("an OFFER, and the capture ends", Situation.unknown, near: "PXL004", "PXL024") {
      $0.ask(1)
      $0.answer(2)
    },
    Situation("an OFFER with a wrong checksum", "PXL017") {
      for _ in 0..<3 {
        $0.ask(1)
        $0.answer(2, badChecksum: true)
        $0.wait(8)
      }
    },
    Situation("wrong checksums where the sender captures", nil, near: "PXL017") {
      $0.ask(1)
      $0.answer(2, badChecksum: true)
      $0.ask(3, more: [(54, Scene.bytes(UInt64($0.server), 4))])
      $0.answer(5, badChecksum: true)
      $0.load("boot.efi", port: 2001)
    },
    Situation("an OFFER without a boot file", "PXL024") {
      for _ in 0..<3 {
        $0.ask(1)
        $0.answer(2, file: nil)
        $0.wait(8)
      }
    },
    Situation("an ACK without a boot file, for iPXE", "PXL024") {
      $0.lease(file: nil, user: "iPXE")
      $0.noise(after: 10)
    },
    Situation("proxyDHCP beside a DHCP server, answered on 4011", nil, near: "PXL018") {
      $0.ask(1)
      $0.answer(2, file: nil)
      let dhcp = $0.server
      $0.server = 0xc0a8_6402
      $0.answer(2, file: nil, gives: nil, vendor: "PXEClient")
      $0.server = dhcp
      $0.ask(3, more: [(54, Scene.bytes(UInt64(dhcp), 4))])
      $0.answer(5, file: nil)
      $0.server = 0xc0a8_6402
      $0.load("boot.efi", port: 2001)
    },
    Situation("port 4011 is silent", "PXL018") {
      $0.ask(1)
      $0.answer(2, file: nil)
      let dhcp = $0.server
      $0.server = 0xc0a8_6402
      $0.answer(2, file: nil, gives: nil, vendor: "PXEClient")
      $0.server = dhcp
      $0.ask(3, more: [(54, Scene.bytes(UInt64(dhcp), 4))])
      $0.answer(5, file: nil)
      for _ in 0..<4 {
        $0.ask(3, xid: 2, port: 4011, to: 0xc0a8_6402)
        $0.wait(2)
      }
    },
    Situation("two servers, two files, and the wrong one is taken", "PXL019") {
      $0.ask(1)
      $0.answer(2)
      $0.server = 0xc0a8_64fa
      $0.answer(2, file: "other.efi")
      $0.ask(3, more: [(54, Scene.bytes(0xc0a8_64fa, 4))])
      $0.answer(5, file: "other.efi")
      $0.get("other.efi", port: 2001)
      $0.refuse(1, "File not found", port: 2001)
      $0.noise(after: 10)
    },
    Situation("two servers of one service", nil, near: "PXL019") {
      $0.ask(1)
      $0.answer(2)
      $0.server = 0xc0a8_6402
      $0.answer(2, gives: 0xc0a8_6463)
      $0.ask(3, more: [(54, Scene.bytes(0xc0a8_6402, 4))])
      $0.answer(5)
      $0.load("boot.efi", port: 2001)
    },
    Situation("a second server says no", "PXL019") {
      for xid in UInt32(1)...3 {
        $0.ask(1, xid: xid)
        $0.answer(2, xid: xid)
        $0.ask(3, xid: xid, more: [(54, Scene.bytes(0xc0a8_6401, 4))])
        $0.server = 0xc0a8_64fa
        $0.answer(6, xid: xid, more: [(56, Array("wrong network".utf8))])
        $0.server = 0xc0a8_6401
        $0.wait(5)
      }
    },
    Situation("NAK again and again", "PXL005") {
      for xid in UInt32(1)...3 {
        $0.ask(1, xid: xid)
        $0.answer(2, xid: xid)
        $0.ask(3, xid: xid, more: [(54, Scene.bytes(0xc0a8_6401, 4))])
        $0.answer(6, xid: xid, more: [(56, Array("address in use".utf8))])
        $0.wait(5)
      }
    },
    Situation("NAK to an old address, then a new one", nil, near: "PXL005") {
      $0.ask(3, architecture: nil, vendor: nil, more: [(50, [10, 0, 0, 9])])
      $0.answer(6, file: nil, more: [(56, Array("wrong network".utf8))])
      $0.wait(1)
      $0.lease(xid: 2, file: nil, architecture: nil, vendor: nil)
    },
    Situation("NAK to an old address, and the capture ends with the next REQUEST", nil) {
      $0.ask(3, architecture: nil, vendor: nil, more: [(50, [10, 0, 0, 9])])
      $0.answer(6, file: nil, more: [(56, Array("wrong network".utf8))])
      $0.ask(1, xid: 2, architecture: nil, vendor: nil)
      $0.wait(2)
      $0.answer(2, xid: 2, file: nil)
      $0.ask(3, xid: 2, architecture: nil, vendor: nil)
    },
    Situation("an address without DISCOVER, after INIT-REBOOT", nil) {
      $0.ask(3, architecture: nil, vendor: nil, more: [(50, [192, 168, 100, 50])])
      $0.answer(5, file: nil)
    },
    Situation("REQUEST without ACK", "PXL044") {
      $0.ask(1)
      $0.answer(2)
      for _ in 0..<4 {
        $0.ask(3, more: [(54, Scene.bytes(0xc0a8_6401, 4))])
        $0.wait(4)
      }
    },
    Situation("the client declines", "PXL026") {
      for xid in UInt32(1)...2 {
        $0.lease(xid: xid)
        $0.ask(4, xid: xid, more: [(50, [192, 168, 100, 50])])
        $0.wait(10)
      }
    },
    Situation("the client declines, and the capture ends", Situation.unknown, near: "PXL026") {
      $0.lease()
      $0.ask(4, more: [(50, [192, 168, 100, 50])])
      $0.wait(2)
    },
    Situation("the client declines once and gets another address", nil, near: "PXL026") {
      $0.lease(file: nil, architecture: nil, vendor: nil)
      $0.ask(4, architecture: nil, vendor: nil, more: [(50, [192, 168, 100, 50])])
      $0.wait(10)
      $0.address = 0xc0a8_6433
      $0.lease(xid: 2, file: nil, architecture: nil, vendor: nil)
      $0.noise(after: 30)
    },
    Situation("an ACK that passed by the capture", nil, near: "PXL044") {
      $0.ask(1)
      $0.answer(2)
      $0.ask(3, more: [(54, Scene.bytes(UInt64($0.server), 4))])
      $0.wait(0.5)
      $0.arp($0.server)
      $0.load("boot.efi", port: 2001)
    },
    Situation("HTTP boot is offered a URL without HTTPClient", "PXL021") {
      for _ in 0..<3 {
        $0.ask(1, architecture: 16, vendor: Scene.http)
        $0.answer(2, file: "http://192.168.100.1/boot.efi")
        $0.wait(8)
      }
    },
    Situation("a URL for a PXE client", "PXL022") {
      $0.lease(file: "http://192.168.100.1/boot.efi")
      $0.get("http://192.168.100.1/boot.efi", port: 2001)
      $0.refuse(1, "File not found", port: 2001)
      $0.noise(after: 10)
    },
    Situation("a URL for iPXE", nil, near: "PXL022") {
      $0.lease(file: "http://192.168.100.1/boot.ipxe", user: "iPXE")
    },
  ]
}
