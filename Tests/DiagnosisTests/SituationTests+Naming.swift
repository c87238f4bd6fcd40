import Addresses
import PXEWire

@testable import Diagnosis

/// How DHCP names what is to be booted, over IPv4.
extension SituationTests {
  private static let raspberryPi = "PXEClient:Arch:00000:UNDI:002001"

  /// A lease whose ACK names another boot file than its OFFER.
  private static func lease(
    _ scene: inout Scene, offered: String?, confirmed: String?, architecture: UInt16 = 7,
    vendor: String = Scene.pxe, answer: String? = nil
  ) {
    scene.ask(1, architecture: architecture, vendor: vendor)
    scene.answer(2, file: offered, vendor: answer)
    scene.ask(
      3, architecture: architecture, vendor: vendor, more: [Scene.identifier(scene.server)])
    scene.answer(5, file: confirmed, vendor: answer)
  }

  static let naming: [Situation] = [
    Situation(
      "the ACK leaves the boot file out", "PXL065", says: ["192.168.100.1", "boot.efi", "ACK"]
    ) {
      lease(&$0, offered: "boot.efi", confirmed: nil)
      $0.noise(after: 10)
    },
    Situation("the ACK leaves the URL out", "PXL065", says: ["http://192.168.100.1/boot.efi"]) {
      lease(
        &$0, offered: "http://192.168.100.1/boot.efi", confirmed: nil, architecture: 16,
        vendor: Scene.http, answer: "HTTPClient")
      $0.noise(after: 10)
    },
    Situation(
      "the ACK leaves the boot file out, and the client goes by the OFFER", nil, near: "PXL065"
    ) {
      lease(&$0, offered: "boot.efi", confirmed: nil)
      $0.arp($0.server)
      $0.load("boot.efi", port: 2001)
    },
    Situation("the capture ends with an ACK without a boot file", nil, near: "PXL065") {
      lease(&$0, offered: "boot.efi", confirmed: nil)
    },
    Situation("the ACK is one server's and the boot file a proxy's", nil, near: "PXL065") {
      let server = $0.server
      $0.ask(1)
      $0.answer(2, file: nil)
      $0.server = 0xc0a8_6402
      $0.answer(2, gives: nil, vendor: "PXEClient")
      $0.server = server
      $0.ask(3, more: [Scene.identifier(server)])
      $0.answer(5, file: nil)
      $0.server = 0xc0a8_6402
      $0.load("boot.efi", port: 2001)
    },
    Situation(
      "a file's name for HTTP boot", "PXL066", says: ["grub2/grubx64.efi", "192.168.100.1"]
    ) {
      $0.rounds(architecture: 16, vendor: Scene.http) {
        $0.answer(2, file: "grub2/grubx64.efi", vendor: "HTTPClient")
      }
    },
    Situation("a TFTP URL for HTTP boot", "PXL066", says: ["tftp://192.168.100.1/boot.efi"]) {
      $0.rounds(architecture: 19, vendor: "HTTPClient:Arch:00019:UNDI:003016") {
        $0.answer(2, file: "tftp://192.168.100.1/boot.efi", vendor: "HTTPClient")
      }
    },
    Situation(
      "a file's name for HTTP boot, without HTTPClient", "PXL021", says: ["boot.efi", "60"]
    ) {
      $0.rounds(architecture: 16, vendor: Scene.http) { $0.answer(2) }
    },
    Situation("a file's name and, from another server, a URL for HTTP boot", nil, near: "PXL066") {
      $0.ask(1, architecture: 16, vendor: Scene.http)
      $0.answer(2, file: "boot.efi", vendor: "HTTPClient")
      $0.server = 0xc0a8_6402
      leaseHTTP(&$0, "http://192.168.100.2/boot.efi")
      $0.fetch("/boot.efi", 4001)
    },
    Situation("a file's name for HTTP boot of a machine that PXE has booted", nil, near: "PXL066") {
      $0.ask(1, xid: 7, architecture: 16, vendor: Scene.http)
      $0.answer(2, xid: 7, vendor: "HTTPClient")
      $0.wait(8)
      $0.boot("boot.efi")
    },
    Situation("a URL with one slash", "PXL067", says: ["http:/192.168.100.1/boot.efi"]) {
      $0.rounds(architecture: 16, vendor: Scene.http) {
        $0.answer(2, file: "http:/192.168.100.1/boot.efi", vendor: "HTTPClient")
      }
    },
    Situation("a URL with an address that is none", "PXL067", says: ["192.168.100.256"]) {
      $0.lease(file: "http://192.168.100.256/boot.ipxe", user: "iPXE")
      $0.noise(after: 10)
    },
    Situation("a URL with a backslash", "PXL067", says: ["http://192.168.100.1\\boot.efi"]) {
      $0.lease(
        file: "http://192.168.100.1\\boot.efi", architecture: 16, vendor: Scene.http,
        answer: "HTTPClient")
      $0.noise(after: 10)
    },
    Situation("a path of Windows is no URL", nil, near: "PXL067") {
      $0.boot("boot\\x64\\wdsmgfw.efi")
    },
    Situation("a name and no DNS server", "PXL068", says: ["boot.example.net", "option 6"]) {
      $0.lease(
        file: "http://boot.example.net/boot.efi", architecture: 16, vendor: Scene.http,
        answer: "HTTPClient")
      $0.noise(after: 10)
    },
    Situation(
      "a name and no DNS server, for iPXE", "PXL068", says: ["boot.example.net", "option 6"]
    ) {
      $0.lease(file: "http://boot.example.net/menu.ipxe", user: "iPXE")
      $0.noise(after: 10)
    },
    Situation("a name and a DNS server", Situation.unknown, near: "PXL068") {
      $0.lease(
        file: "http://boot.example.net/menu.ipxe", user: "iPXE",
        more: [(6, [192, 168, 100, 1])])
      $0.noise(after: 2)
    },
    Situation("option 52 covers the file's name", "PXL074", says: ["ption 52", "boot.efi"]) {
      $0.rounds { $0.answer(2, more: [(52, [1])]) }
    },
    Situation(
      "option 52 covers the server's name", "PXL074", says: ["ption 52", "boot.example.net"]
    ) {
      $0.rounds {
        $0.reply(2, file: "", serverName: "boot.example.net", more: [(52, [2])])
      }
    },
    Situation("option 52 in the ACK alone", "PXL074", says: ["ption 52", "boot.efi"]) {
      $0.ask(1)
      $0.answer(2)
      $0.ask(3, more: [Scene.identifier($0.server)])
      $0.answer(5, more: [(52, [3])])
      $0.noise(after: 10)
    },
    Situation("options in the file field, as option 52 says", nil, near: "PXL074") {
      $0.ask(1)
      $0.answer(2, file: "\u{43}\u{8}boot.efi", more: [(52, [1])])
      $0.ask(3, more: [Scene.identifier($0.server)])
      $0.answer(5, file: "\u{43}\u{8}boot.efi", more: [(52, [1])])
      $0.load("boot.efi", port: 2001)
    },
    Situation("a Raspberry Pi without option 43", "PXL076", says: ["Raspberry Pi", "option 43"]) {
      for _ in 0..<5 {
        $0.ask(1, xid: 0x26f3_0339, architecture: 0, vendor: raspberryPi)
        $0.answer(2, xid: 0x26f3_0339, file: nil)
        $0.wait(3)
      }
    },
    Situation("a Raspberry Pi by its address, with a boot file", "PXL076", says: ["option 43"]) {
      $0.client = 0xdca6_3201_0203
      for _ in 0..<5 {
        $0.ask(1, architecture: 0, vendor: raspberryPi)
        $0.answer(2, file: "bootcode.bin")
        $0.wait(3)
      }
    },
    Situation("a Raspberry Pi 4 by its UUID", "PXL076", says: ["option 43"]) {
      let uuid: [UInt8] = [0] + Array("RPi4".utf8) + [UInt8](repeating: 7, count: 12)
      for _ in 0..<5 {
        $0.ask(1, architecture: 0, vendor: raspberryPi, more: [(97, uuid)])
        $0.answer(2, file: nil)
        $0.wait(3)
      }
    },
    Situation("a Raspberry Pi boots", nil, near: "PXL076") {
      let menu = Array("Raspberry Pi Boot".utf8)
      let option = [6, 1, 3, 10, 4, 0] + Array("PXE".utf8) + [9, UInt8(menu.count + 3), 0, 0]
      $0.client = 0xb827_eb01_0203
      $0.ask(1, xid: 0x26f3_0339, architecture: 0, vendor: raspberryPi)
      $0.answer(
        2, xid: 0x26f3_0339, file: nil, vendor: "PXEClient",
        more: [(43, option + [UInt8(menu.count)] + menu + [255])])
      $0.load("bootcode.bin", port: 2001)
      $0.load("start.elf", port: 2002)
    },
    Situation("a Raspberry Pi's system asks for an address", nil, near: "PXL076") {
      $0.client = 0xb827_eb01_0203
      $0.lease(file: nil, architecture: nil, vendor: "dhcpcd-9.4.1:Linux-6.1")
      $0.noise(after: 30)
    },
    Situation("a BIOS with the same vendor class is no Raspberry Pi", "PXL024") {
      $0.rounds(architecture: 0, vendor: raspberryPi) { $0.answer(2, file: nil) }
    },
  ]
}
