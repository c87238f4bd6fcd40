import Addresses
import PXEWire

@testable import Diagnosis

/// Boot servers on port 4011, and what Windows Deployment Services says.
extension SituationTests {
  /// The options of Windows Deployment Services for its boot program.
  private static func option250(
    action: UInt8, done: UInt8 = 0, message: String = ""
  ) -> (UInt8, [UInt8]) {
    let words = message.isEmpty ? [] : [6, UInt8(message.utf8.count)] + Array(message.utf8)
    return (250, [2, 1, action, 5, 4, 0, 0, 0, 7, 14, 1, done] + words + [255])
  }

  static let bootServing: [Situation] = [
    Situation(
      "the boot server names no file", "PXL069", says: ["192.168.100.2", "4011", "no boot file"]
    ) {
      for _ in 0..<2 {
        $0.server = 0xc0a8_6401
        $0.leaseBesideProxy()
        $0.answerFromBootServer(file: nil)
        $0.wait(20)
      }
    },
    Situation("the boot server does not say PXEClient", "PXL069", says: ["4011", "option 60"]) {
      $0.leaseBesideProxy()
      for _ in 0..<3 {
        $0.answerFromBootServer(file: "boot.efi", vendor: nil)
        $0.wait(4)
        $0.ask(3, xid: 2, port: 4011, to: 0xc0a8_6402)
      }
      $0.noise(after: 10)
    },
    Situation("the boot server names a file", nil, near: "PXL069") {
      $0.leaseBesideProxy()
      $0.answerFromBootServer(file: "boot.efi")
      $0.load("boot.efi", port: 2001)
    },
    Situation("the boot server names no file, and another one does", nil, near: "PXL069") {
      $0.leaseBesideProxy()
      $0.answerFromBootServer(file: nil)
      $0.wait(1)
      $0.ask(3, xid: 3, port: 4011, to: 0xc0a8_6403)
      $0.server = 0xc0a8_6403
      $0.answerFromBootServer(file: "boot.efi", xid: 3)
      $0.load("boot.efi", port: 2001)
    },
    Situation("the capture ends with a boot server's answer", nil, near: "PXL069") {
      $0.leaseBesideProxy()
      $0.answerFromBootServer(file: nil)
    },
    Situation(
      "abortpxe.com from the boot server", "PXL070", says: ["abortpxe.com", "192.168.100.2"]
    ) {
      let file = "smsboot\\x64\\abortpxe.com"
      $0.leaseBesideProxy()
      $0.answerFromBootServer(file: file)
      $0.load(file, port: 2001)
      $0.noise(after: 60)
    },
    Situation(
      "abortpxe.com from the DHCP server, after wdsnbp.com", "PXL070", says: ["abortpxe.com"]
    ) {
      $0.boot("boot\\x86\\wdsnbp.com", begins: [0xfa])
      $0.load("boot\\x86\\abortpxe.com", port: 2002, begins: [0xfa])
      $0.noise(after: 60)
    },
    Situation("option 250 says abort", "PXL070", says: ["end the network boot"]) {
      $0.boot("boot\\x86\\wdsnbp.com", begins: [0xfa])
      $0.ask(3, xid: 2, port: 4011, to: $0.server)
      $0.answerFromBootServer(file: nil, more: [option250(action: 5)])
      $0.noise(after: 30)
    },
    Situation(
      "option 250 says that approval is pending", "PXL070", says: ["approval", "request 7"]
    ) {
      $0.boot("boot\\x86\\wdsnbp.com", begins: [0xfa])
      for _ in 0..<4 {
        $0.ask(3, xid: 2, port: 4011, to: $0.server)
        $0.answerFromBootServer(
          file: nil, more: [option250(action: 1, message: "Call the help desk")])
        $0.wait(10)
      }
    },
    Situation("a message says that approval is pending", "PXL070", says: ["Pending approval"]) {
      $0.leaseBesideProxy()
      $0.answerFromBootServer(
        file: "boot\\x86\\wdsnbp.com", more: [(56, Array("Pending approval".utf8))])
      $0.load("boot\\x86\\wdsnbp.com", port: 2001, begins: [0xfa])
      $0.noise(after: 30)
    },
    Situation("option 43 says that approval is pending", "PXL070", says: ["Pending"]) {
      $0.leaseBesideProxy()
      let words: [UInt8] = Array("Pending request".utf8).flatMap { [$0, 0] }
      $0.answerFromBootServer(file: "boot\\x86\\wdsnbp.com", more: [(43, words)])
      $0.load("boot\\x86\\wdsnbp.com", port: 2001, begins: [0xfa])
      $0.noise(after: 30)
    },
    Situation("wdsnbp.com asks again and again", "PXL070", says: ["wdsnbp.com", "pending"]) {
      $0.boot("boot\\x86\\wdsnbp.com", begins: [0xfa])
      for _ in 0..<4 {
        $0.ask(3, xid: 2, port: 4011, to: $0.server)
        $0.answerFromBootServer(file: "boot\\x86\\wdsnbp.com")
        $0.wait(10)
      }
    },
    Situation("the machine is approved in the end", nil, near: "PXL070") {
      $0.boot("boot\\x86\\wdsnbp.com", begins: [0xfa])
      for _ in 0..<3 {
        $0.ask(3, xid: 2, port: 4011, to: $0.server)
        $0.answerFromBootServer(file: nil, more: [option250(action: 1)])
        $0.wait(10)
      }
      $0.ask(3, xid: 2, port: 4011, to: $0.server)
      $0.answerFromBootServer(
        file: "boot\\x86\\pxeboot.n12", more: [option250(action: 1, done: 1)])
      $0.load("boot\\x86\\pxeboot.n12", port: 2002, begins: [0xfa])
      $0.load("boot\\bcd", port: 2003)
    },
  ]
}
