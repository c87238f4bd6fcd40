import Addresses
import PXEWire

@testable import Diagnosis

/// HTTP, TLS, names, IPv6 and relay agents.
extension SituationTests {
  private static let url = "http://192.168.100.1/boot.efi"

  /// HTTP boot firmware gets its address and a URL.
  static func leaseHTTP(_ scene: inout Scene, _ url: String = url) {
    scene.lease(file: url, architecture: 16, vendor: Scene.http, answer: "HTTPClient")
    scene.arp(scene.server)
  }

  static let connecting: [Situation] = [
    Situation("HTTP boot gets through", nil, near: "PXL021", "PXL037", "PXL038") {
      leaseHTTP(&$0)
      $0.connect(4001)
      $0.accept(4001)
      $0.ask(path: "/boot.efi", 4001, method: "HEAD")
      $0.respond(4001, length: 20000, sends: 0)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 20000)
      $0.reset(4001, byClient: true)
      $0.noise(after: 30)
    },
    Situation("a file that iPXE only looks for is not there", nil, near: "PXL037") {
      $0.lease(file: "http://192.168.100.1/boot.ipxe", user: "iPXE")
      $0.connect(4001)
      $0.accept(4001)
      $0.ask(path: "/autoexec.ipxe", 4001, agent: "iPXE/1.21.1")
      $0.respond(4001, status: "404 Not Found")
      $0.fetch("/boot.ipxe", 4002, bytes: 300, agent: "iPXE/1.21.1", begins: Array("#!ipxe".utf8))
    },
    Situation("the URL's file is not there", "PXL037") {
      leaseHTTP(&$0)
      $0.connect(4001)
      $0.accept(4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, status: "404 Not Found")
      $0.noise(after: 10)
    },
    Situation("no web server", "PXL038") {
      leaseHTTP(&$0)
      for port in UInt16(4001)...4003 {
        $0.connect(port)
        $0.reset(port)
        $0.wait(1)
      }
    },
    Situation("the web server is silent", "PXL038") {
      leaseHTTP(&$0)
      $0.connect(4001, again: 4)
      $0.noise(after: 5)
    },
    Situation("the HTTP transfer stops", "PXL038") {
      leaseHTTP(&$0)
      $0.connect(4001)
      $0.accept(4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 200_000, sends: 60000)
      $0.noise(after: 20)
    },
    Situation("the last bytes are not acknowledged, and what was loaded runs", nil, near: "PXL038")
    {
      leaseHTTP(&$0)
      $0.connect(4001)
      $0.accept(4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 100_000, sends: 95000)
      $0.wait(2)
      $0.lease(xid: 2, file: nil, user: "iPXE", more: [(67, Array(url.utf8))])
      $0.fetch("/boot.ipxe", 4002, bytes: 300, agent: "iPXE/1.21.1", begins: Array("#!ipxe".utf8))
      $0.noise(after: 30)
    },
    Situation("an authority that the firmware does not know", "PXL039") {
      leaseHTTP(&$0, "https://192.168.100.1/boot.efi")
      $0.connect(4001, to: 443)
      $0.accept(4001, to: 443)
      $0.greet(4001)
      $0.alert(2, 48, 4001, fromClient: true)
      $0.reset(4001, to: 443, byClient: true)
      $0.noise(after: 10)
    },
    Situation("HTTPS, and the capture has no TCP", "PXL039", near: "PXL022") {
      leaseHTTP(&$0, "https://192.168.100.1/boot.efi")
      $0.noise(after: 30)
    },
    Situation("HTTPS to its end in order", nil, near: "PXL039", "PXL038") {
      leaseHTTP(&$0, "https://192.168.100.1/boot.efi")
      $0.connect(4001, to: 443)
      $0.accept(4001, to: 443)
      $0.greet(4001)
      for _ in 0..<20 {
        $0.record(23, [UInt8](repeating: 5, count: 1200), 4001, fromClient: false)
      }
      $0.alert(1, 0, 4001, fromClient: true)
      $0.noise(after: 30)
    },
    Situation("HTTPS whose connection stays open", nil, near: "PXL038") {
      leaseHTTP(&$0, "https://192.168.100.1/boot.efi")
      $0.connect(4001, to: 443)
      $0.accept(4001, to: 443)
      $0.greet(4001)
      for _ in 0..<20 {
        $0.record(23, [UInt8](repeating: 5, count: 1200), 4001, fromClient: false)
      }
      $0.noise(after: 30)
    },
    Situation("the boot server's name does not exist", "PXL040") {
      leaseHTTP(&$0, "http://boot.example.net/boot.efi")
      $0.resolve("boot.example.net", 1, code: 3)
      $0.noise(after: 10)
    },
    Situation("the DNS server is silent", "PXL040") {
      leaseHTTP(&$0, "http://boot.example.net/boot.efi")
      for id in UInt16(1)...4 {
        $0.resolve("boot.example.net", id)
        $0.wait(2)
      }
    },
    Situation("the second question for the name is answered", nil, near: "PXL040") {
      leaseHTTP(&$0, "http://boot.example.net/boot.efi")
      $0.resolve("boot.example.net", 1)
      $0.wait(2)
      $0.resolve("boot.example.net", 2, code: 0, address: $0.server)
      $0.fetch("/boot.efi", 4001)
      $0.noise(after: 30)
    },
    Situation("nobody answers SOLICIT", "PXL041") {
      for second: Double in [1, 2, 4, 8] {
        $0.askV6(1)
        $0.wait(second)
      }
    },
    Situation("IPv6 is only what the firmware tries besides", nil, near: "PXL041") {
      for second: Double in [1, 2, 4] {
        $0.askV6(1)
        $0.wait(second)
      }
      $0.boot("hello.efi")
    },
    Situation("DHCPv6 without a boot file", "PXL024") {
      for transaction in UInt32(1)...3 {
        $0.askV6(1, transaction: transaction)
        $0.answerV6(2, transaction: transaction, url: nil)
        $0.wait(5)
      }
    },
    Situation("DHCPv6 gives a URL, and the capture ends", nil, near: "PXL024") {
      $0.askV6(1)
      $0.answerV6(2, url: "tftp://[fe80::1]/boot.efi")
      $0.askV6(3, transaction: 2)
      $0.answerV6(7, transaction: 2, url: "tftp://[fe80::1]/boot.efi")
    },
    Situation("the relay agent keeps the answer", "PXL045") {
      for _ in 0..<4 {
        $0.ask(1)
        $0.ask(1, relay: 0xc0a8_64fe)
        $0.answer(2, relay: 0xc0a8_64fe)
        $0.wait(4)
      }
    },
    Situation("the relay agent's second answer gets through", nil, near: "PXL045") {
      $0.ask(1)
      $0.ask(1, relay: 0xc0a8_64fe)
      $0.answer(2, relay: 0xc0a8_64fe)
      $0.wait(4)
      $0.ask(1)
      $0.ask(1, relay: 0xc0a8_64fe)
      $0.answer(2, relay: 0xc0a8_64fe)
      $0.answer(2)
      $0.ask(3, more: [(54, Scene.bytes(UInt64($0.server), 4))])
      $0.answer(5)
      $0.load("boot.efi", port: 2001)
    },
    Situation(
      "behind the relay agent only its own side is captured", Situation.unknown, near: "PXL045"
    ) {
      for _ in 0..<2 {
        $0.ask(1, relay: 0xc0a8_64fe)
        $0.answer(2, relay: 0xc0a8_64fe)
        $0.wait(1)
      }
    },
  ]

  /// Captures begun within a transfer.
  static let joining: [Situation] = [
    Situation("the capture begins within a transfer that arrives", nil, near: "PXL008") {
      for block in 500...540 {
        $0.data(block, block == 540 ? 100 : 512, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      $0.lease(xid: 2, file: "boot.ipxe", user: "iPXE")
      $0.load("boot.ipxe", port: 2002)
      $0.noise(after: 60)
    },
    Situation("the capture begins within a transfer that stops", "PXL008") {
      for block in 500...520 {
        $0.data(block, 512, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      for _ in 0..<5 {
        $0.wait(2)
        $0.acknowledge(520, port: 2001)
      }
      $0.noise(after: 4)
    },
    Situation("the capture begins within a transfer and has its client's side alone", nil) {
      $0.keepsServer = false
      for block in 500...540 {
        $0.data(block, 512, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      $0.noise(after: 60)
    },
    Situation("the capture begins within a transfer and has its server's side alone", nil) {
      $0.keepsClient = false
      for block in 500...540 {
        $0.data(block, block == 540 ? 100 : 512, port: 2001)
        $0.acknowledge(block, port: 2001)
      }
      $0.noise(after: 60)
    },
  ]
}
