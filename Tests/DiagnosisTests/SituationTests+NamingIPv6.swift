import Addresses
import PXEWire

@testable import Diagnosis

/// How DHCPv6 names what is to be booted, and whether it gives addresses.
extension SituationTests {
  private static let http = "HTTPClient:Arch:00016:UNDI:003016"
  private static let url = "tftp://[fd77::1]/boot.efi"

  /// A client solicits, and the server has no address; a router says who gives addresses.
  private static func refuse(
    _ scene: inout Scene, isManaged: Bool?, hasOther: Bool = true, vendor: String? = Scene.pxe
  ) {
    if let isManaged { scene.advertiseRouter(isManaged: isManaged, hasOther: hasOther) }
    for second in [1.0, 2, 4, 8] {
      scene.askV6(1, vendor: vendor)
      scene.answerV6(2, url: nil, hasAddress: false)
      scene.wait(second)
    }
  }

  static let namingV6: [Situation] = [
    Situation(
      "the REPLY leaves the URL out", "PXL065", says: ["tftp://[fd77::1]/boot.efi", "REPLY"]
    ) {
      $0.leaseV6(url: url, confirms: .some(nil))
      $0.noise(after: 10)
    },
    Situation("a lease without a URL before the one with it", Situation.unknown, near: "PXL065") {
      $0.askV6(1, transaction: 11, vendor: nil)
      $0.answerV6(2, transaction: 11, url: nil)
      $0.askV6(3, transaction: 12, vendor: nil)
      $0.answerV6(7, transaction: 12, url: nil)
      $0.leaseV6(url: url)
      $0.noise(after: 2)
    },
    Situation(
      "an address without brackets", "PXL067", says: ["tftp://[fd77::1]/boot.efi", "brackets"]
    ) {
      $0.leaseV6(url: "tftp://fd77::1/boot.efi")
      $0.noise(after: 10)
    },
    Situation("an address without brackets, and IPv4 is not served", "PXL067", says: ["brackets"]) {
      $0.leaseV6(url: "tftp://fd77::1/boot.efi")
      for second in [4.0, 8, 16] {
        $0.ask(1)
        $0.wait(second)
      }
    },
    Situation("a bracket that is not closed", "PXL067", says: ["tftp://[fd77::1/boot.efi"]) {
      $0.leaseV6(url: "tftp://[fd77::1/boot.efi")
      $0.noise(after: 10)
    },
    Situation("brackets around what is no address", "PXL067", says: ["fd77:::1"]) {
      $0.leaseV6(url: "tftp://[fd77:::1]/boot.efi")
      $0.noise(after: 10)
    },
    Situation("a URL without a file", "PXL067", says: ["tftp://[fd77::1]", "no file"]) {
      $0.leaseV6(url: "tftp://[fd77::1]/")
      $0.noise(after: 10)
    },
    Situation("a URL without a host", "PXL067", says: ["tftp:///boot.efi", "no host"]) {
      $0.leaseV6(url: "tftp:///boot.efi")
      $0.noise(after: 10)
    },
    Situation("a file's name in option 59", "PXL067", says: ["boot.efi", "option 59"]) {
      $0.leaseV6(url: "boot.efi")
      $0.noise(after: 10)
    },
    Situation("an IPv4 address for a client over IPv6", "PXL067", says: ["192.168.100.1", "IPv4"]) {
      $0.leaseV6(url: "tftp://192.168.100.1/boot.efi")
      $0.noise(after: 10)
    },
    Situation("a URL without a scheme", "PXL067", says: ["[fd77::1]/boot.efi", "option 59"]) {
      $0.leaseV6(url: "//[fd77::1]/boot.efi")
      $0.noise(after: 10)
    },
    Situation("a URL without a colon", "PXL067", says: ["tftp//[fd77::1]/boot.efi"]) {
      $0.leaseV6(url: "tftp//[fd77::1]/boot.efi")
      $0.noise(after: 10)
    },
    Situation("a port that is none", "PXL067", says: ["port 66000"]) {
      $0.leaseV6(url: "http://[fd77::1]:66000/boot.efi", vendor: http, architecture: 16)
      $0.noise(after: 10)
    },
    Situation("a URL that is as it should be, and the capture ends", nil, near: "PXL067") {
      $0.leaseV6(url: url)
      $0.wait(1)
    },
    Situation(
      "a name and no DNS server over IPv6", "PXL068", says: ["boot.example.net", "option 23"]
    ) {
      $0.leaseV6(url: "tftp://boot.example.net/boot.efi")
      $0.noise(after: 10)
    },
    Situation("a name and a DNS server over IPv6", Situation.unknown, near: "PXL068") {
      let server: [UInt8] = [0xfd, 0x77] + [UInt8](repeating: 0, count: 13) + [1]
      $0.leaseV6(url: "tftp://boot.example.net/boot.efi", more: [(23, server)])
      $0.noise(after: 10)
    },
    Situation("a file's name for HTTP boot over IPv6", "PXL066", says: ["grub/grubx64.efi"]) {
      $0.leaseV6(url: "grub/grubx64.efi", vendor: http, architecture: 16)
      $0.noise(after: 10)
    },
    Situation("a TFTP URL for HTTP boot over IPv6", "PXL066", says: ["tftp://[fd77::1]/boot.efi"]) {
      $0.leaseV6(url: url, vendor: http, architecture: 16)
      $0.noise(after: 10)
    },
    Situation("an HTTP URL for PXE over IPv6", "PXL022", says: ["http://[fd77::1]/boot.efi"]) {
      $0.leaseV6(url: "http://[fd77::1]/boot.efi")
      $0.noise(after: 10)
    },
    Situation("an HTTP URL for HTTP boot over IPv6", nil, near: "PXL022", "PXL066") {
      $0.leaseV6(url: "http://[fd77::1]/boot.efi", vendor: http, architecture: 16)
      $0.wait(1)
    },
    Situation("DHCPv6 is stateless", "PXL075", says: ["stateless", "M=0", "O=1"]) {
      refuse(&$0, isManaged: false)
    },
    Situation(
      "DHCPv6 is stateless, and no advertisement was captured", "PXL075", says: ["stateless"]
    ) {
      $0.askV6(11, transaction: 5)
      $0.answerV6(7, transaction: 5, url: nil, hasAddress: false, status: false)
      refuse(&$0, isManaged: nil)
    },
    Situation("DHCPv6 answers no SOLICIT, for it is stateless", "PXL075", says: ["M=0"]) {
      $0.advertiseRouter(isManaged: false, hasOther: true)
      $0.askV6(11, transaction: 5, vendor: nil)
      $0.answerV6(7, transaction: 5, url: nil, hasAddress: false, status: false)
      for second in [1.0, 2, 4, 8] {
        $0.askV6(1)
        $0.wait(second)
      }
    },
    Situation("DHCPv6 is stateless, and IPv4 names no boot file", "PXL024", near: "PXL075") {
      $0.rounds { $0.answer(2, file: nil) }
      refuse(&$0, isManaged: false)
    },
    Situation("the pool is empty where DHCPv6 gives addresses", "PXL027", near: "PXL075") {
      refuse(&$0, isManaged: true)
    },
    Situation("the pool is empty and others have addresses", "PXL027", near: "PXL075") {
      $0.client = 0xde00_0000_0001
      $0.leaseV6(url: url)
      $0.client = 0xde00_0000_00de
      refuse(&$0, isManaged: false)
    },
    Situation("a system on a stateless network", nil, near: "PXL075", "PXL027") {
      refuse(&$0, isManaged: false, vendor: nil)
    },
    Situation("a host that works over IPv4 solicits in vain", nil, near: "PXL041") {
      $0.connect(4001, to: 445)
      $0.accept(4001, to: 445)
      for second in [1.0, 2, 4, 8] {
        $0.askV6(1, vendor: nil)
        $0.wait(second)
      }
      $0.noise(after: 60)
    },
    Situation("a host solicits where no router tells it to", nil, near: "PXL041") {
      for second in [1.0, 2, 4, 8] {
        $0.askV6(1, vendor: nil)
        $0.wait(second)
      }
    },
    Situation("a router says that there is no DHCPv6", "PXL041", says: ["M=0", "O=0"]) {
      $0.advertiseRouter(isManaged: false, hasOther: false)
      for second in [1.0, 2, 4, 8] {
        $0.askV6(1)
        $0.wait(second)
      }
    },
    Situation("a system is told to solicit, and nobody answers", "PXL041") {
      $0.advertiseRouter(isManaged: true, hasOther: true)
      for second in [1.0, 2, 4, 8] {
        $0.askV6(1, vendor: nil)
        $0.wait(second)
      }
    },
  ]
}
