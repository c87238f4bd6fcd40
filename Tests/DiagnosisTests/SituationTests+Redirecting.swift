import Addresses
import PXEWire

@testable import Diagnosis

/// HTTP that leads elsewhere, ends early, or brings something else.
extension SituationTests {
  private static let page = Array("<!DOCTYPE html>\n<html><head><title>Sign in".utf8)

  /// A response that sends the client elsewhere.
  private static func redirect(
    _ scene: inout Scene, _ port: UInt16, _ status: String = "301 Moved Permanently",
    to location: String?
  ) {
    let field = location.map { "Location: \($0)\r\n" } ?? ""
    scene.say(
      Array("HTTP/1.1 \(status)\r\n\(field)Content-Length: 0\r\n\r\n".utf8), port, fromClient: false
    )
  }

  private static func open(_ scene: inout Scene, _ port: UInt16) {
    scene.connect(port)
    scene.accept(port)
  }

  /// iPXE gets its address and a script's URL.
  private static func leaseIPXE(_ scene: inout Scene) {
    scene.lease(file: "http://192.168.100.1/boot.ipxe", user: "iPXE")
    scene.arp(scene.server)
  }

  static let redirecting: [Situation] = [
    Situation("firmware does not follow a redirection", "PXL085") {
      leaseHTTP(&$0, "http://192.168.100.1/x//boot.efi")
      open(&$0, 4001)
      for method in ["HEAD", "GET"] {
        $0.ask(path: "/x//boot.efi", 4001, method: method)
        redirect(&$0, 4001, to: "/x/boot.efi")
      }
      $0.reset(4001, byClient: true)
      $0.noise(after: 20)
    },
    Situation("firmware does not follow a redirection and goes on", "PXL085") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      redirect(&$0, 4001, "307 Temporary Redirect", to: "http://192.168.100.2/boot.efi")
      for _ in 0..<3 {
        $0.wait(1)
        $0.askV6(1)
      }
    },
    Situation("iPXE is redirected to https", "PXL085") {
      leaseIPXE(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.ipxe", 4001, agent: "iPXE/1.21.1")
      redirect(&$0, 4001, "302 Found", to: "https://192.168.100.1/boot.ipxe")
      $0.close(4001, byClient: true)
      $0.noise(after: 20)
    },
    Situation("a redirection to nowhere", "PXL085") {
      leaseIPXE(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.ipxe", 4001, agent: "iPXE/1.21.1")
      redirect(&$0, 4001, "302 Found", to: nil)
      $0.noise(after: 20)
    },
    Situation("a redirection in a circle", "PXL085") {
      leaseIPXE(&$0)
      for round in UInt16(0)..<4 {
        open(&$0, 4001 + round)
        let (path, next) =
          round % 2 == 0 ? ("/boot.ipxe", "/b/boot.ipxe") : ("/b/boot.ipxe", "/boot.ipxe")
        $0.ask(path: path, 4001 + round, agent: "iPXE/1.21.1")
        redirect(&$0, 4001 + round, "302 Found", to: "http://192.168.100.1\(next)")
      }
      $0.noise(after: 20)
    },
    Situation("GRUB's kernel is redirected", "PXL085") {
      $0.boot()
      $0.load("grubx64.efi", port: 2002)
      open(&$0, 4001)
      $0.ask(path: "/vmlinuz", 4001, agent: "GRUB 2.06")
      redirect(&$0, 4001, to: "http://192.168.100.1/casper/vmlinuz")
      $0.noise(after: 20)
    },
    Situation("iPXE follows on the same server", nil, near: "PXL085") {
      leaseIPXE(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.ipxe", 4001, agent: "iPXE/1.21.1")
      redirect(&$0, 4001, "302 Found", to: "/new%20one/boot.ipxe")
      $0.fetch(
        "/new one/boot.ipxe".replacing(" ", with: "%20"), 4002, bytes: 300, agent: "iPXE/1.21.1",
        begins: Array("#!ipxe".utf8))
      $0.noise(after: 20)
    },
    Situation(
      "iPXE follows to another port, and the transfer goes on at the cut", Situation.unknown,
      near: "PXL085"
    ) {
      leaseIPXE(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.ipxe", 4001, agent: "iPXE/1.21.1")
      redirect(&$0, 4001, "302 Found", to: "http://192.168.100.1:8080/boot.ipxe")
      $0.connect(4002, to: 8080)
      $0.accept(4002, to: 8080)
      $0.noise(after: 4)
    },
    Situation("a redirection to https is followed", nil, near: "PXL085") {
      leaseIPXE(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.ipxe", 4001, agent: "iPXE/1.21.1")
      redirect(&$0, 4001, "302 Found", to: "https://192.168.100.1/boot.ipxe")
      $0.connect(4002, to: 443)
      $0.accept(4002, to: 443)
      $0.greet(4002)
      for _ in 0..<20 {
        $0.record(23, [UInt8](repeating: 5, count: 1200), 4002, fromClient: false)
      }
      $0.noise(after: 20)
    },
    Situation("a redirection, and the capture ends", Situation.unknown, near: "PXL085") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      redirect(&$0, 4001, to: "/new/boot.efi")
    },
    Situation(
      "a workstation's browser is redirected and finds nothing", nil, near: "PXL085", "PXL037"
    ) {
      $0.lease(file: nil, architecture: nil, vendor: "MSFT 5.0")
      for agent in ["Mozilla/5.0", ""] {
        open(&$0, agent.isEmpty ? 4002 : 4001)
        $0.ask(path: "/", agent.isEmpty ? 4002 : 4001, agent: agent)
        redirect(&$0, agent.isEmpty ? 4002 : 4001, to: "https://192.168.100.1/")
      }
      open(&$0, 4003)
      $0.ask(path: "/favicon.ico", 4003, agent: "")
      $0.respond(4003, status: "404 Not Found")
      $0.noise(after: 20)
    },
    Situation("the server closes before the body is whole", "PXL086") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 180_000, sends: 175_000)
      $0.close(4001)
      $0.reset(4001, byClient: true)
      $0.noise(after: 20)
    },
    Situation("the server resets before the body is whole", "PXL086") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 180_000, sends: 90_000)
      $0.reset(4001)
      $0.noise(after: 20)
    },
    Situation("the server keeps the last bytes back, until the client gives up", "PXL038") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 180_000, sends: 175_000)
      $0.wait(30)
      $0.reset(4001, byClient: true)
      $0.noise(after: 20)
    },
    Situation(
      "the capture lacks the last bytes, and the client starts the program", nil, near: "PXL038"
    ) {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 180_000, sends: 175_000)
      $0.wait(0.3)
      $0.reset(4001, byClient: true)
      $0.noise(after: 20)
    },
    Situation("iPXE's kernel is cut short", "PXL086") {
      leaseIPXE(&$0)
      $0.fetch("/boot.ipxe", 4001, bytes: 300, agent: "iPXE/1.21.1", begins: Array("#!ipxe".utf8))
      open(&$0, 4002)
      $0.ask(path: "/vmlinuz", 4002, agent: "iPXE/1.21.1")
      $0.respond(4002, length: 50_000, sends: 49_999)
      $0.close(4002)
      $0.noise(after: 20)
    },
    Situation("cut short at first, and whole then", nil, near: "PXL086") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 20_000, sends: 15_000)
      $0.close(4001)
      $0.fetch("/boot.efi", 4002)
      $0.noise(after: 5)
    },
    Situation("the server closes after the whole body", nil, near: "PXL086") {
      leaseHTTP(&$0)
      $0.fetch("/boot.efi", 4001)
      $0.close(4001)
      $0.noise(after: 5)
    },
    Situation("the server closes, and the capture lacks segments", nil, near: "PXL086") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 20_000, sends: 10_000)
      $0.keepsServer = false
      $0.keepsClient = false
      for _ in 0..<5 {
        $0.say([UInt8](repeating: 7, count: 2000), 4001, fromClient: false)
      }
      $0.keepsServer = true
      $0.keepsClient = true
      $0.close(4001)
      $0.noise(after: 5)
    },
    Situation("a body in chunks", nil, near: "PXL086", "PXL087") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001)
      $0.say(
        Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n".utf8)
          + Scene.program() + [UInt8](repeating: 7, count: 512 - Scene.program().count)
          + Array("\r\n0\r\n\r\n".utf8), 4001, fromClient: false)
      $0.close(4001)
      $0.noise(after: 5)
    },
    Situation("no length, and the firmware gives up", "PXL087") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      for method in ["HEAD", "GET"] {
        $0.ask(path: "/boot.efi", 4001, method: method)
        $0.say(
          Array("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n".utf8), 4001, fromClient: false)
      }
      $0.reset(4001, byClient: true)
      for _ in 0..<3 {
        $0.wait(1)
        $0.askV6(1)
      }
    },
    Situation("HEAD without a length, and nothing more", "PXL087") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001, method: "HEAD")
      $0.say(Array("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n".utf8), 4001, fromClient: false)
      $0.noise(after: 20)
    },
    Situation("HEAD without a length, and GET with one", nil, near: "PXL087") {
      leaseHTTP(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.efi", 4001, method: "HEAD")
      $0.say(Array("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n".utf8), 4001, fromClient: false)
      $0.ask(path: "/boot.efi", 4001)
      $0.respond(4001, length: 20000)
      $0.noise(after: 20)
    },
    Situation("no length for iPXE, which needs none", nil, near: "PXL087") {
      leaseIPXE(&$0)
      open(&$0, 4001)
      $0.ask(path: "/boot.ipxe", 4001, agent: "iPXE/1.21.1")
      $0.say(Array("HTTP/1.1 200 OK\r\n\r\n#!ipxe\nexit\n".utf8), 4001, fromClient: false)
      $0.close(4001)
      $0.noise(after: 20)
    },
    Situation("a page instead of a script", "PXL020") {
      leaseIPXE(&$0)
      $0.fetch("/boot.ipxe", 4001, bytes: 900, agent: "iPXE/1.21.1", begins: page)
      $0.noise(after: 20)
    },
    Situation("pages instead of kernel and initramfs", "PXL088") {
      leaseIPXE(&$0)
      $0.fetch("/boot.ipxe", 4001, bytes: 300, agent: "iPXE/1.21.1", begins: Array("#!ipxe".utf8))
      $0.fetch("/vmlinuz", 4002, bytes: 900, agent: "iPXE/1.21.1", begins: page)
      $0.fetch(
        "/initrd", 4003, bytes: 900, agent: "iPXE/1.21.1",
        begins: Array("\n<!-- generated -->\n<html lang=en>".utf8))
      $0.noise(after: 20)
    },
    Situation("a page at first, and the script then", nil, near: "PXL088") {
      $0.lease(file: "http://192.168.100.1/boot.ipxe", user: "iPXE")
      $0.fetch("/menu", 4001, bytes: 900, agent: "iPXE/1.21.1", begins: page)
      $0.fetch("/boot.ipxe", 4002, bytes: 300, agent: "iPXE/1.21.1", begins: Array("#!ipxe".utf8))
    },
    Situation("what the system loads is its own business", nil, near: "PXL037", "PXL088", "PXL086")
    {
      $0.boot("hello.efi")
      $0.wait(5)
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      for (index, agent) in ["", "UefiHttpBoot/1.0", "Cloud-Init/23.1", "Wget/1.21"].enumerated() {
        let port = UInt16(4001 + index)
        open(&$0, port)
        $0.ask(path: "/cfg/vendor-data", port, agent: agent)
        $0.respond(port, status: "404 Not Found")
      }
      $0.fetch("/index", 4010, bytes: 900, agent: "", begins: page)
      $0.noise(after: 20)
    },
  ]
}
